import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
const { put } = s3;

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('a key', () => {
  const odd = [
    ' led and trailed ',
    'a&amp;<b>"\'',
    '😀',
    '\uff01',
    'a//b',
    'a+b c',
    '%41',
    '__proto__',
    'line\nbreak',
  ];

  it('may hold any character, and is listed in the order of its bytes and deleted as it is', async () => {
    for (const key of odd) await put(`odd/${key}`, key);
    for (const key of odd) {
      const got = await s3.client.send(new GetObjectCommand({ Bucket: 'b', Key: `odd/${key}` }));
      expect(await got.Body?.transformToString()).toBe(key);
    }
    const seen: string[] = [];
    let StartAfter: string | undefined = 'odd/';
    while (StartAfter) {
      const page: ListObjectsV2CommandOutput = await s3.client.send(
        new ListObjectsV2Command({ Bucket: 'b', Prefix: 'odd/', MaxKeys: 1, StartAfter }),
      );
      StartAfter = page.Contents?.[0]?.Key;
      if (StartAfter) seen.push(StartAfter);
    }
    expect(seen).toEqual(odd.map((key) => `odd/${key}`).sort(byBytes));
    const Objects = odd.map((key) => ({ Key: `odd/${key}` }));
    await s3.client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects, Quiet: true } }));
    const left = await s3.client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'odd/' }));
    expect(left.Contents).toBeUndefined();
  });

  it('is listed behind a longer one than there may be, and below a longer prefix is none', async () => {
    for (const key of ['long/a', 'long/b']) await put(key, key);
    const StartAfter = `long/${'a'.repeat(2000)}`;
    const behind = await s3.client.send(
      new ListObjectsV2Command({ Bucket: 'b', Prefix: 'long/', StartAfter }),
    );
    expect(behind.Contents?.map(({ Key }) => Key)).toEqual(['long/b']);
    const below = await s3.client.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: StartAfter }));
    expect(below.Contents).toBeUndefined();
  });

  it('is one of a thousand that are deleted at once', async () => {
    const Objects = Array.from({ length: 1000 }, (_, n) => ({ Key: `${'&"'.repeat(100)}${n}` }));
    const answer = await s3.client.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
  });

  it('is deleted among others only as the one that was seen', async () => {
    const { ETag } = await put('seen');
    const Objects = [{ Key: 'seen', ETag: '"other"' }];
    const refused = await s3.client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects } }));
    expect(refused).toMatchObject({ Errors: [{ Key: 'seen', Code: 'PreconditionFailed' }] });
    const done = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'seen', ETag }] } }),
    );
    expect(done).toMatchObject({ Deleted: [{ Key: 'seen', DeleteMarker: true }] });
  });
});

describe('pages', () => {
  it('of any size hold every version and roll-up once, in order', async () => {
    const keys = ['p/a', 'p/b/1', 'p/b/2', 'p/c', 'p/c', 'p/c', 'p/d/1', 'p/e'];
    for (const key of keys) await put(key);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (MaxKeys) => {
        expect(await allVersions(MaxKeys)).toEqual(['p/a', 'p/b/', 'p/c', 'p/c', 'p/c', 'p/d/', 'p/e']);
      }),
      { numRuns: 9 },
    );
  });

  async function allVersions(MaxKeys: number): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (marker) {
      const page: ListObjectVersionsCommandOutput = await s3.client.send(
        new ListObjectVersionsCommand({ Bucket: 'b', Prefix: 'p/', Delimiter: '/', MaxKeys, ...marker }),
      );
      const { Versions = [], CommonPrefixes = [] } = page;
      expect(Versions.length + CommonPrefixes.length).toBeLessThanOrEqual(MaxKeys);
      seen.push(...[...Versions.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)].sort());
      marker = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    return seen;
  }

  it('of the first kind of list go on behind their marker', async () => {
    for (const key of ['v1/a', 'v1/b']) await put(key);
    const list = (Marker?: string) =>
      s3.client.send(new ListObjectsCommand({ Bucket: 'b', Prefix: 'v1/', MaxKeys: 1, Marker }));
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'v1/a' });
    expect(await list(first.NextMarker)).toMatchObject({ IsTruncated: false, Contents: [{ Key: 'v1/b' }] });
  });

  it('of no size are empty, and the last ones', async () => {
    const page = await s3.client.send(new ListObjectsV2Command({ Bucket: 'b', MaxKeys: 0 }));
    expect(page).toMatchObject({ IsTruncated: false, KeyCount: 0 });
  });
});
