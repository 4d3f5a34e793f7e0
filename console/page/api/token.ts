const STORAGE_KEY = 'hookline-token';

/**
 * Moves the token from the address, where people would see and copy it, into this tab's storage. Other pages of the
 * origin, as another program may serve at this port later on, have no part in it.
 */
export function keepToken(): void {
  // Where it stood before, every page of the origin reads it.
  localStorage.removeItem(STORAGE_KEY);
  const tokenInAddress = new URLSearchParams(location.hash.slice(1)).get('token');
  if (tokenInAddress === null) return;
  sessionStorage.setItem(STORAGE_KEY, tokenInAddress);
  history.replaceState(null, '', location.pathname + location.search);
}

export const token = (): string => sessionStorage.getItem(STORAGE_KEY) ?? '';

/** An address of the console for a new tab, which has a storage of its own. */
export const withToken = (address: string): string => `${address}#token=${encodeURIComponent(token())}`;
