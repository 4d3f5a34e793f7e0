import '../../core/with-resolvers.ts';
import type { Range, Write } from 'dynalite/db/index.js';
import type { Store } from '../../core/store.ts';
import { moveIn } from './move-in.ts';
import { rowsOf } from './rows.ts';

/** The items, index rows and definitions of every table, in one ordered keyspace. */
export interface Disk {
  get(key: string): Promise<unknown>;
  /** all of these land together or not at all; resolved means on disk */
  write(writes: readonly Write[]): Promise<void>;
  keys(range: Range): AsyncIterable<string>;
  values(range: Range): AsyncIterable<unknown>;
  /** a lock on a key: `ready` resolves when the caller has the lock, and `free` gives it back; a second `free` does nothing */
  lock(key: string): { readonly ready: Promise<void>; free(): void };
}

/** The tables in the store, with what an earlier version has left in a folder of its own. */
export function openDisk(store: Store): Disk {
  const rows = rowsOf(store);
  const ready = moveIn(store, rows);
  // The first call fails with it.
  ready.catch(() => undefined);
  const locks = new Map<string, Promise<void>>();
  return {
    get: async (key) => {
      await ready;
      const json = rows.get(key);
      return json === undefined ? undefined : JSON.parse(json);
    },
    write: async (writes) => {
      await ready;
      await rows.write(writes);
    },
    keys: async function* (range) {
      await ready;
      for (const { key } of rows.entries(range)) yield key;
    },
    values: async function* (range) {
      await ready;
      for (const { json } of rows.entries(range)) yield JSON.parse(json);
    },
    lock: (key) => lock(locks, key),
  };
}

function lock(locks: Map<string, Promise<void>>, key: string): ReturnType<Disk['lock']> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ready = locks.get(key) ?? Promise.resolve();
  const last = ready.then(() => promise);
  locks.set(key, last);
  void last.then(() => {
    if (locks.get(key) === last) locks.delete(key);
  });
  return { ready, free: resolve };
}

// Above every character of a key: dynalite's keys are hexadecimal digits, `/` and `~`.
const ABOVE = '\u00ff';

export const tableKey = (table: string): string => `table~${table}`;
export const itemSpace = (table: string): string => `item-${table}~`;
export const indexSpace = (scope: string, table: string, index: string): string =>
  `index-${scope.toLowerCase()}~${table}~${index}~`;

/** A range inside the keys that begin with `space`. */
export function within(space: string, range: Range = {}): Range {
  const { gt, gte, lt, lte, ...rest } = range;
  const lower = gt ? { gt: space + gt } : { gte: space + (gte ?? '') };
  const upper = lte ? { lte: space + lte } : { lt: space + (lt ?? ABOVE) };
  return { ...rest, ...lower, ...upper };
}
