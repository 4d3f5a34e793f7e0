import { ByteReader } from '../folder/byte-reader.ts';

/** A zip that `git archive` has made, of which any part can be read. */
export interface ZipSource {
  readonly size: number;
  /** the bytes from `start` on, `end` not included */
  read(start: number, end: number): AsyncIterable<Buffer>;
}

/** An entry of the zip's directory. */
export interface SourceEntry {
  /** the path's bytes as latin1; a folder's end with a slash */
  readonly name: string;
  /** its record in the directory */
  readonly record: Buffer;
  /** where its local header begins, and what follows its content */
  readonly start: number;
  readonly end: number;
}

export interface Directory {
  readonly entries: readonly SourceEntry[];
  /** the directory and all that follows it */
  readonly tail: Buffer;
}

const END_BYTES = 22;
/** The record with 64 bits, which counts 65,535 entries and more, and its locator. */
const WIDE_END_BYTES = 56 + 20;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** Most directories are read with the end of the zip, in one request. */
const GUESS_BYTES = 2 ** 20;

/**
 * Reads the directory of a zip. Throws for one of 4 GiB or more.
 * @param comment bytes of the zip's comment
 */
export async function readDirectory(source: ZipSource, comment: number): Promise<Directory> {
  const from = Math.max(source.size - GUESS_BYTES, 0);
  const last = await bytes(source, from, source.size);
  const at = last.length - END_BYTES - comment;
  const offset = last.readUInt32LE(at + 16);
  if (last.readUInt32LE(at) !== 0x06054b50 || offset === MAX_32)
    throw new Error('it is a zip of 4 GiB or more, or none');
  const few = last.readUInt16LE(at + 10);
  const count = few < MAX_16 ? few : Number(last.readBigUInt64LE(at - WIDE_END_BYTES + 32));
  const tail = offset < from ? await bytes(source, offset, source.size) : last.subarray(offset - from);
  return { entries: entriesOf(tail, count, offset), tail };
}

function entriesOf(tail: Buffer, count: number, end: number): SourceEntry[] {
  const found: Omit<SourceEntry, 'end'>[] = [];
  for (let at = 0; found.length < count; ) {
    const nameEnd = at + 46 + tail.readUInt16LE(at + 28);
    const next = nameEnd + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
    const name = tail.toString('latin1', at + 46, nameEnd);
    found.push({ name, record: tail.subarray(at, next), start: tail.readUInt32LE(at + 42) });
    at = next;
  }
  return found.map((entry, index) => ({ ...entry, end: found[index + 1]?.start ?? end }));
}

async function bytes(source: ZipSource, start: number, end: number): Promise<Buffer> {
  return new ByteReader(source.read(start, end)).take(end - start);
}
