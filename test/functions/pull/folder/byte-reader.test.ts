import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../functions/pull/folder/byte-reader.ts';

async function* streamOf(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

describe('a stream that is read by lengths', () => {
  it('gives each length, in whatever pieces it comes', async () => {
    const reader = new ByteReader(streamOf('ab', '', 'cdef', 'gh'));
    const taken: string[] = [];
    for (const length of [1, 0, 4, 2]) taken.push((await reader.take(length)).toString());
    expect(taken).toEqual(['a', '', 'bcde', 'fg']);
    await expect(reader.take(3)).rejects.toThrow(/^2 bytes are missing at the end$/);
  });

  it('gives a length in the pieces that it has, and no byte of what follows', async () => {
    const reader = new ByteReader(streamOf('abc', 'def'));
    const chunks: string[] = [];
    for await (const chunk of reader.chunks(4)) chunks.push(chunk.toString());
    expect(chunks).toEqual(['abc', 'd']);
    expect((await reader.take(2)).toString()).toBe('ef');
  });

  it('passes over a length, and over all that is left', async () => {
    const reader = new ByteReader(streamOf('abc', 'def'));
    await reader.skip(4);
    expect((await reader.take(1)).toString()).toBe('e');
    await reader.skipRest();
    await expect(reader.skip(2)).rejects.toThrow('bytes are missing at the end');
  });

  it('says at its end how it has failed', async () => {
    const failing = async function* () {
      yield Buffer.from('abc');
      throw new Error('git has failed');
    };
    const reader = new ByteReader(failing());
    await reader.take(3);
    await expect(reader.skipRest()).rejects.toThrow('git has failed');
  });

  it('is ended though it is not read to its end', async () => {
    let ended = false;
    const source = async function* () {
      try {
        yield* streamOf('abc', 'def');
      } finally {
        ended = true;
      }
    };
    const reader = new ByteReader(source());
    await reader.take(1);
    await reader.close();
    expect(ended).toBe(true);
    const endless = { [Symbol.asyncIterator]: () => ({ next: () => streamOf('a').next() }) };
    await expect(new ByteReader(endless).close()).resolves.toBeUndefined();
  });
});
