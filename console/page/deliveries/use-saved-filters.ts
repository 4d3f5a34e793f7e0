import { useMemo } from 'react';
import { useKept } from '../parts/kept.ts';
import { type SavedFilter, savedFilters } from './saved-filters.ts';

const KEY = 'hookline-filters';

interface SavedFilters {
  readonly filters: readonly SavedFilter[];
  /** A filter of the same name is replaced. */
  readonly save: (filter: SavedFilter) => void;
  readonly remove: (name: string) => void;
}

/** The filters that this browser keeps. */
export function useSavedFilters(): SavedFilters {
  const [text, keep] = useKept(KEY);
  return useMemo(() => {
    const filters = savedFilters(text);
    const write = (all: readonly SavedFilter[]): void => keep(all.length > 0 ? JSON.stringify(all) : null);
    const without = (name: string) => filters.filter((filter) => filter.name !== name);
    return {
      filters,
      save: (filter) => write([...without(filter.name), filter]),
      remove: (name) => write(without(name)),
    };
  }, [text, keep]);
}
