import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { AwsError } from './aws-error.ts';
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

/**
 * One ordered table of JSON-like values. Reads see every write at once; a write's promise means: on disk. Nothing stands at
 * a key of more than 1,978 bytes, nor in a range that begins at one, and a write to one fails with ValidationException.
 */
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
  /**
   * Writes inside land together, whenever the process is killed. The callback must not wait. Where it throws, what it wrote
   * before lands all the same: it throws before its first write. LMDB could take that back, and each transaction would cost
   * a fifth more.
   */
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
  const writeAlone = async (begin: () => Promise<unknown>): Promise<void> => {
    await written(directory, begun(begin));
  };
  const write = (begin: () => Promise<unknown>): Promise<void> => {
    if (!inTransaction) return writeAlone(begin);
    // Nobody waits for it: what cannot begin throws, and the transaction around it fails, which is awaited.
    begun(begin);
    return Promise.resolve();
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
      return readable(
        path,
        () => database.get(key),
        () => undefined,
      );
    },
    put: (key, value) => write(() => db().put(key, value)),
    remove: (key) => write(() => db().remove(key)),
    entries: (range = {}) => entriesOf(db(), range, path),
    under: (prefix, range = {}) => entriesOf(db(), within(prefix, range), path),
  };
}

// What LMDB, and how it writes keys, say of a key that is too long: to measure each key would cost every read and write.
const TOO_LONG = /max(imum)? key size|does not fit in target buffer/;

const isTooLong = (cause: unknown): boolean => cause instanceof Error && TOO_LONG.test(cause.message);

/** @throws ValidationException for a key that is too long, as whoever calls the runtime has given it */
function begun<R>(write: () => R): R {
  try {
    return write();
  } catch (cause) {
    if (!isTooLong(cause)) throw cause;
    throw new AwsError(
      'ValidationException',
      'a name, token or id is too long to be kept: give a shorter one',
    );
  }
}

/**
 * @param nothing what is read at a key that is too long
 * @throws with the file's name where what it holds is no value
 */
function readable<R>(path: string, read: () => R, nothing: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (isTooLong(cause)) return nothing();
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw damaged(path, `a value cannot be read: ${reason}`, cause);
  }
}

const END = { done: true, value: undefined } as const;
const NOTHING: Iterator<never> = { next: () => END };

function entriesOf<T>(
  database: Database<T, Key>,
  range: object,
  path: string,
): Iterable<{ key: Key; value: T }> {
  const found = database.getRange(range) as Iterable<{ key: Key; value: T }>;
  return {
    [Symbol.iterator]: () => {
      const entries = readable(
        path,
        () => found[Symbol.iterator](),
        () => NOTHING,
      );
      // Its cursor holds all pages of that moment until it is given back.
      const ended = (): typeof END => {
        entries.return?.();
        return END;
      };
      return {
        next: () => readable(path, () => entries.next(), ended),
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
