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

/** How far the page was scrolled when it was left by a link; 0 for one that is opened. */
export function scrollTopHere(): number {
  const state: unknown = history.state;
  const isLeft = typeof state === 'object' && state !== null && 'scrollTop' in state;
  return isLeft && typeof state.scrollTop === 'number' ? state.scrollTop : 0;
}

/** The `href` of a link to an address of the console. */
export const hrefOf = (place: string): string => BASE + place;

/**
 * Shows another address. With `replace`, the browser's history keeps one entry: only the view of the same page changes.
 */
export function navigate(place: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', hrefOf(place));
  else {
    const { scrollTop = 0 } = document.getElementById('content') ?? {};
    history.replaceState({ scrollTop }, '');
    history.pushState(null, '', hrefOf(place));
  }
  dispatchEvent(new Event(NAVIGATED));
}
