/** How long a setting or a secret is kept, in ms: a rotation is seen within a minute, a burst reads once. */
export const settingLife = 60_000;

/** A flood of what is not there causes no more than one read again in so long of each worker, in ms. */
export const READ_AGAIN_MS = 5000;

/** What is kept under a key. */
export interface Cached<T> {
  /** The value, read again when that was longer than `maxAge` ms ago. */
  (key: string, maxAge?: number): Promise<T>;
  /**
   * The value, read again now. If that was done less than READ_AGAIN_MS ago: what is kept, if it was read at `since`
   * (ms of the epoch) or later, and undefined if it is older.
   */
  again(key: string, since: number): Promise<T | undefined>;
}

interface Entry<T> {
  readonly value: Promise<T>;
  readonly since: number;
  isRead: boolean;
}

/**
 * Reads by key through `load`, each kept for `life` ms. Callers of the same moment share one read. A failed read is not
 * kept, and what was kept before it is.
 */
export function cached<T>(load: (key: string) => Promise<T>, life = settingLife): Cached<T> {
  const kept = new Map<string, Entry<T>>();
  const readAgain = new Map<string, number>();
  const read = (key: string, maxAge = life) => {
    const held = kept.get(key);
    if (held && Date.now() - held.since < maxAge) return held.value;
    return keep(kept, key, load(key));
  };
  const again = async (key: string, since: number) => {
    const now = Date.now();
    if (now - (readAgain.get(key) ?? 0) >= READ_AGAIN_MS) {
      readAgain.set(key, now);
      return read(key, 0);
    }
    const held = kept.get(key);
    return held && held.since >= since ? held.value : undefined;
  };
  return Object.assign(read, { again });
}

function keep<T>(kept: Map<string, Entry<T>>, key: string, value: Promise<T>): Promise<T> {
  const held = kept.get(key);
  const entry = { value, since: Date.now(), isRead: false };
  kept.set(key, entry);
  value.then(
    () => {
      entry.isRead = true;
    },
    () => {
      if (kept.get(key) !== entry) return;
      if (held?.isRead) kept.set(key, held);
      else kept.delete(key);
    },
  );
  return value;
}

/**
 * What is kept under `key`; read again where it has no member `name`, which may have been added since. For what is
 * verified only: a stranger's name would cause a read each time. What is kept is good as long as it cannot be read again.
 */
export async function withMember<T extends object>(read: Cached<T>, key: string, name: string): Promise<T> {
  const kept = await read(key);
  return Object.hasOwn(kept, name) ? kept : read(key, 0).catch(() => kept);
}
