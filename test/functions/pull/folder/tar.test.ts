import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../functions/pull/folder/byte-reader.ts';
import { tarEntries } from '../../../../functions/pull/folder/tar.ts';

interface Entry {
  readonly name: string;
  readonly type?: string;
  readonly mode?: number;
  readonly content?: string;
  readonly size?: string;
  readonly target?: string;
  readonly prefix?: string;
}

/** A header and its content, as POSIX's ustar has them. */
function block({
  name,
  type = '0',
  mode = 0o644,
  content = '',
  size,
  target = '',
  prefix = '',
}: Entry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write(size ?? `${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write(target, 157);
  header.write(prefix, 345);
  const body = Buffer.from(content);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
const record = (name: string, value: string): string => {
  const rest = ` ${name}=${value}\n`;
  const length = Buffer.byteLength(rest) + 2;
  return `${length}${rest}`;
};
const extended = (...records: string[]): Buffer =>
  block({ name: 'pax', type: 'x', content: records.join('') });

/** A tar in pieces that fit nothing. @param rest what follows its end */
async function* pieces(blocks: readonly Buffer[], rest = Buffer.alloc(1024)): AsyncGenerator<Buffer> {
  const tar = Buffer.concat([...blocks, rest]);
  for (let at = 0; at < tar.length; at += 700) yield tar.subarray(at, at + 700);
}
async function read(folder: string, blocks: readonly Buffer[]) {
  const found = [];
  for await (const { name, mode, content } of tarEntries(pieces(blocks), folder))
    found.push([name.toString(), mode.toString(8), Buffer.isBuffer(content) ? content.toString() : content]);
  return found;
}

describe('the entries of a tar', () => {
  it('are files, programs, links and folders below the folder, named from there', async () => {
    expect(
      await read('a/b', [
        block({ name: 'global', type: 'g', content: 'comment' }),
        block({ name: 'a/', type: '5', mode: 0o755 }),
        block({ name: 'a/b/', type: '5', mode: 0o755 }),
        block({ name: 'a/b/file', content: 'x'.repeat(512) }),
        block({ name: 'a/b/run', content: 'run', mode: 0o775 }),
        block({ name: 'a/b/c/', type: '5', mode: 0o755 }),
        block({ name: 'a/b/c/link', type: '2', target: '../file', mode: 0o777 }),
        block({ name: 'a/bc', content: 'beside' }),
        block({ name: 'x/a/b/no', content: 'y'.repeat(700) }),
        block({ name: 'b/last', prefix: 'a', content: '' }),
      ]),
    ).toEqual([
      ['file', '100644', 'x'.repeat(512)],
      ['run', '100755', 'run'],
      ['c/', '40755', ''],
      ['c/link', '120777', '../file'],
      ['last', '100644', ''],
    ]);
  });

  it('have what did not fit their header in an extended one before them, and the next have not', async () => {
    const name = `a/${'n'.repeat(80)}`;
    const target = 't'.repeat(80);
    expect(
      await read('a', [
        extended(record('path', name), record('linkpath', target)),
        block({ name: 'cut', type: '2', target: 'cut' }),
        extended(record('path', 'a/ü=é')),
        block({ name: 'cut', content: 'text' }),
        block({ name: 'a/z', type: '2', target: 'y' }),
      ]),
    ).toEqual([
      ['n'.repeat(80), '120777', target],
      ['ü=é', '100644', 'text'],
      ['z', '120777', 'y'],
    ]);
  });

  it('have a name and a target that fill their fields', async () => {
    const name = `a/${'n'.repeat(98)}`;
    const target = 't'.repeat(100);
    expect(await read('a', [block({ name, type: '2', target })])).toEqual([
      ['n'.repeat(98), '120777', target],
    ]);
  });

  it('have the size of the extended header, and one with spaces', async () => {
    const sized = block({ name: 'a/b', content: 'content', size: '00000000000\0' });
    expect(
      await read('a', [
        extended(`10 size=7\n`),
        sized,
        block({ name: 'a/c', content: 'abc', size: '         3 \0' }),
      ]),
    ).toEqual([
      ['b', '100644', 'content'],
      ['c', '100644', 'abc'],
    ]);
  });

  it('are streamed where they are large', async () => {
    const content = 'l'.repeat(4 * 2 ** 20);
    const found = [];
    const blocks = [block({ name: 'a/most', content }), block({ name: 'a/more', content: `${content}!` })];
    for await (const entry of tarEntries(pieces(blocks), 'a')) {
      if (Buffer.isBuffer(entry.content)) found.push(entry.content.length);
      else {
        let read = '';
        for await (const chunk of entry.content.read()) read += chunk.toString();
        found.push({ size: entry.content.size, same: read === `${content}!` });
      }
    }
    expect(found).toEqual([4 * 2 ** 20, { size: 4 * 2 ** 20 + 1, same: true }]);
  });

  it('end with the stream, which is read to its end, and fail with it', async () => {
    const seen: string[] = [];
    const failing = async function* () {
      yield* pieces([block({ name: 'a/b', content: 'x' })]);
      seen.push('end');
      throw new Error('git has failed');
    };
    const all = async () => {
      for await (const { name } of tarEntries(failing(), 'a')) seen.push(name.toString());
    };
    await expect(all()).rejects.toThrow('git has failed');
    expect(seen).toEqual(['b', 'end']);
  });

  it('end the stream when they are left', async () => {
    let closed = false;
    const stream = async function* () {
      try {
        yield* pieces([block({ name: 'a/b' }), block({ name: 'a/c' })]);
      } finally {
        closed = true;
      }
    };
    for await (const { name } of tarEntries(stream(), 'a')) {
      expect(name.toString()).toBe('b');
      break;
    }
    expect(closed).toBe(true);
  });
});

describe('a reader of bytes', () => {
  const reader = (...parts: string[]) =>
    new ByteReader(
      (async function* () {
        for (const part of parts) yield Buffer.from(part);
      })(),
    );

  it('gives as many as are asked for, across the pieces', async () => {
    const of = reader('ab', '', 'cdef', 'g');
    expect((await of.take(0)).length).toBe(0);
    expect((await of.take(1)).toString()).toBe('a');
    expect((await of.take(3)).toString()).toBe('bcd');
    await of.skip(1);
    expect((await of.take(2)).toString()).toBe('fg');
  });

  it('fails where there are fewer', async () => {
    await expect(reader('ab').take(5)).rejects.toThrow('3 bytes are missing at the end');
    await expect(reader().skip(1)).rejects.toThrow('1 bytes are missing at the end');
    await reader('ab', 'cd').skipRest();
  });

  it('closes what has nothing to close', async () => {
    const bare = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true as const, value: undefined }) }),
    };
    await new ByteReader(bare).close();
  });
});
