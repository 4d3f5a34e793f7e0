import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { begun, type Collection, collection, type Key, type Write } from './collection.ts';
import { isOfCommit, notWritten, StateNotWritten } from './not-written.ts';
import { checkStateFile, damaged } from './state-file.ts';

export type { Collection, Key, Range } from './collection.ts';

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
  const writeAlone: Write = async (begin) => {
    await written(directory, begun(begin));
  };
  const write: Write = (begin) => {
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
