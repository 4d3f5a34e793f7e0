import { useSyncExternalStore } from 'react';

const BASE = '/console';
const NAVIGATED = 'hookline-moved';

/** The page's address below `/console`, as `/deliveries/ID?x=y`. */
export function useAddress(): URL {
  const href = useSyncExternalStore(subscribe, () => location.href);
  const url = new URL(href);
  url.pathname = url.pathname.slice(BASE.length) || '/';
  return url;
}

function subscribe(changed: () => void): () => void {
  for (const event of ['popstate', NAVIGATED]) addEventListener(event, changed);
  return () => {
    for (const event of ['popstate', NAVIGATED]) removeEventListener(event, changed);
  };
}

/** The `href` of a link to an address of the console. */
export const hrefOf = (place: string): string => BASE + place;

/**
 * Shows another address. With `replace`, the browser's history keeps one entry: only the view of the same page changes.
 */
export function navigate(place: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', hrefOf(place));
  else history.pushState(null, '', hrefOf(place));
  dispatchEvent(new Event(NAVIGATED));
}
