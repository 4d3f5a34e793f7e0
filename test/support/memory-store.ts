import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection, Key, Range, Store } from '../../local/core/store.ts';

type Parts = readonly (string | number)[];

interface Entry<T> {
  readonly key: Key;
  readonly parts: Parts;
  value: T;
}

/**
 * A store that keeps nothing on disk but what its services put into `folder`: for thousands of short runs, which need no state
 * afterwards. Values are handed out as they were put: nobody may change one.
 */
export function memoryStore(directory: string): Store {
  const collections = new Map<string, Collection<unknown>>();
  return {
    collection: <T>(name: string) => {
      const held = collections.get(name) ?? collection<unknown>();
      collections.set(name, held);
      return held as Collection<T>;
    },
    transaction: async (work) => work(),
    folder: (...parts) => {
      const path = join(directory, ...parts);
      mkdirSync(path, { recursive: true });
      return path;
    },
    close: async () => {},
  };
}

function collection<T>(): Collection<T> {
  const entries: Entry<T>[] = [];
  const find = (key: Key): [index: number, entry: Entry<T> | undefined] => {
    const index = placeOf(entries, partsOf(key));
    const entry = entries[index];
    return [index, entry && compare(entry.parts, partsOf(key)) === 0 ? entry : undefined];
  };
  return {
    get: (key) => find(key)[1]?.value,
    put: async (key, value) => {
      const [index, held] = find(key);
      if (held) held.value = value;
      else entries.splice(index, 0, { key, parts: partsOf(key), value });
    },
    remove: async (key) => {
      const [index, held] = find(key);
      if (held) entries.splice(index, 1);
    },
    entries: (range = {}) => between(entries, range),
    under: (prefix, { after, ...range } = {}) => {
      const first = placeOf(entries, after ? [...prefix, ...after] : prefix);
      const last = entries.findIndex(({ parts }, index) => index >= first && !beginsWith(parts, prefix));
      const found = entries
        .slice(first, last < 0 ? entries.length : last)
        .filter(({ parts }) => !after || compare(parts, [...prefix, ...after]) > 0);
      return directed(found, range);
    },
  };
}

function between<T>(entries: readonly Entry<T>[], { start, end, ...range }: Range): Entry<T>[] {
  // Backwards, a range begins with its highest key.
  const [low, high] = range.reverse ? [end, start] : [start, end];
  const from = low === undefined ? 0 : placeOf(entries, partsOf(low));
  const to = high === undefined ? entries.length : placeOf(entries, partsOf(high));
  return directed(entries.slice(from, to), range);
}

const directed = <T>(found: Entry<T>[], { reverse, limit }: Pick<Range, 'reverse' | 'limit'>): Entry<T>[] =>
  (reverse ? found.reverse() : found).slice(0, limit);

const partsOf = (key: Key): Parts => (typeof key === 'string' ? [key] : key);

const beginsWith = (parts: Parts, prefix: Parts): boolean =>
  prefix.every((part, index) => parts[index] === part);

/** Where a key stands, or would stand. */
function placeOf(entries: readonly { readonly parts: Parts }[], parts: Parts): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(entries[middle]?.parts ?? [], parts) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Part by part, numbers before strings, as LMDB has them. */
function compare(one: Parts, other: Parts): number {
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    if (a === b) continue;
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return one.length - other.length;
}
