/** How long a setting or a secret is kept, in ms: a rotation is seen within a minute, a burst reads once. */
export const settingLife = 60_000;

// A flood of names that nobody has causes no more than one read in so long of each worker.
const UNKNOWN_NAME_MS = 5000;

/** What is kept under a key, read again when that was longer than `maxAge` ms ago. */
export type Cached<T> = (key: string, maxAge?: number) => Promise<T>;

/**
 * Reads by key through `load`, each kept for `life` ms. Callers of the same moment share one read. A failed read is not
 * kept, and what was kept before it is.
 */
export function cached<T>(load: (key: string) => Promise<T>, life = settingLife): Cached<T> {
  const kept = new Map<string, { value: Promise<T>; since: number; isRead: boolean }>();
  return (key, maxAge = life) => {
    const held = kept.get(key);
    if (held && Date.now() - held.since < maxAge) return held.value;
    const value = load(key);
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
  };
}

/**
 * What is kept under `key`; read again where it has no member `name`, which may have been added since. What is kept is
 * good as long as it cannot be read again.
 */
export async function withMember<T extends object>(read: Cached<T>, key: string, name: string): Promise<T> {
  const kept = await read(key);
  return Object.hasOwn(kept, name) ? kept : read(key, UNKNOWN_NAME_MS).catch(() => kept);
}
