import '../../core/with-resolvers.ts';
import db, { type Level, type Range, type Write } from 'dynalite/db/index.js';

/** The items, index rows and definitions of every table, in one ordered keyspace. */
export interface Disk {
  get(key: string): Promise<unknown>;
  /** all of these land together or not at all; resolved means on disk */
  write(writes: readonly Write[]): Promise<void>;
  keys(range: Range): AsyncIterable<string>;
  values(range: Range): AsyncIterable<unknown>;
  /** a lock on a key: `ready` resolves when the caller has the lock, and `free` gives it back; a second `free` does nothing */
  lock(key: string): { readonly ready: Promise<void>; free(): void };
  close(): Promise<void>;
}

/** Opens the folder; a failure to do so is the failure of the first call. */
export function openDisk(path: string): Disk {
  const level = db.create({ path }).db;
  // dynalite's own `batch` drops its options, `sync` among them, so this is the one below it.
  const { batch } = Object.getPrototypeOf(level) as Level;
  const locks = new Map<string, Promise<void>>();
  return {
    get: async (key) => {
      await level.open();
      return level.get(key);
    },
    write: async (writes) => {
      await level.open();
      await batch.call(level, writes, { sync: true });
    },
    keys: (range) => level.keys(range),
    values: (range) => level.values(range),
    lock: (key) => lock(locks, key),
    close: () => level.close(),
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
