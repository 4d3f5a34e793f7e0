import { describe, expect, it } from 'vitest';
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  type Header,
  localHeader,
} from '../../../../functions/pull/zip/records.ts';
import { dosTime, timestampField, zipTime } from '../../../../functions/pull/zip/time.ts';

const TIME = Date.UTC(2023, 10, 14, 22, 13, 21) / 1000;
/** 2023-11-14 22:13:20, as MS-DOS has it */
const DOS = ((43 * 512 + 11 * 32 + 14) * 65_536 + 22 * 2048 + 13 * 32 + 10) >>> 0;
const header: Header = {
  name: Buffer.from('a/b'),
  mode: 0o100755,
  time: TIME,
  deflated: true,
  streamed: false,
  wide: false,
  crc: 0xdeadbeef,
  size: 300,
  packed: 200,
};

/** The members of a local header, and its extra field. */
function local(of: Partial<Header>) {
  const bytes = localHeader({ ...header, ...of });
  const [nameLength, extraLength] = [bytes.readUInt16LE(26), bytes.readUInt16LE(28)];
  expect(bytes.length).toBe(30 + nameLength + extraLength);
  return {
    signature: bytes.readUInt32LE(0),
    common: commonOf(bytes, 4),
    sizes: [14, 18, 22].map((at) => bytes.readUInt32LE(at)),
    name: bytes.toString('latin1', 30, 30 + nameLength),
    extra: bytes.subarray(30 + nameLength),
  };
}
function central(of: Partial<Header>, offset: number) {
  const bytes = centralHeader({ ...header, ...of }, offset);
  const [nameLength, extraLength] = [bytes.readUInt16LE(28), bytes.readUInt16LE(30)];
  expect(bytes.length).toBe(46 + nameLength + extraLength);
  return {
    signature: bytes.readUInt32LE(0),
    creator: bytes.readUInt16LE(4),
    common: commonOf(bytes, 6),
    sizes: [16, 20, 24].map((at) => bytes.readUInt32LE(at)),
    unused: [32, 34, 36].map((at) => bytes.readUInt16LE(at)),
    attributes: bytes.readUInt32LE(38),
    offset: bytes.readUInt32LE(42),
    name: bytes.toString('latin1', 46, 46 + nameLength),
    extra: bytes.subarray(46 + nameLength),
  };
}
const commonOf = (bytes: Buffer, at: number) => ({
  version: bytes.readUInt16LE(at),
  flags: bytes.readUInt16LE(at + 2),
  method: bytes.readUInt16LE(at + 4),
  time: bytes.readUInt32LE(at + 6),
});
/** Zip64's field with these values, before the time. */
const wideExtra = (...values: number[]) => {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [n, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * n);
  return Buffer.concat([field, timestampField(TIME)]);
};

describe('the header of an entry', () => {
  it('tells of its name, time, sizes and checksum', () => {
    const common = { version: 20, flags: 0, method: 8, time: DOS };
    expect(local({})).toEqual({
      signature: 0x04034b50,
      common,
      sizes: [0xdeadbeef, 200, 300],
      name: 'a/b',
      extra: timestampField(TIME),
    });
    expect(central({}, 77)).toEqual({
      signature: 0x02014b50,
      creator: 0x032d,
      common,
      sizes: [0xdeadbeef, 200, 300],
      unused: [0, 0, 0],
      attributes: 0o100755 * 65_536,
      offset: 77,
      name: 'a/b',
      extra: timestampField(TIME),
    });
  });

  it('of a streamed one leaves sizes and checksum to what follows', () => {
    const streamed = { streamed: true };
    expect(local(streamed)).toMatchObject({ common: { flags: 8 }, sizes: [0, 0, 0] });
    expect(central(streamed, 0)).toMatchObject({ common: { flags: 8 }, sizes: [0xdeadbeef, 200, 300] });
    const after = dataDescriptor({ ...header, streamed: true });
    expect([0, 4, 8, 12].map((at) => after.readUInt32LE(at))).toEqual([0x08074b50, 0xdeadbeef, 200, 300]);
    expect(after.length).toBe(16);
  });

  it('of a wide one has its sizes with 64 bits', () => {
    const wide = { wide: true, size: 5e9, packed: 4.5e9 };
    const sizes = [0xdeadbeef, 0xffffffff, 0xffffffff];
    expect(local(wide)).toMatchObject({ common: { version: 45 }, sizes, extra: wideExtra(5e9, 4.5e9) });
    expect(local({ ...wide, streamed: true })).toMatchObject({
      sizes: [0, 0xffffffff, 0xffffffff],
      extra: wideExtra(0, 0),
    });
    expect(central(wide, 9)).toMatchObject({ sizes, offset: 9, extra: wideExtra(5e9, 4.5e9) });
    const after = dataDescriptor({ ...header, ...wide });
    expect([after.length, after.readUInt32LE(0), after.readUInt32LE(4)]).toEqual([
      24, 0x08074b50, 0xdeadbeef,
    ]);
    expect([after.readBigUInt64LE(8), after.readBigUInt64LE(16)]).toEqual([4_500_000_000n, 5_000_000_000n]);
  });

  it.each([
    [0xfffffffe, 0xfffffffe, timestampField(TIME)],
    [0xffffffff, 0xffffffff, wideExtra(0xffffffff)],
    [6e9, 0xffffffff, wideExtra(6e9)],
  ])('at the offset %d says %d', (offset, said, extra) => {
    expect(central({}, offset)).toMatchObject({ offset: said, extra });
  });

  it('of a folder says so, and how its content stands there', () => {
    expect(central({ name: Buffer.from('a/'), mode: 0o40755 }, 0).attributes).toBe(0o40755 * 65_536 + 16);
    expect(local({ deflated: false }).common.method).toBe(0);
  });

  it.each([
    ['ascii ~', 0],
    ['é', 1 << 11],
    ['\xfc', 0],
  ])('of the name %j has the flag of UTF-8 %d', (name, flags) => {
    const bytes = name === '\xfc' ? Buffer.from(name, 'latin1') : Buffer.from(name);
    expect(local({ name: bytes }).common.flags).toBe(flags);
    expect(central({ name: bytes }, 0).common.flags).toBe(flags);
    expect(central({ name: bytes, streamed: true }, 0).common.flags).toBe(flags | 8);
  });
});

