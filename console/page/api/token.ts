const NAME = 'hookline-token';

/** Takes the token out of the address, where it would be seen and copied, and keeps it for this origin. */
export function keepToken(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return;
  localStorage.setItem(NAME, given);
  history.replaceState(null, '', location.pathname + location.search);
}

export const token = (): string => localStorage.getItem(NAME) ?? '';
