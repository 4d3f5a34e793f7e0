import type { ZipEntry } from '../zip/writer.ts';
import { ByteReader } from './byte-reader.ts';

const BLOCK = 512;
/** Larger files are streamed. */
const IN_MEMORY = 4 * 2 ** 20;

/** What a header says of the entry that follows (POSIX ustar, pax). */
interface TarHeader {
  readonly name: Buffer;
  /** `0` a file, `2` a link, `5` a folder, `x` and `g` extended headers */
  readonly type: string;
  readonly executable: boolean;
  readonly size: number;
  readonly target: Buffer;
}

/**
 * The entries below a folder of a tar as `git archive` writes it, named from that folder; all others are passed over.
 * An entry's content must be read before the next entry is asked for.
 */
export async function* tarEntries(tar: AsyncIterable<Buffer>, folder: string): AsyncGenerator<ZipEntry> {
  const reader = new ByteReader(tar);
  const prefix = Buffer.from(`${folder}/`);
  try {
    for (let header = await nextHeader(reader); header; header = await nextHeader(reader)) {
      const { name, size } = header;
      const isInside = name.length > prefix.length && name.subarray(0, prefix.length).equals(prefix);
      if (isInside) yield await entry(header, name.subarray(prefix.length), reader);
      else await reader.skip(size);
      await reader.take(padding(size));
    }
    await reader.skipRest();
  } finally {
    await reader.close();
  }
}

/** The header of the next entry, none at the tar's end. */
async function nextHeader(reader: ByteReader): Promise<TarHeader | undefined> {
  let extended: ReadonlyMap<string, Buffer> = new Map();
  for (;;) {
    const block = await reader.take(BLOCK);
    if (block[0] === 0) return undefined;
    const header = withExtended(tarHeader(block), extended);
    if (header.type !== 'x') return header;
    extended = paxRecords(await reader.take(header.size));
    await reader.take(padding(header.size));
  }
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

async function entry(header: TarHeader, name: Buffer, reader: ByteReader): Promise<ZipEntry> {
  const { type, size, target, executable } = header;
  if (type === '5') return { name, mode: 0o40755, content: Buffer.alloc(0) };
  if (type === '2') return { name, mode: 0o120777, content: target };
  const mode = executable ? 0o100755 : 0o100644;
  if (size <= IN_MEMORY) return { name, mode, content: await reader.take(size) };
  return { name, mode, content: { size, read: () => reader.chunks(size) } };
}

function tarHeader(block: Buffer): TarHeader {
  const prefix = field(block, 345, 155);
  const name = field(block, 0, 100);
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    type: String.fromCharCode(block[156] ?? 0),
    executable: (octal(block, 100, 8) & 0o100) !== 0,
    size: octal(block, 124, 12),
    target: field(block, 157, 100),
  };
}

/** What did not fit the header stands in an extended one before it. */
function withExtended(header: TarHeader, extended: ReadonlyMap<string, Buffer>): TarHeader {
  const size = extended.get('size')?.toString();
  return {
    ...header,
    name: extended.get('path') ?? header.name,
    target: extended.get('linkpath') ?? header.target,
    size: size === undefined ? header.size : Number(size),
  };
}

/** Records of the form `LENGTH NAME=VALUE\n`, whose length counts all of it in bytes. */
function paxRecords(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const equals = bytes.indexOf('=', space);
    const end = at + Number(bytes.toString('latin1', at, space));
    records.set(bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

function field(block: Buffer, at: number, length: number): Buffer {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

const octal = (block: Buffer, at: number, length: number): number =>
  Number.parseInt(field(block, at, length).toString() || '0', 8);
