/** How long a setting or a secret is kept, in ms: a rotation is seen within a minute, a burst reads once. */
export const settingLife = 60_000;

/**
 * Reads by key through `load`, each kept for `life` ms; `fresh` reads again whatever is kept. Callers of the same
 * moment share one read, and a failed read is not kept.
 */
export function cached<T>(load: (key: string) => Promise<T>, life = settingLife) {
  const kept = new Map<string, { value: Promise<T>; until: number }>();
  return (key: string, fresh = false): Promise<T> => {
    const held = kept.get(key);
    if (held && !fresh && Date.now() < held.until) return held.value;
    const value = load(key);
    const entry = { value, until: Date.now() + life };
    kept.set(key, entry);
    value.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return value;
  };
}
