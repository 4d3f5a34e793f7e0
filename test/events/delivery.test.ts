import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverySchema } from '../../events/delivery.ts';

const isTaken = (commit: string): boolean =>
  deliverySchema.safeParse({ provider: 'github', host: 'github.com', id: 'd-1', event: 'push', commit })
    .success;

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

describe('the commit of a delivery', () => {
  it('is of 40 hexadecimal digits, or of 64 where the repository counts by SHA-256', () => {
    fc.assert(fc.property(fc.oneof(hex(40), hex(64)), isTaken));
  });

  it.each([0, 39, 41, 63, 65, 80])('is not of %i digits', (length) => {
    expect(isTaken('a'.repeat(length))).toBe(false);
  });

  it.each([40, 64])('has nothing else in %i characters, nor around them', (length) => {
    const digits = 'a'.repeat(length);
    for (const wrong of [`-${digits.slice(1)}`, `${digits.slice(1)}g`, `A${digits.slice(1)}`])
      expect(isTaken(wrong)).toBe(false);
    for (const wrong of [`-${digits}`, `${digits}\n`, `\n${digits}`, `${digits}${digits}`])
      expect(isTaken(wrong)).toBe(false);
  });
});
