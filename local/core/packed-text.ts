import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A text as the store keeps it: a short one as it is, a long one deflated. */
export type PackedText = string | Uint8Array;

// A shorter one saves no page of the store (4 kB) and costs a tenth of a millisecond.
const SHORTEST = 1000;
// The fastest: the next levels save a twentieth for twice the time.
const LEVEL = 1;

export function packText(text: string): PackedText {
  return text.length < SHORTEST ? text : deflateRawSync(text, { level: LEVEL });
}

export function unpackText(packed: PackedText): string {
  return typeof packed === 'string' ? packed : inflateRawSync(packed).toString('utf8');
}
