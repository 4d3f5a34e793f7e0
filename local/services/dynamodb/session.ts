import { Readable } from 'node:stream';
import type { Callback, Store, SubDb, Write } from 'dynalite/db/index.js';
import { type Disk, indexSpace, itemSpace, within } from './disk.ts';
import { tableOf } from './table.ts';

/** One call's view of the tables, in the shape that dynalite's actions take. */
export interface Session extends Store {
  /** the item that the call last read under a lock: for a refused condition, the item it was held against */
  lastRead(): unknown;
  /** how many rows of indexes the call has written; a row that is deleted and put again counts once */
  indexWrites(): number;
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
export const LIMITS = { maxItemSize: 400 * 1024 };

/**
 * Makes the view for one call.
 * @param failed called with an exception inside the action, after which dynalite calls nobody back
 */
export function session(disk: Disk, failed: (error: unknown) => void): Session {
  const heldLocks: (() => void)[] = [];
  // Rows of the indexes wait for their item: an action hands over all of them, then the item.
  const rows: Write[] = [];
  const indexed = new Set<string>();
  let lastRead: unknown;
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      for (const free of heldLocks) free();
      failed(error);
    }
  };
  const answer = (work: Promise<unknown>, callback: Callback): void =>
    void work.then(
      (value) => guarded(() => callback(null, value)),
      (error: unknown) => guarded(() => callback(error)),
    );
  const writeWithRows = (write: Write, callback: Callback) =>
    answer(disk.write([...rows.splice(0), write]), callback);
  const read = async (key: string) => {
    lastRead = await disk.get(key);
    return lastRead;
  };
  const lock: SubDb['lock'] = (key, work) => {
    const { ready, free } = disk.lock(key);
    heldLocks.push(free);
    const release = (callback: Callback) => (error: unknown, value?: unknown) => {
      free();
      callback(error, value);
    };
    void ready.then(() => guarded(() => work(release)));
  };
  const subDb = (space: string, write: (write: Write, callback: Callback) => void): SubDb => ({
    get: (key, callback) => answer(read(space + key), callback),
    put: (key, value, callback) => write({ type: 'put', key: space + key, value }, callback),
    del: (key, callback) => write({ type: 'del', key: space + key }, callback),
    createValueStream: (range) => Readable.from(disk.values(within(space, range))),
    lock: (key, work) => lock(space + key, work),
  });
  // dynalite writes every row at each change of its item; DynamoDB writes, and counts, those that are others afterwards.
  const keepRow = (write: Write, callback: Callback): void => {
    const keep = async (): Promise<void> => {
      const held = write.type === 'put' ? await disk.get(write.key) : undefined;
      if (write.type === 'put' && JSON.stringify(held) === JSON.stringify(write.value)) return;
      rows.push(write);
      indexed.add(write.key);
    };
    answer(keep(), callback);
  };
  return {
    options: LIMITS,
    getTable: (name, checkStatus, callback = checkStatus as Callback) =>
      answer(tableOf(disk, name), callback),
    getItemDb: (table) => subDb(itemSpace(table), writeWithRows),
    getIndexDb: (scope, table, index) => subDb(indexSpace(scope, table, index), keepRow),
    lastRead: () => lastRead,
    indexWrites: () => indexed.size,
  };
}
