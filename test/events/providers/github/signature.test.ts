import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature } from '../../../../events/providers/github/signature.ts';

const sign = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const secrets = fc.string({ minLength: 1, unit: 'binary' });
const bodies = fc.uint8Array({ maxLength: 2000 });

describe('a signature', () => {
  it("is GitHub's own test vector", () => {
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(checkSignature(Buffer.from('Hello, World!'), header, ["It's a Secret to Everybody"])).toBe(
      'valid',
    );
  });

  it('is valid over any bytes with any secret', () => {
    fc.assert(
      fc.property(bodies, secrets, (body, secret) => {
        expect(checkSignature(body, sign(body, secret), [secret])).toBe('valid');
      }),
    );
  });

  it('is wrong once any bit of the body is another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.nat(), secrets, (body, at, secret) => {
        const other = Uint8Array.from(body);
        const byte = Math.floor(at / 8) % body.length;
        other[byte] = (other[byte] ?? 0) ^ (1 << (at % 8));
        expect(checkSignature(other, sign(body, secret), [secret])).toBe('wrong');
      }),
    );
  });

  it('is wrong once any bit of itself is another', () => {
    fc.assert(
      fc.property(bodies, secrets, fc.nat({ max: 255 }), (body, secret, bit) => {
        const digest = createHmac('sha256', secret).update(body).digest();
        const byte = Math.floor(bit / 8);
        digest[byte] = (digest[byte] ?? 0) ^ (1 << (bit % 8));
        expect(checkSignature(body, `sha256=${digest.toString('hex')}`, [secret])).toBe('wrong');
      }),
    );
  });

  it('is valid with either secret of a rotation, and with no other', () => {
    const body = Buffer.from('{}');
    for (const secret of ['current', 'previous'])
      expect(checkSignature(body, sign(body, secret), ['current', 'previous'])).toBe('valid');
    expect(checkSignature(body, sign(body, 'oldest'), ['current', 'previous'])).toBe('wrong');
    expect(checkSignature(body, sign(body, 'current'), [])).toBe('wrong');
  });

  const hex = 'a'.repeat(64);
  it.each([
    ['', 'missing'],
    [`sha1=${'a'.repeat(40)}`, 'malformed'],
    [hex, 'malformed'],
    ['sha256=', 'malformed'],
    [`sha256=${hex.slice(1)}`, 'malformed'],
    [`sha256=${hex}a`, 'malformed'],
    [`sha256=${hex.slice(1)}g`, 'malformed'],
    [` sha256=${hex}`, 'malformed'],
    [`sha256=${hex}\n`, 'malformed'],
    [`sha512=${hex}`, 'malformed'],
    [`sha256=${hex}`, 'wrong'],
  ])('%j is %s', (header, found) => {
    expect(checkSignature(Buffer.from('{}'), header, ['secret'])).toBe(found);
  });
});
