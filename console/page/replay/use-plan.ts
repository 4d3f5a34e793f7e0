import { useState } from 'react';
import { type Preset, type Range, rangeOf, widened } from './time.ts';

/** The span that is chosen, and the one that the histogram shows. */
export interface Plan {
  readonly view: Range;
  readonly selection: Range;
  /** the preset that both are of; undefined once the selection is another */
  readonly preset: Preset | undefined;
  readonly show: (preset: Preset, since: number) => void;
  readonly select: (selection: Range) => void;
}

export function usePlan(range: Range, first: Preset): Plan {
  const [{ view, selection, preset }, set] = useState({
    view: range,
    selection: range,
    preset: first as Preset | undefined,
  });
  return {
    view,
    selection,
    preset,
    show: (chosen, since) => {
      const wanted = rangeOf(chosen, since);
      set({ view: wanted, selection: wanted, preset: chosen });
    },
    select: (wanted) =>
      set((previous) => ({ view: widened(previous.view, wanted), selection: wanted, preset: undefined })),
  };
}
