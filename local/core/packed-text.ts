import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A text as the store keeps it: a short one as it is, a long one deflated. */
export type PackedText = string | Uint8Array;

// A shorter one saves no page of the store (4 kB) and costs a tenth of a millisecond.
const SHORTEST = 1000;
// The fastest: the next levels save a twentieth for twice the time.
const LEVEL = 1;
// What is in base64 hides that it repeats itself, and that the text has the same plainly: it is deflated as it was before.
const BASE64 = /[A-Za-z0-9+/]*={0,2}/y;
const IS_BASE64 = /[A-Za-z0-9+/]/;
const SHORTEST_BASE64 = 400;
const NUMBER_BYTES = 4;

/**
 * A long text becomes its pieces, plain ones and decoded ones by turns: how many there are and how long each is, in 32 bits,
 * and then their bytes, all deflated.
 */
export function packText(text: string): PackedText {
  if (text.length < SHORTEST) return text;
  const pieces = piecesOf(text);
  const lengths = Buffer.alloc((pieces.length + 1) * NUMBER_BYTES);
  for (const [index, number] of [pieces.length, ...pieces.map(({ length }) => length)].entries())
    lengths.writeUInt32LE(number, index * NUMBER_BYTES);
  return deflateRawSync(Buffer.concat([lengths, ...pieces]), { level: LEVEL });
}

export function unpackText(packed: PackedText): string {
  if (typeof packed === 'string') return packed;
  const bytes = inflateRawSync(packed);
  const count = bytes.readUInt32LE(0);
  let at = (count + 1) * NUMBER_BYTES;
  const piece = (index: number): string => {
    const start = at;
    at += bytes.readUInt32LE((index + 1) * NUMBER_BYTES);
    return bytes.toString(index % 2 === 0 ? 'utf8' : 'base64', start, at);
  };
  return Array.from({ length: count }, (_, index) => piece(index)).join('');
}

/** Plain pieces of a text, and decoded ones between them. */
function piecesOf(text: string): Buffer[] {
  const pieces: Buffer[] = [];
  let plainFrom = 0;
  for (const { encoded, index } of base64In(text)) {
    const decoded = Buffer.from(encoded, 'base64');
    // Letters of another kind, or bits that decoding drops: it stays as it is.
    if (decoded.toString('base64') !== encoded) continue;
    pieces.push(Buffer.from(text.slice(plainFrom, index)), decoded);
    plainFrom = index + encoded.length;
  }
  return [...pieces, Buffer.from(text.slice(plainFrom))];
}

interface Run {
  readonly encoded: string;
  readonly index: number;
}

/** The long runs of base64's letters. Each has a letter at a multiple of the shortest length: nobody looks at all the others. */
function* base64In(text: string): Generator<Run> {
  let from = 0;
  for (let at = SHORTEST_BASE64 - 1; at < text.length; at += SHORTEST_BASE64) {
    if (at < from || !IS_BASE64.test(text.charAt(at))) continue;
    let index = at;
    while (index > from && IS_BASE64.test(text.charAt(index - 1))) index -= 1;
    BASE64.lastIndex = index;
    const encoded = BASE64.exec(text)?.[0] ?? '';
    from = index + encoded.length;
    if (encoded.replace(/=+$/, '').length >= SHORTEST_BASE64) yield { encoded, index };
  }
}
