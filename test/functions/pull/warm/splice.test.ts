import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EntryReader, PIECE, withTime } from '../../../../functions/pull/warm/entry-reader.ts';
import { splice } from '../../../../functions/pull/warm/splice.ts';
import { readDirectory, type ZipSource } from '../../../../functions/pull/warm/zip-source.ts';
import { centralHeader, endRecords } from '../../../../functions/pull/zip/records.ts';
import { timestampField } from '../../../../functions/pull/zip/time.ts';
import { writeZip, type ZipEntry } from '../../../../functions/pull/zip/writer.ts';

const COMMIT = 'c'.repeat(40);
const [BEFORE, AFTER] = [1_700_000_000, 1_700_003_600];

type Files = Record<string, string | Buffer>;
async function* entriesOf(files: Files): AsyncGenerator<ZipEntry> {
  for (const [name, content] of Object.entries(files))
    yield {
      name: Buffer.from(name, 'latin1'),
      mode: name.endsWith('/') ? 0o40755 : 0o100644,
      content: Buffer.from(content),
    };
}
async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of pieces) found.push(piece);
  return Buffer.concat(found);
}
const zipOf = (files: Files, time: number) => whole(writeZip(entriesOf(files), time, COMMIT));
const sourceOf = (zip: Buffer, piece = 7001) => {
  const source = {
    size: zip.length,
    closed: 0,
    asked: [] as number[],
    async *read(start: number, end: number) {
      source.asked.push(start);
      try {
        // in pieces that fit nothing
        for (let at = start; at < Math.min(end, zip.length); at += piece)
          yield zip.subarray(at, Math.min(at + piece, end));
      } finally {
        source.closed++;
      }
    },
  };
  return source satisfies ZipSource;
};
const opened = async (zip: Buffer) => {
  const source = sourceOf(zip);
  return { source, directory: await readDirectory(source, 40) };
};
async function spliced(earlier: Files, changed: Files, paths: readonly string[], sha256?: string) {
  const [old, fresh] = [await zipOf(earlier, BEFORE), await zipOf(changed, AFTER)];
  const parts = {
    earlier: { ...(await opened(old)), sha256: sha256 ?? createHash('sha256').update(old).digest('hex') },
    changed: await opened(fresh),
    isChanged: (path: string) => paths.includes(path),
  };
  const pieces: Buffer[] = [];
  for await (const piece of splice({ ...parts, commit: COMMIT, time: AFTER })) pieces.push(piece);
  return {
    zip: Buffer.concat(pieces),
    pieces,
    closed: [parts.earlier.source.closed, parts.changed.source.closed],
  };
}
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, n) => (n * n * 31 + n) % 251));

/** What deflates to no less. */
const large = Buffer.concat(
  Array.from({ length: 10_000 }, (_, n) => createHash('sha512').update(`${n}`).digest()),
);

describe('a zip spliced from two', () => {
  it('is the one that is made of all entries', async () => {
    const earlier = {
      'a/': '',
      'a/b/': '',
      'a/b/c': 'c',
      'a/x': 'x',
      big: large,
      'gone/': '',
      'gone/g': 'g',
      z: 'z',
    };
    const changed = {
      'a/': '',
      'a/n/': '',
      'a/n/new': 'new',
      'a/x': 'y',
      'at/': '',
      'at/tributes': 'not taken',
    };
    const { zip, pieces, closed } = await spliced(earlier, changed, ['a/x', 'a/n/new', 'gone/g']);
    const wanted = {
      'a/': '',
      'a/b/': '',
      'a/b/c': 'c',
      'a/n/': '',
      'a/n/new': 'new',
      'a/x': 'y',
      big: large,
      z: 'z',
    };
    expect(zip.equals(await zipOf(wanted, AFTER))).toBe(true);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(PIECE);
    expect(pieces.length).toBeGreaterThan(1);
    expect(closed).toEqual([1, 1]);
  });

  it('is ordered by the bytes of the names', async () => {
    const { zip } = await spliced({ a: '1', 'a-b': '2', c: '3', '\xe9': '4' }, { b: '5', '\xff': '6' }, [
      'b',
      '\xff',
    ]);
    expect(
      zip.equals(await zipOf({ a: '1', 'a-b': '2', b: '5', c: '3', '\xe9': '4', '\xff': '6' }, AFTER)),
    ).toBe(true);
  });

  it('passes over what is large and gone', async () => {
    const { zip } = await spliced({ a: large, b: large, z: 'z' }, {}, ['a', 'b']);
    expect(zip.equals(await zipOf({ z: 'z' }, AFTER))).toBe(true);
  });

  it('of nothing is empty', async () => {
    const { zip } = await spliced({ a: '1' }, {}, ['a']);
    expect(zip.equals(await zipOf({}, AFTER))).toBe(true);
  });

  it('fails where the earlier one is not what it was, and closes both', async () => {
    const old = await opened(await zipOf({ a: '1' }, BEFORE));
    const fresh = await opened(await zipOf({}, AFTER));
    const parts = { earlier: { ...old, sha256: 'another' }, changed: fresh, isChanged: () => false };
    await expect(whole(splice({ ...parts, commit: COMMIT, time: AFTER }))).rejects.toThrow(
      'the earlier artifact is not what it was',
    );
    expect(old.source.closed).toBe(1);
  });

  it('is none of two that have 4 GiB together', async () => {
    const [old, fresh] = [
      await opened(await zipOf({ a: '1' }, BEFORE)),
      await opened(await zipOf({}, AFTER)),
    ];
    const of = (size: number) => {
      const source = Object.assign(Object.create(old.source), { size: size - fresh.source.size });
      return splice({
        earlier: { ...old, source, sha256: '' },
        changed: fresh,
        isChanged: () => false,
        commit: COMMIT,
        time: AFTER,
      });
    };
    await expect(whole(of(0xffffffff))).rejects.toThrow('the zip might have more than 4 GiB');
    await expect(whole(of(0xfffffffe))).rejects.not.toThrow('4 GiB');
  });
});

