import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { appJwt } from '../../../../events/providers/github/app-jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

it('is signed by the key of the App, begins a minute ago, and lasts for nine more', () => {
  const now = Date.parse('2026-01-01T00:00:00.999Z');
  const [header = '', claims = '', signature = ''] = appJwt({ id: '7', privateKey: pem }, now).split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  const seconds = Date.parse('2026-01-01T00:00:00Z') / 1000;
  expect(read(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(read(claims)).toEqual({ iat: seconds - 60, exp: seconds + 540, iss: '7' });
  const signed = Buffer.from(`${header}.${claims}`);
  expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
});
