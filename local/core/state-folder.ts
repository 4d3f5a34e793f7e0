import { isAlive, startOf } from './process.ts';
import { openStore, type Store } from './store.ts';

/** The process that has a state folder. */
export interface Holder {
  readonly pid: number;
  /** when it began; its number alone may be another's by now */
  readonly since: string;
}

const KEY = 'holder';

/**
 * Takes the state folder for this process. The store's transactions exclude each other between processes too, so that
 * of several that start at once, or find one that was killed, a single one has it.
 * @returns what gives it back
 * @throws when a living process holds it
 */
export async function holdFolder(store: Store, directory: string): Promise<() => Promise<void>> {
  const holders = store.collection<Holder>('runtime');
  const own: Holder = { pid: process.pid, since: startOf(process.pid) };
  const other = await store.transaction(() => {
    const holder = holders.get(KEY);
    if (holder && isAlive(holder.pid, holder.since)) return holder;
    holders.put(KEY, own);
    return undefined;
  });
  if (other)
    throw new Error(
      `${directory} is in use by process ${other.pid}: stop it, or choose another folder with --data`,
    );
  return () => holders.remove(KEY);
}

/** Opens the store of a state folder, for this process alone. @throws when a living process holds it */
export async function takeFolder(
  directory: string,
): Promise<{ readonly store: Store; readonly release: () => Promise<void> }> {
  const store = openStore(directory);
  try {
    return { store, release: await holdFolder(store, directory) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
