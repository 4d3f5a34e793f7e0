import type { Database } from 'lmdb';
import { AwsError } from './aws-error.ts';
import { damaged } from './state-file.ts';

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

// Sorts after every string and number that can follow the prefix in an array key.
const AFTER_ALL = '\u{10ffff}';

/** Carries out a write, by itself or as a part of the transaction around it. */
export type Write = (begin: () => Promise<unknown>) => Promise<void>;

/** @param path of the state file, for messages */
export function collection<T>(db: () => Database<T, Key>, write: Write, path: string): Collection<T> {
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
export function begun<R>(write: () => R): R {
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
