import { createHash, timingSafeEqual } from 'node:crypto';

/** The caller of a request. */
export interface Caller {
  readonly login: string;
}

/** The result of a request's credential: none, a wrong token, or the caller. */
export type Credential = 'none' | 'wrong' | Caller;

// The login of a caller whose credential names nobody.
const DEFAULT_LOGIN = 'hookline';

/** Reads an Authorization header: Basic with any user, or with the token for one, `Bearer` and `token`. */
export function readCredential(authorization: string | undefined, token: string): Credential {
  if (!authorization) return 'none';
  const [scheme = '', value = ''] = authorization.split(/\s+(.*)/s);
  if (/^(bearer|token)$/i.test(scheme))
    return equalInConstantTime(value, token) ? { login: DEFAULT_LOGIN } : 'wrong';
  if (!/^basic$/i.test(scheme)) return 'wrong';
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  // The login becomes a variable of git's environment, which holds no NUL, and a name in webhooks.
  if (/\p{Cc}/u.test(user)) return 'wrong';
  if (equalInConstantTime(password, token)) return { login: user || DEFAULT_LOGIN };
  // GitHub documents this form for a token without a user.
  if ((password === '' || password === 'x-oauth-basic') && equalInConstantTime(user, token))
    return { login: DEFAULT_LOGIN };
  return 'wrong';
}

/** Compares in constant time. */
function equalInConstantTime(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return wanted !== '' && timingSafeEqual(hash(given), hash(wanted));
}
