import { sign } from 'node:crypto';
import type { App } from '../../app.ts';

// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
// GitHub takes ten minutes at most, and advises a beginning in the past: its clock and ours may differ.
const LIFE_SECONDS = 9 * 60;
const CLOCK_SECONDS = 60;

/** The JSON Web Token by which a GitHub App names itself. @throws for a key that is none of RSA */
export function appJwt({ id, privateKey }: App, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - CLOCK_SECONDS, exp: seconds + LIFE_SECONDS, iss: id };
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
