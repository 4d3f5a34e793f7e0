import { useSyncExternalStore } from 'react';

const BASE = '/console';
const MOVED = 'hookline-moved';

/** Where the page stands below `/console`, as `/deliveries/ID?x=y`. */
export function useAddress(): URL {
  const href = useSyncExternalStore(subscribe, () => location.href);
  const url = new URL(href);
  url.pathname = url.pathname.slice(BASE.length) || '/';
  return url;
}

function subscribe(changed: () => void): () => void {
  for (const event of ['popstate', MOVED]) addEventListener(event, changed);
  return () => {
    for (const event of ['popstate', MOVED]) removeEventListener(event, changed);
  };
}

/** The address of a place, for a link. */
export const hrefOf = (place: string): string => BASE + place;

/** Goes to a place; `replace` when it only changes how the present one is looked at. */
export function go(place: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', hrefOf(place));
  else history.pushState(null, '', hrefOf(place));
  dispatchEvent(new Event(MOVED));
}
