import { createHash, timingSafeEqual } from 'node:crypto';
import type { Access } from './apps/access.ts';
import type { KnownApp } from './apps/apps.ts';

/** The caller of a request. */
export interface Caller {
  readonly login: string;
  /** what an App's token may do; undefined for the host's own, which may do everything */
  readonly access?: Access;
  /** the App that has named itself, which may ask for tokens and nothing else */
  readonly app?: KnownApp;
}

/** The result of a request's credential: none, a wrong token, or the caller. */
export type Credential = 'none' | 'wrong' | Caller;

/** Whose a token is, without a login where it is nobody's; undefined for a wrong one. */
export type Identify = (token: string) => Partial<Caller> | undefined;

// The login of a caller whose credential names nobody.
const DEFAULT_LOGIN = 'hookline';

/** Reads an Authorization header: Basic with any user, or with the token for one, `Bearer` and `token`. */
export function readCredential(authorization: string | undefined, identify: Identify): Credential {
  if (!authorization) return 'none';
  const [scheme = '', value = ''] = authorization.split(/\s+(.*)/s);
  if (/^(bearer|token)$/i.test(scheme)) return callerOf(identify(value));
  if (!/^basic$/i.test(scheme)) return 'wrong';
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  const [user, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  // The login becomes a variable of git's environment, which holds no NUL, and a name in webhooks.
  if (/\p{Cc}/u.test(user)) return 'wrong';
  const byPassword = identify(password);
  if (byPassword) return callerOf(byPassword, user);
  // GitHub documents this form for a token without a user.
  if (password === '' || password === 'x-oauth-basic') return callerOf(identify(user));
  return 'wrong';
}

const callerOf = (of: Partial<Caller> | undefined, user = ''): Credential =>
  of ? { login: user || DEFAULT_LOGIN, ...of } : 'wrong';

/** Compares in constant time. */
export function equalInConstantTime(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return wanted !== '' && timingSafeEqual(hash(given), hash(wanted));
}