describe('the directory of a zip', () => {
  it('tells where each entry begins and ends', async () => {
    const zip = await zipOf({ 'a/': '', '\xe9': 'text', c: 'x' }, BEFORE);
    const { entries, tail } = await readDirectory(sourceOf(zip), 40);
    expect(entries.map(({ name }) => name)).toEqual(['a/', '\xe9', 'c']);
    expect(entries.map(({ start }) => start)).toEqual([0, ...entries.slice(0, -1).map(({ end }) => end)]);
    expect(entries.at(-1)?.end).toBe(zip.length - tail.length);
    for (const { record, start } of entries) {
      expect([record.readUInt32LE(0), zip.readUInt32LE(start)]).toEqual([0x02014b50, 0x04034b50]);
    }
    expect(tail.equals(zip.subarray(zip.length - tail.length))).toBe(true);
    expect((await readDirectory(sourceOf(await zipOf({}, BEFORE)), 40)).entries).toEqual([]);
  });

  /** A zip of so many empty entries, or what of it is read: their directory. */
  const directoryOf = (names: readonly string[]) => {
    const header = {
      ...{ mode: 0o100644, time: BEFORE, deflated: false, streamed: false, wide: false },
      ...{ crc: 0, size: 0, packed: 0 },
    };
    const recordOf = (name: string) => centralHeader({ ...header, name: Buffer.from(name) }, 0);
    const [first] = names;
    const same = first !== undefined && names.every((name) => name === first) && recordOf(first);
    const records = names.map((name) => same || recordOf(name));
    const bytes = records.reduce((sum, { length }) => sum + length, 0);
    return Buffer.concat([...records, endRecords({ count: names.length, bytes, offset: 0 }, COMMIT)]);
  };

  it('is read in one request where it is short, and again where it is long', async () => {
    const names = Array.from({ length: 3_500 }, (_, n) => `${n}-${'n'.repeat(300)}`);
    const long = sourceOf(directoryOf(names), 2 ** 20);
    const { entries } = await readDirectory(long, 40);
    expect([entries.length, entries.at(-1)?.name]).toEqual([3_500, names.at(-1)]);
    expect(long.asked).toEqual([long.size - 2 ** 20, 0]);
    const short = sourceOf(await zipOf({ a: large, b: large }, BEFORE), 2 ** 20);
    expect((await readDirectory(short, 40)).entries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(short.asked).toHaveLength(1);
  });

  it('with 65,535 entries counts them with 64 bits', async () => {
    const zip = directoryOf(Array.from({ length: 65_535 }, () => 'x'));
    expect((await readDirectory(sourceOf(zip, 2 ** 22), 40)).entries).toHaveLength(65_535);
  });

  it('is none of something else, and of 4 GiB', async () => {
    await expect(readDirectory(sourceOf(Buffer.alloc(100)), 40)).rejects.toThrow(
      'it is a zip of 4 GiB or more, or none',
    );
    const far = await zipOf({}, BEFORE);
    far.writeUInt32LE(0xffffffff, far.length - 40 - 6);
    await expect(readDirectory(sourceOf(far), 40)).rejects.toThrow('it is a zip of 4 GiB or more, or none');
  });
});

describe('the entries of a zip', () => {
  it('are refused where the zip ends before its directory says so', async () => {
    const zip = await zipOf({ a: noise(1000), b: 'b' }, BEFORE);
    const { directory } = await opened(zip);
    const cut = { size: zip.length, read: () => sourceOf(zip.subarray(0, 40)).read(0, 40) };
    const [first, second] = directory.entries;
    if (!first || !second) throw new Error('there are no entries');
    const long = { ...second, end: second.end + 1000 };
    const wide = sourceOf(Buffer.concat([zip, Buffer.alloc(500)]));
    await expect(whole(new EntryReader({ source: wide, directory }).read(long, AFTER))).rejects.toThrow(
      'the zip ends before its directory says so',
    );
    const read = (entry: typeof first) =>
      whole(new EntryReader({ source: cut, directory }).read(entry, AFTER));
    await expect(read(first)).rejects.toThrow('the zip ends before its directory says so');
    await expect(read(second)).rejects.toThrow('the zip ends before its directory says so');
  });

  it('have the time first in their extra field, and nothing else there', () => {
    const header = Buffer.concat([Buffer.alloc(30), timestampField(BEFORE)]);
    expect(withTime(header, 10, 30, AFTER).subarray(30)).toEqual(timestampField(AFTER));
    expect(header.subarray(30)).toEqual(timestampField(BEFORE));
    header.write('XX', 30);
    expect(() => withTime(header, 10, 30, AFTER)).toThrow('an entry has another extra field than the time');
  });
});