describe('the end of a zip', () => {
  const fields = (of: Parameters<typeof endRecords>[0], comment?: string) => {
    const bytes = endRecords(of, comment);
    const end = bytes.subarray(-(22 + Buffer.byteLength(comment ?? '')));
    return {
      wide: bytes.length - end.length,
      signature: end.readUInt32LE(0),
      disks: end.readUInt32LE(4),
      counts: [end.readUInt16LE(8), end.readUInt16LE(10)],
      bytes: end.readUInt32LE(12),
      offset: end.readUInt32LE(16),
      comment: end.toString('utf8', 22, 22 + end.readUInt16LE(20)),
    };
  };
  const few = { count: 2, bytes: 100, offset: 500 };

  it('says how many entries there are, where they are told of, and the comment', () => {
    const known = { wide: 0, signature: 0x06054b50, disks: 0, counts: [2, 2], bytes: 100, offset: 500 };
    expect(fields(few)).toEqual({ ...known, comment: '' });
    expect(fields(few, 'größe')).toEqual({ ...known, comment: 'größe' });
  });

  it.each([
    [{ ...few, count: 0xfffe }, 0],
    [{ ...few, count: 0xffff }, 76],
    [{ ...few, bytes: 0xfffffffe }, 0],
    [{ ...few, bytes: 0xffffffff }, 76],
    [{ ...few, offset: 0xfffffffe }, 0],
    [{ ...few, offset: 0xffffffff }, 76],
  ])('of %j has a record of 64 bits with %d bytes', (of, wide) => {
    expect(fields(of)).toMatchObject({
      wide,
      counts: [of.count, of.count],
      bytes: of.bytes,
      offset: of.offset,
    });
  });

  it('has with 64 bits what needs them', () => {
    expect(fields({ count: 70_000, bytes: 5e9, offset: 6e9 })).toMatchObject({
      ...{ counts: [0xffff, 0xffff], bytes: 0xffffffff, offset: 0xffffffff },
    });
    const wide = endRecords({ count: 70_000, bytes: 5e9, offset: 6e9 }, 'c', 0x0314);
    expect(wide.readUInt32LE(0)).toBe(0x06064b50);
    expect([4, 24, 32, 40, 48].map((at) => wide.readBigUInt64LE(at))).toEqual([
      44n,
      70_000n,
      70_000n,
      5_000_000_000n,
      6_000_000_000n,
    ]);
    expect([wide.readUInt16LE(12), wide.readUInt16LE(14)]).toEqual([0x0314, 45]);
    expect([wide.readUInt32LE(56), wide.readUInt32LE(72)]).toEqual([0x07064b50, 1]);
    expect(wide.readBigUInt64LE(64)).toBe(11_000_000_000n);
    expect(endRecords({ count: 70_000, bytes: 1, offset: 1 }).readUInt16LE(12)).toBe(0x032d);
  });
});

describe('the time of an entry', () => {
  it('is in steps of two seconds from 1980 on', () => {
    const at = (...of: [number, number, number, number, number, number]) => dosTime(Date.UTC(...of) / 1000);
    expect(at(1980, 0, 1, 0, 0, 0)).toBe(((1 << 5) | 1) * 65_536);
    expect(dosTime(TIME)).toBe(DOS);
    expect(at(2100, 11, 31, 23, 59, 59)).toBe(
      ((120 << 9) | (12 << 5) | 31) * 65_536 + 23 * 2048 + 59 * 32 + 29,
    );
    expect([zipTime(0), zipTime(5e9), zipTime(TIME)]).toEqual([315_532_800, 2 ** 32 - 1, TIME]);
  });

  it('is to the second in the extra field, as long as the field can hold it', () => {
    const field = timestampField(TIME);
    expect(field.toString('latin1', 0, 2)).toBe('UT');
    expect([field.readUInt16LE(2), field.readUInt8(4), field.readInt32LE(5), field.length]).toEqual([
      5,
      1,
      TIME,
      9,
    ]);
    expect(timestampField(2 ** 31 - 1).length).toBe(9);
    expect(timestampField(2 ** 31).length).toBe(0);
    expect(timestampField(0).readInt32LE(5)).toBe(315_532_800);
  });
});
