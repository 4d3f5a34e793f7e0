import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature turned out to be. */
export type Signature = 'valid' | 'missing' | 'malformed' | 'wrong';

/**
 * Checks `X-Hub-Signature-256` over the raw bytes of a body, each secret in constant time.
 * @param header the header's value, `""` when it was not sent
 * @param secrets those that may have signed it: two during a rotation
 */
export function checkSignature(body: Buffer, header: string, secrets: readonly string[]): Signature {
  if (header === '') return 'missing';
  const hex = /^sha256=([0-9a-fA-F]{64})$/.exec(header)?.[1];
  if (hex === undefined) return 'malformed';
  const given = Buffer.from(hex, 'hex');
  // Every secret is tried, so that the time taken does not tell which one it was.
  const matches = secrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
  );
  return matches.includes(true) ? 'valid' : 'wrong';
}
