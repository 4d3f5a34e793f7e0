import { buffer } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { centralHeader, endRecords, localHeader } from '../../../../functions/pull/zip/records.ts';
import { writeZip, type ZipEntry } from '../../../../functions/pull/zip/writer.ts';
import { readZipBytes } from '../../../support/zip.ts';

const all = async function* (entries: readonly ZipEntry[]) {
  yield* entries;
};
const zipOf = (entries: readonly ZipEntry[], time = 1_700_000_000) => buffer(writeZip(all(entries), time));
const large = (content: Buffer, size = content.length): ZipEntry['content'] => ({
  size,
  read: async function* () {
    for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000);
  },
});

/** Any name that git takes: bytes without NUL, with no empty part. */
const names = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 })
  .map((parts) =>
    parts.map((part) => Buffer.from(part.map((byte) => (byte === 0 || byte === 0x2f ? 0x5c : byte)))),
  )
  .map((parts) => Buffer.from(parts.map((part) => part.toString('latin1')).join('/'), 'latin1'));
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 20_000 }).map((length) => Buffer.alloc(length, 'some text that repeats')),
);
const files = fc.uniqueArray(
  fc.record({
    name: names,
    mode: fc.constantFrom(0o100644, 0o100755, 0o120777),
    content: contents,
    kind: fc.constantFrom('whole', 'streamed', 'wide'),
  }),
  { selector: ({ name }) => name.toString('latin1'), maxLength: 8 },
);

describe('a zip', () => {
  it('comes back with every name, mode and content as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const entries = given.map(({ name, mode, content, kind }) => ({
          name,
          mode,
          content: kind === 'whole' ? content : large(content, kind === 'wide' ? 2 ** 32 : content.length),
        }));
        const zip = await zipOf(entries);
        const found = await readZipBytes(zip);
        expect(found.map(({ name, mode, body }) => ({ name, mode, body }))).toEqual(
          given.map(({ name, mode, content }) => ({ name, mode, body: content })),
        );
        expect((await zipOf(entries)).equals(zip)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [0, '1980-01-01T00:00:00.000Z'],
    [-5, '1980-01-01T00:00:00.000Z'],
    [315_532_799, '1980-01-01T00:00:00.000Z'],
    [1_700_000_000, '2023-11-14T22:13:20.000Z'],
    [4_000_000_000, '2096-10-02T07:06:40.000Z'],
    [4_500_000_000, '2106-02-07T06:28:14.000Z'],
  ])('clamps the time %d to what a zip can hold', async (time, expected) => {
    const [entry] = await readZipBytes(
      await zipOf([{ name: Buffer.from('a'), mode: 0o100644, content: Buffer.from('a') }], time),
    );
    expect(entry?.dosTime.toISOString()).toBe(expected);
    expect(entry?.time.getTime()).toBeCloseTo(Date.parse(expected), -4);
  });

  it('fails with the error of the content that cannot be read', async () => {
    const content: ZipEntry['content'] = {
      size: 1e7,
      // biome-ignore lint/correctness/useYield: it fails before
      read: async function* () {
        throw new Error('the disk is gone');
      },
    };
    const entry = { name: Buffer.from('a'), mode: 0o100644, content };
    await expect(zipOf([entry])).rejects.toThrow('the disk is gone');
  });

  it('has 64-bit offsets and counts where 32 and 16 bits are too few', () => {
    const header = {
      name: Buffer.from('a'),
      mode: 0o100644,
      time: 1_700_000_000,
      deflated: true,
      streamed: true,
      wide: true,
      crc: 1,
      size: 5e9,
      packed: 4.5e9,
    };
    const central = centralHeader(header, 6e9);
    expect([central.readUInt32LE(20), central.readUInt32LE(24), central.readUInt32LE(42)]).toEqual([
      0xffffffff, 0xffffffff, 0xffffffff,
    ]);
    const field = central.subarray(46 + 1);
    expect([field.readUInt16LE(0), field.readUInt16LE(2)]).toEqual([1, 24]);
    expect([4, 12, 20].map((at) => Number(field.readBigUInt64LE(at)))).toEqual([5e9, 4.5e9, 6e9]);
    expect(localHeader(header).readUInt32LE(18)).toBe(0xffffffff);
    const end = endRecords({ count: 70_000, bytes: 4_000_000, offset: 5e9 });
    expect(end.length).toBe(56 + 20 + 22);
    expect([Number(end.readBigUInt64LE(32)), Number(end.readBigUInt64LE(48))]).toEqual([70_000, 5e9]);
    expect(Number(end.readBigUInt64LE(64))).toBe(5e9 + 4_000_000);
    expect([end.readUInt16LE(76 + 10), end.readUInt32LE(76 + 16)]).toEqual([0xffff, 0xffffffff]);
  });

  it('has what deflates well deflated, as git archive -1 does, and everything else as it is', async () => {
    const content = Buffer.from(Array.from({ length: 9000 }, (_, n) => (n * n) % 251));
    const packed = deflateRawSync(content, { level: 1 });
    expect(packed.equals(deflateRawSync(content))).toBe(false);
    const file = (given: ZipEntry['content']) =>
      zipOf([{ name: Buffer.from('a'), mode: 0o100644, content: given }]);
    for (const zip of [await file(content), await file(large(content))]) {
      expect([zip.readUInt16LE(4), zip.readUInt16LE(8), zip.includes(packed)]).toEqual([20, 8, true]);
      // no comment behind the end
      expect(zip.readUInt32LE(zip.length - 22)).toBe(0x06054b50);
    }
    for (const short of ['', 'ab', 'abc']) expect((await file(Buffer.from(short))).readUInt16LE(8)).toBe(0);
  });

  it.each([
    [0xefffffff, 20],
    [0xf0000000, 45],
  ])('has 64-bit sizes from a content of %d bytes on: version %d', async (size, version) => {
    const content = large(Buffer.from('x'), size);
    const zip = await zipOf([{ name: Buffer.from('a'), mode: 0o100644, content }]);
    expect(zip.readUInt16LE(4)).toBe(version);
  });

  it('holds more entries than 16 bits count', async () => {
    const content = Buffer.alloc(0);
    const many = Array.from({ length: 66_000 }, (_, n) => ({
      name: Buffer.from(`${n}`),
      mode: 0o100644,
      content,
    }));
    const file = await fromBufferPromise(await zipOf(many));
    expect(file.entryCount).toBe(66_000);
    expect((await file.eachEntry().next()).value?.fileName).toBe('0');
  });
});
