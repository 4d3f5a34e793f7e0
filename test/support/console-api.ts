import type { Hookline } from './hookline.ts';

/** Asks the console's server as its page does. */
export function consoleApi({ outputs }: Pick<Hookline, 'outputs'>) {
  const { origin, pathname, hash } = new URL(outputs.consoleUrl ?? '');
  const headers = { authorization: `Bearer ${new URLSearchParams(hash.slice(1)).get('token')}` };
  return {
    get: (path: string, more: Readonly<Record<string, string>> = {}) =>
      fetch(`${origin}${pathname}api/${path}`, { headers: { ...headers, ...more } }),
    post: (path: string, body: unknown, signal?: AbortSignal) =>
      fetch(`${origin}${pathname}api/${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        ...(signal ? { signal } : {}),
      }),
  };
}
