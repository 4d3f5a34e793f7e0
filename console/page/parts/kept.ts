import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'hookline-kept';

/** A text that this browser keeps for the console, as a choice of its reader; null until there is one. */
export function useKept(key: string): readonly [text: string | null, keep: (text: string | null) => void] {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(key));
  const keep = useCallback((next: string | null) => keepText(key, next), [key]);
  return [text, keep];
}

/** Keeps a text. @param text null to forget it */
export function keepText(key: string, text: string | null): void {
  if (text === null) localStorage.removeItem(key);
  else localStorage.setItem(key, text);
  dispatchEvent(new Event(CHANGED));
}

/** The browser tells other tabs by `storage`, and not the one that has changed a text. */
export function subscribe(changed: () => void): () => void {
  for (const event of ['storage', CHANGED]) addEventListener(event, changed);
  return () => {
    for (const event of ['storage', CHANGED]) removeEventListener(event, changed);
  };
}
