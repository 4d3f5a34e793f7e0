import { rootCertificates } from 'node:tls';
import type { RequestInit, Response } from 'undici';

/**
 * A `fetch` that trusts the certificates of a private authority besides the public ones. Node's own `fetch` takes no
 * certificates, and no agent of another version of undici.
 * @param ca certificates, as PEM
 */
export function fetchTrusting(ca: string): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    // Loaded by the few who need it: a function without a private authority starts as fast as before.
    const { default: undici } = await import('undici');
    return undici.fetch(url, {
      ...init,
      dispatcher: new undici.Agent({ connect: { ca: [...rootCertificates, ca] } }),
    });
  };
}
