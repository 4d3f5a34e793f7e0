import { describe, expect, it } from 'vitest';
import { limited } from '../../../functions/pull/store.ts';

describe('an artifact larger than what S3 copies', () => {
  it('fails before it is complete', async () => {
    const counter = { bytes: 0 };
    const read = async (limit: number) => {
      counter.bytes = 0;
      for await (const chunk of limited(parts(), 'key.zip', counter, limit)) expect(chunk.length).toBe(4);
      return counter.bytes;
    };
    expect(await read(8)).toBe(8);
    await expect(read(7)).rejects.toMatchObject({
      name: 'ArtifactTooLarge',
      message: expect.stringContaining('key.zip is larger than 7 bytes'),
    });
  });
});

async function* parts(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(4);
  yield Buffer.alloc(4);
}
