import { createHash, timingSafeEqual } from 'node:crypto';

/** Who a request comes from. */
export interface Caller {
  readonly login: string;
}

/** What a request's credential amounts to: nobody, somebody with the wrong token, or a caller. */
export type Credential = 'none' | 'wrong' | Caller;

// A bearer token names nobody.
const NAMELESS = 'hookline';

/** Reads an Authorization header: Basic with any user, or with the token for one, `Bearer` and `token`. */
export function readCredential(authorization: string | undefined, token: string): Credential {
  if (!authorization) return 'none';
  const [scheme = '', value = ''] = authorization.split(/\s+(.*)/s);
  if (/^(bearer|token)$/i.test(scheme)) return same(value, token) ? { login: NAMELESS } : 'wrong';
  if (!/^basic$/i.test(scheme)) return 'wrong';
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  if (same(password, token)) return { login: user || NAMELESS };
  // The way GitHub documents for a token without a user.
  if ((password === '' || password === 'x-oauth-basic') && same(user, token)) return { login: NAMELESS };
  return 'wrong';
}

/** Takes as long for a near miss as for any other. */
function same(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return wanted !== '' && timingSafeEqual(hash(given), hash(wanted));
}
