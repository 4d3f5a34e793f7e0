import { isAscii, isUtf8 } from 'node:buffer';
import { dosTime, timestampField } from './time.ts';

/** One entry as its headers tell it (PKWARE's APPNOTE, 4.3 to 4.5). */
export interface Header {
  /** the path's bytes; a folder's end with a slash */
  readonly name: Buffer;
  /** the whole Unix mode, such as 0o100755 */
  readonly mode: number;
  /** epoch seconds */
  readonly time: number;
  readonly deflated: boolean;
  /** whether sizes and checksum follow the content, which was not known when the header was written */
  readonly streamed: boolean;
  /** whether the sizes have 64 bits */
  readonly wide: boolean;
  readonly crc: number;
  /** bytes of the content, and what they take in the zip */
  readonly size: number;
  readonly packed: number;
}

const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** 4.5, the version that has 64-bit sizes, made on Unix: names are bytes, and the mode counts. */
const version = 45;
const madeOnUnix = 3 << 8;

/** What stands before an entry's content. */
export function localHeader(header: Header): Buffer {
  const { name, streamed, wide } = header;
  const [crc, size, packed] = streamed ? [0, 0, 0] : [header.crc, header.size, header.packed];
  const extra = Buffer.concat([...(wide ? [wideField([size, packed])] : []), timestampField(header.time)]);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  writeCommon(head, 4, header);
  writeSizes(head, 14, wide ? { crc, size: MAX_32, packed: MAX_32 } : { crc, size, packed });
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

/** What stands after the content of a streamed entry. */
export function dataDescriptor({ crc, size, packed, wide }: Header): Buffer {
  const descriptor = Buffer.alloc(wide ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (wide) {
    descriptor.writeBigUInt64LE(BigInt(packed), 8);
    descriptor.writeBigUInt64LE(BigInt(size), 16);
  } else {
    descriptor.writeUInt32LE(packed, 8);
    descriptor.writeUInt32LE(size, 12);
  }
  return descriptor;
}

/** An entry in the directory at the zip's end; `offset` is where its local header stands. */
export function centralHeader(header: Header, offset: number): Buffer {
  const { name, mode, wide, crc, size, packed } = header;
  const far = offset >= MAX_32;
  const large = [...(wide ? [size, packed] : []), ...(far ? [offset] : [])];
  const extra = Buffer.concat([...(large.length > 0 ? [wideField(large)] : []), timestampField(header.time)]);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(madeOnUnix | version, 4);
  writeCommon(head, 6, header);
  writeSizes(head, 16, wide ? { crc, size: MAX_32, packed: MAX_32 } : { crc, size, packed });
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  const folder = name.at(-1) === 0x2f ? 0x10 : 0;
  head.writeUInt32LE(mode * 2 ** 16 + folder, 38);
  head.writeUInt32LE(far ? MAX_32 : offset, 42);
  return Buffer.concat([head, name, extra]);
}

/** How many entries a zip's directory has, its bytes, and where it begins. */
export interface DirectoryPlace {
  readonly count: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * The last records of a zip.
 * @param creator the version of the entries' makers, the highest of all
 */
export function endRecords(
  { count, bytes, offset }: DirectoryPlace,
  comment = '',
  creator = madeOnUnix | version,
): Buffer {
  const end = Buffer.alloc(22 + Buffer.byteLength(comment));
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, MAX_16), 8);
  end.writeUInt16LE(Math.min(count, MAX_16), 10);
  end.writeUInt32LE(Math.min(bytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  end.write(comment, 22);
  const wide = count >= MAX_16 || bytes >= MAX_32 || offset >= MAX_32;
  return wide ? Buffer.concat([wideEnd({ count, bytes, offset }, creator), end]) : end;
}

function wideEnd({ count, bytes, offset }: DirectoryPlace, creator: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4); // what follows of this record
  record.writeUInt16LE(creator, 12);
  record.writeUInt16LE(version, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + bytes), 64);
  record.writeUInt32LE(1, 72); // of one disk
  return record;
}

/** The version, flags, method and time, which stand in this order in both headers. */
function writeCommon(head: Buffer, at: number, { name, deflated, streamed, wide, time }: Header): void {
  head.writeUInt16LE(wide ? version : 20, at);
  // as git: the flag says UTF-8, and without it the name is just bytes
  const utf8 = !isAscii(name) && isUtf8(name);
  head.writeUInt16LE((streamed ? 1 << 3 : 0) | (utf8 ? 1 << 11 : 0), at + 2);
  head.writeUInt16LE(deflated ? 8 : 0, at + 4);
  head.writeUInt32LE(dosTime(time), at + 6);
}

function writeSizes(
  head: Buffer,
  at: number,
  { crc, size, packed }: { crc: number; size: number; packed: number },
): void {
  head.writeUInt32LE(crc, at);
  head.writeUInt32LE(packed, at + 4);
  head.writeUInt32LE(size, at + 8);
}

/** Zip64's extra field. */
function wideField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}
