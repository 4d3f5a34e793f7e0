import { isAlive, startOf } from './process.ts';
import { openStore, type Store } from './store.ts';

/** The process that has a state folder. */
export interface Holder {
  readonly pid: number;
  /** when the process began: its number alone may be another process's by now */
  readonly since: string;
}

const KEY = 'holder';

/**
 * Takes the state folder for this process. The store's transactions exclude each other between processes too, so that
 * of several that start at once, or find one that was killed, a single one has it.
 * @param hint how whoever reads the error chooses another folder, for example `with --data`
 * @returns what gives it back
 * @throws when a living process holds it
 */
export async function holdFolder(
  store: Store,
  directory: string,
  hint?: string,
): Promise<() => Promise<void>> {
  const holders = store.collection<Holder>('runtime');
  const own: Holder = { pid: process.pid, since: startOf(process.pid) };
  const other = await store.transaction(() => {
    const holder = holders.get(KEY);
    if (holder && isAlive(holder.pid, holder.since)) return holder;
    holders.put(KEY, own);
    return undefined;
  });
  if (other) {
    const another = ['choose another folder', hint].filter(Boolean).join(' ');
    throw new Error(`${directory} is in use by process ${other.pid}: stop it, or ${another}`);
  }
  return () => holders.remove(KEY);
}

/** Opens the store of a state folder, for this process alone. @throws when a living process holds it */
export async function takeFolder(
  directory: string,
  hint?: string,
): Promise<{ readonly store: Store; readonly release: () => Promise<void> }> {
  const store = openStore(directory);
  try {
    return { store, release: await holdFolder(store, directory, hint) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
