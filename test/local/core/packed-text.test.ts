import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packText, unpackText } from '../../../local/core/packed-text.ts';

const sizeOf = (text: string): number => Buffer.from(packText(text)).length;

it('gives every text back', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 300, maxLength: 2000 }),
    fc.uint8Array({ minLength: 200, maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.string({ unit: fc.constantFrom('A', 'b', '=', '/', '"'), minLength: 300, maxLength: 2000 }),
  );
  const texts = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('","'));
  fc.assert(fc.property(texts, (text) => unpackText(packText(text)) === text));
});

it('has what stands in it plainly and in base64 once', () => {
  const plain = randomBytes(4000)
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '.');
  const both = JSON.stringify({ body: Buffer.from(plain).toString('base64'), payload: plain });
  expect(sizeOf(both)).toBeLessThan(1.3 * sizeOf(JSON.stringify({ payload: plain })));
});
