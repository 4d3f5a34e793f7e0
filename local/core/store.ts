import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { isOfCommit, notWritten, StateNotWritten } from './not-written.ts';
import { checkStateFile, damaged } from './state-file.ts';

export type Key = string | (string | number)[];

export interface Range {
  /** inclusive */
  readonly start?: Key;
  /** exclusive */
  readonly end?: Key;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface Under extends Pick<Range, 'reverse' | 'limit'> {
  /** only what follows the key with these parts behind the prefix, whether it is there or not */
  readonly after?: (string | number)[] | undefined;
}

/** One ordered table of JSON-like values. Reads see every write at once; a write's promise means: on disk. */
export interface Collection<T> {
  get(key: Key): T | undefined;
  put(key: Key, value: T): Promise<void>;
  remove(key: Key): Promise<void>;
  entries(range?: Range): Iterable<{ key: Key; value: T }>;
  /** the entries whose array key begins with these parts */
  under(prefix: (string | number)[], range?: Under): Iterable<{ key: Key; value: T }>;
}

/** The runtime's state: one LMDB file and a folder for what is too large for it. */
export interface Store {
  collection<T>(name: string): Collection<T>;
  /** writes inside land together or not at all; the callback must not wait */
  transaction<R>(work: () => R): Promise<R>;
  /** an existing folder below the state folder, for files and child processes */
  folder(...parts: string[]): string;
  close(): Promise<void>;
}

// Sorts after every string and number that can follow the prefix in an array key.
const AFTER_ALL = '\u{10ffff}';

async function written<T>(directory: string, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!isOfCommit(cause)) throw cause;
    // LMDB's promise of the reason fails as well, and nobody else waits for it.
    if (cause.commitError instanceof Promise) cause.commitError.catch(() => undefined);
    throw new StateNotWritten(notWritten(directory), { cause });
  }
}

// Addresses, and neither memory nor disk: each time that a file outgrows them, all of it is mapped anew, beside the former map.
const MAP_BYTES = 2 ** 34;

function opened(path: string): RootDatabase {
  try {
    // overlappingSync off: the promise of a write then means fsync'ed, which the 202 of a webhook relies on.
    return open({ path, maxDbs: 64, overlappingSync: false, mapSize: MAP_BYTES });
  } catch (cause) {
    if (!(cause instanceof Error && /^MDB_/.test(cause.message))) throw cause;
    throw damaged(path, cause.message, cause);
  }
}

/** Opens the state folder, made if it is not there. */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // An earlier folder may be readable for everybody: the store holds secrets and access keys.
  chmodSync(directory, 0o700);
  const path = join(directory, 'state.lmdb');
  checkStateFile(path);
  const root = opened(path);
  for (const file of [path, `${path}-lock`]) chmodSync(file, 0o600);
  let isOpen = true;
  let inTransaction = false;
  // A read of a closing LMDB ends the whole process: a late reader gets an error instead. Work that began before the
  // close goes to its end.
  const whileOpen = <D>(database: D): D => {
    if (isOpen || inTransaction) return database;
    throw new Error(`the state folder ${directory} is closed`);
  };
  const transaction = <R>(work: () => R): Promise<R> =>
    written(
      directory,
      whileOpen(root).transaction(() => {
        inTransaction = true;
        try {
          return work();
        } finally {
          inTransaction = false;
        }
      }),
    );
  const write = (begin: () => Promise<unknown>): Promise<void> => {
    const done = written(directory, begin()).then(() => undefined);
    // The transaction around it fails too, and is awaited.
    if (inTransaction) done.catch(() => undefined);
    return done;
  };
  return {
    collection: <T>(name: string) => {
      const db = whileOpen(root).openDB<T, Key>({ name });
      return collection(() => whileOpen(db), write, path);
    },
    transaction,
    folder: (...parts) => folder(directory, parts),
    close: () => {
      isOpen = false;
      return closed(root);
    },
  };
}

type Write = (begin: () => Promise<unknown>) => Promise<void>;

function collection<T>(db: () => Database<T, Key>, write: Write, path: string): Collection<T> {
  return {
    get: (key) => {
      const database = db();
      return readable(path, () => database.get(key));
    },
    put: async (key, value) => write(() => db().put(key, value)),
    remove: async (key) => write(() => db().remove(key)),
    entries: (range = {}) => entriesOf(db(), range, path),
    under: (prefix, range = {}) => entriesOf(db(), within(prefix, range), path),
  };
}

/** @throws with the file's name where what it holds is no value */
function readable<R>(path: string, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw damaged(path, `a value cannot be read: ${reason}`, cause);
  }
}

function entriesOf<T>(
  database: Database<T, Key>,
  range: object,
  path: string,
): Iterable<{ key: Key; value: T }> {
  const found = database.getRange(range) as Iterable<{ key: Key; value: T }>;
  return {
    [Symbol.iterator]: () => {
      const entries = readable(path, () => found[Symbol.iterator]());
      return {
        next: () => readable(path, () => entries.next()),
        return: (value) => entries.return?.(value) ?? { done: true, value },
      };
    },
  };
}

function within(prefix: (string | number)[], { after, ...range }: Under): object {
  const [first, last] = [[...prefix], [...prefix, AFTER_ALL]];
  const [from, end] = range.reverse ? [last, first] : [first, last];
  return { ...range, start: after ? [...prefix, ...after] : from, exclusiveStart: after !== undefined, end };
}

function folder(directory: string, parts: string[]): string {
  const path = join(directory, ...parts);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

async function closed(root: RootDatabase): Promise<void> {
  try {
    await root.flushed;
    await root.close();
  } catch (error) {
    // Whoever wrote what could not be written has been told.
    if (!isOfCommit(error)) throw error;
  }
}
