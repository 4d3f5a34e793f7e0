import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findArtifact, limited, putOnce, readObject } from '../../../functions/pull/store.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
  stubAwsEnvironment(aws.endpoint);
});
beforeEach(() => {
  aws.beforePut = () => {};
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws?.close();
});

async function* parts(...sizes: number[]): AsyncGenerator<Buffer> {
  for (const [n, size] of sizes.entries()) yield Buffer.alloc(size, n + 1);
}
const put = (key: string, body: AsyncIterable<Buffer>, metadata: Record<string, string> = {}) =>
  putOnce({ bucket: 'bucket', key, metadata }, body);
const stored = (key: string) => aws.objects.get(key);
const fails = (code: string, status: number) => {
  aws.beforePut = () => {
    throw new AwsError(code, 'said', status);
  };
};

describe('an artifact', () => {
  it('is written with its metadata, and found with its version, size and content', async () => {
    const made = await put('k.zip', parts(3, 4), { content: 'tree', commit: 'c' });
    const { versionId, body, metadata } = stored('k.zip') ?? {};
    expect(body).toEqual(Buffer.from([1, 1, 1, 2, 2, 2, 2]));
    expect(metadata).toEqual({ content: 'tree', commit: 'c' });
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    expect(made).toEqual({ key: 'k.zip', versionId, bytes: 7, sha256, content: 'tree' });
    expect(await findArtifact('bucket', 'k.zip')).toEqual({
      key: 'k.zip',
      versionId,
      bytes: 7,
      content: 'tree',
    });
    expect(await put('of-commit.zip', parts(1))).toMatchObject({ content: '' });
    expect(await findArtifact('bucket', 'of-commit.zip')).toMatchObject({ content: '' });
    expect(await findArtifact('bucket', 'none.zip')).toBeUndefined();
  });

  it('is never written over: the one that stands there is it', async () => {
    await put('once.zip', parts(1));
    expect(await put('once.zip', parts(5))).toEqual(await findArtifact('bucket', 'once.zip'));
    expect(stored('once.zip')?.body.length).toBe(1);
    const large = await put('once.zip', parts(9 * 2 ** 20));
    expect(large).toMatchObject({ bytes: 1 });
  });

  it('is made again where another writer is in the way', async () => {
    fails('ConditionalRequestConflict', 409);
    expect(await put('conflict.zip', parts(1))).toBeUndefined();
  });

  it('of many parts is whole', async () => {
    const made = await put('parts.zip', parts(6 * 2 ** 20, 6 * 2 ** 20));
    expect(made?.bytes).toBe(12 * 2 ** 20);
    expect(stored('parts.zip')?.body.equals(await buffer(parts(6 * 2 ** 20, 6 * 2 ** 20)))).toBe(true);
  });

  it('is none where its body fails', async () => {
    const body = async function* () {
      yield* parts(9 * 2 ** 20);
      throw new Error('git has failed');
    };
    await expect(put('failed.zip', body())).rejects.toThrow(/^git has failed$/);
    expect([stored('failed.zip'), aws.parts.size]).toEqual([undefined, 0]);
  });

  it.each([
    [
      'AccessDenied',
      403,
      /^artifact refused.zip could not be written to bucket bucket: S3 answered 403 AccessDenied \(.*said\); check the bucket, its key and what the build's role may do there$/,
    ],
    [
      'SlowDown',
      503,
      /^SlowDown: artifact refused.zip could not be written to bucket bucket: S3 answered 503 SlowDown/,
    ],
    [
      'Throttling',
      400,
      /^Throttling: artifact refused.zip could not be written to bucket bucket: S3 answered 400 Throttling/,
    ],
    ['Odd', 500, /^ServiceUnavailable: artifact refused.zip .*: S3 answered 500 Odd/],
    ['Odd', 499, /^artifact refused.zip .*: S3 answered 499 Odd/],
  ])('that S3 refuses by %s says so', async (code, status, message) => {
    fails(code, status);
    await expect(put('refused.zip', parts(1))).rejects.toMatchObject({
      name: 'PullFailed',
      message: expect.stringMatching(message),
      cause: expect.objectContaining({ name: code }),
    });
  });

  it.each([
    [
      403,
      /^artifact \?status=403 could not be looked for in bucket bucket: S3 answered 403 \w+; check the bucket/,
    ],
    [
      500,
      /^ServiceUnavailable: artifact \?status=500 could not be looked for in bucket bucket: S3 answered 500 \w+$/,
    ],
  ])('that cannot be looked for by %d says so', async (status, message) => {
    vi.spyOn(aws.objects, 'get').mockImplementation(() => {
      throw new AwsError('Unknown', 'said', status);
    });
    await expect(findArtifact('bucket', `?status=${status}`)).rejects.toMatchObject({
      name: 'PullFailed',
      message: expect.stringMatching(message),
    });
    vi.restoreAllMocks();
  });

  it('is read from one byte to another', async () => {
    await put('read.zip', parts(3, 3));
    const read = async (start: number, end: number) => [
      ...(await buffer(readObject('bucket', 'read.zip', start, end))),
    ];
    expect(await read(2, 5)).toEqual([1, 2, 2]);
    expect(await read(0, 1)).toEqual([1]);
    expect(await read(3, 3)).toEqual([]);
    await expect(buffer(readObject('bucket', 'none.zip', 0, 1))).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await buffer(readObject('bucket', 'none.zip', 1, 1))).toHaveLength(0);
  });
});

describe('an artifact larger than what S3 copies', () => {
  it('fails before it is complete', async () => {
    const counter = { bytes: 0 };
    const read = async (limit: number) => {
      counter.bytes = 0;
      for await (const chunk of limited(parts(4, 4), 'key.zip', counter, limit)) expect(chunk.length).toBe(4);
      return counter.bytes;
    };
    expect(await read(8)).toBe(8);
    await expect(read(7)).rejects.toMatchObject({
      name: 'ArtifactTooLarge',
      message:
        'artifact key.zip is larger than 7 bytes, the most S3 copies; leave files out with export-ignore in .gitattributes, in a rule without `git: true`',
    });
  });

  it('has more than 5 GiB', async () => {
    const chunk = Object.defineProperty(Buffer.alloc(0), 'length', { value: 5 * 2 ** 30 });
    const one = async function* (more: number) {
      yield chunk;
      yield Buffer.alloc(more);
    };
    const sizes: number[] = [];
    for await (const { length } of limited(one(0), 'k', { bytes: 0 })) sizes.push(length);
    expect(sizes).toEqual([5 * 2 ** 30, 0]);
    await expect(limited(one(1), 'k', { bytes: 5 * 2 ** 30 }).next()).rejects.toThrow(
      'larger than 5368709120 bytes',
    );
  });

  it('is told of while it grows', async () => {
    const log: unknown[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(text) > 0);
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 10_000));
    for await (const _ of limited(parts(1_500_000), 'k.zip', { bytes: 0 }));
    vi.restoreAllMocks();
    expect(log).toEqual(['artifact k.zip: 1.5 MB so far\n']);
  });
});
