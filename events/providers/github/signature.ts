import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureCheck } from '../../provider.ts';

const SHA256 = /^sha256=([0-9a-f]{64})$/i;

/**
 * Checks a delivery's `X-Hub-Signature-256`: the HMAC-SHA256 of its raw bytes. A webhook with the
 * older SHA-1 signature only does not have that header.
 * @param body the bytes as they came, before any parsing
 * @param header the header's value, `""` when there was none
 * @param secrets those that are valid now: one, or two during a rotation
 */
export function checkSignature(body: Uint8Array, header: string, secrets: readonly string[]): SignatureCheck {
  if (header === '') return 'missing';
  const sent = SHA256.exec(header)?.[1];
  if (sent === undefined) return 'malformed';
  const digest = Buffer.from(sent, 'hex');
  // Every secret is tried, so that the time does not tell which one matched.
  const matches = secrets.map((secret) => timingSafeEqual(digest, hmac(secret, body)));
  return matches.includes(true) ? 'valid' : 'wrong';
}

/** The header's value that GitHub would send. */
export function signatureOf(body: Uint8Array, secret: string): string {
  return `sha256=${hmac(secret, body).toString('hex')}`;
}

function hmac(secret: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}
