const STORAGE_KEY = 'hookline-token';

/** Moves the token from the address, where people would see and copy it, into this origin's storage. */
export function keepToken(): void {
  const tokenInAddress = new URLSearchParams(location.hash.slice(1)).get('token');
  if (tokenInAddress === null) return;
  localStorage.setItem(STORAGE_KEY, tokenInAddress);
  history.replaceState(null, '', location.pathname + location.search);
}

export const token = (): string => localStorage.getItem(STORAGE_KEY) ?? '';
