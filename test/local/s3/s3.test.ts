import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fake-cloud.ts';
import { type S3Server, startS3 } from './server.ts';

const folder = temporaryFolder();
let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3(join(folder.path, 'main'));
});
afterAll(async () => {
  await s3.close();
  folder.remove();
});

const put = (Key: string, Body: string | Buffer, more: object = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket: 'b', Key, Body, ...more }));
const get = (Key: string, more: object = {}) =>
  s3.client.send(new GetObjectCommand({ Bucket: 'b', Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();

describe('an object', () => {
  it('comes back with its bytes, type, metadata, tag and version', async () => {
    const { ETag, VersionId } = await put('a/ü "b" +%.txt', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { commit: 'c1', note: 'a b' },
    });
    const got = await get('a/ü "b" +%.txt');
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ETag,
      VersionId,
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentLength: 5,
      Metadata: { commit: 'c1', note: 'a b' },
      ChecksumCRC32: 'NhCmhg==',
    });
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(got.LastModified).toBeInstanceOf(Date);
  });

  it('is refused when its bytes are not those of its checksum', async () => {
    await expect(put('sum', 'hello', { ChecksumSHA256: 'wrong' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(put('sum', 'hello', { ContentMD5: 'wrong' })).rejects.toMatchObject({ name: 'BadDigest' });
    await put('sum', 'hello', { ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' });
    await expect(get('sum2')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('is read in ranges and on conditions', async () => {
    const { ETag } = await put('range', '0123456789');
    expect(await text('range', { Range: 'bytes=2-4' })).toBe('234');
    expect(await text('range', { Range: 'bytes=-3' })).toBe('789');
    expect(await text('range', { Range: 'bytes=8-' })).toBe('89');
    await expect(get('range', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(get('range', { IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(get('range', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  it('keeps every version, behind markers of deletion', async () => {
    const one = await put('v', 'one');
    const two = await put('v', 'two');
    expect(await text('v')).toBe('two');
    expect(await text('v', { VersionId: one.VersionId })).toBe('one');
    const marker = await s3.client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'v' }));
    expect(marker).toMatchObject({ DeleteMarker: true });
    await expect(get('v')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(get('v', { VersionId: marker.VersionId })).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    });
    await expect(get('v', { VersionId: 'none' })).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const listed = await s3.client.send(new ListObjectVersionsCommand({ Bucket: 'b', Prefix: 'v' }));
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'v', IsLatest: true, VersionId: marker.VersionId }]);
    expect(listed.Versions).toMatchObject([
      { Key: 'v', VersionId: two.VersionId, IsLatest: false, Size: 3 },
      { Key: 'v', VersionId: one.VersionId, IsLatest: false },
    ]);
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'v', VersionId: marker.VersionId }));
    expect(await text('v')).toBe('two');
  });

  it('is overwritten in a bucket without versions, and its old bytes are gone', async () => {
    const send = (Body: string) => s3.client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body }));
    await send('one');
    const files = readdirSync(join(folder.path, 'main', 's3')).length;
    expect((await send('two')).VersionId).toBeUndefined();
    expect(readdirSync(join(folder.path, 'main', 's3'))).toHaveLength(files);
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'k' }));
    expect(readdirSync(join(folder.path, 'main', 's3'))).toHaveLength(files - 1);
  });

  it('is written once by If-None-Match, whoever is faster', async () => {
    const writers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => put('once', `writer ${n}`, { IfNoneMatch: '*' })),
    );
    expect(writers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const writer of writers)
      if (writer.status === 'rejected') expect(writer.reason).toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is replaced, copied and deleted only as the one that was seen', async () => {
    const { ETag = '' } = await put('seen', 'one', { Metadata: { commit: 'c' } });
    await expect(put('seen', 'two', { IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(put('none', 'two', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const copy = (Key: string, more: object) =>
      s3.client.send(new CopyObjectCommand({ Bucket: 'b', Key, CopySource: 'b/seen', ...more }));
    await copy('copied', { IfNoneMatch: '*' });
    await expect(copy('copied', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await copy('copied', { IfMatch: ETag });
    expect(await get('copied')).toMatchObject({ Metadata: { commit: 'c' }, ETag });
    await copy('copied', { MetadataDirective: 'REPLACE', Metadata: { commit: 'd' } });
    expect((await get('copied')).Metadata).toEqual({ commit: 'd' });
    const remove = (IfMatch: string) =>
      s3.client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'copied', IfMatch }));
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove(ETag);
    await expect(get('copied')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a multipart upload', () => {
  it('of a stream makes the same bytes', async () => {
    const bytes = randomBytes(12 * 2 ** 20 + 123);
    const upload = new Upload({
      client: s3.client,
      partSize: 5 * 2 ** 20,
      params: {
        Bucket: 'b',
        Key: 'large',
        Body: Readable.from([bytes.subarray(0, 7_000_000), bytes.subarray(7_000_000)]),
      },
    });
    const { ETag } = await upload.done();
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const got = await get('large');
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(await text('large', { Range: `bytes=${5 * 2 ** 20 - 2}-${5 * 2 ** 20 + 1}` })).toBe(
      bytes.subarray(5 * 2 ** 20 - 2, 5 * 2 ** 20 + 2).toString(),
    );
  });

  it('is listed until it is aborted, and leaves no file behind', async () => {
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'abort' }),
    );
    const at = { Bucket: 'b', Key: 'abort', UploadId };
    await s3.client.send(new UploadPartCommand({ ...at, PartNumber: 2, Body: 'two' }));
    expect((await s3.client.send(new ListPartsCommand(at))).Parts).toMatchObject([
      { PartNumber: 2, Size: 3 },
    ]);
    const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: 'b' }));
    expect(uploads.Uploads).toMatchObject([{ Key: 'abort', UploadId }]);
    const files = readdirSync(join(folder.path, 'main', 's3')).length;
    await s3.client.send(new AbortMultipartUploadCommand(at));
    expect(readdirSync(join(folder.path, 'main', 's3'))).toHaveLength(files - 1);
    await expect(s3.client.send(new ListPartsCommand(at))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('a list', () => {
  it('comes in pages, with what a delimiter rolls up', async () => {
    for (const key of ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/d/1']) await put(key, key);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.client.send(
        new ListObjectsV2Command({
          Bucket: 'b',
          Prefix: 'l/',
          Delimiter: '/',
          MaxKeys: 2,
          ContinuationToken,
        }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen.sort()).toEqual(['l/a', 'l/b/', 'l/c', 'l/d/']);
  });

  it('of versions goes on in the middle of a key', async () => {
    for (const n of [1, 2, 3]) await put('page/k', `${n}`);
    const first = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: 'b', Prefix: 'page/', MaxKeys: 2 }),
    );
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'page/k' });
    const rest = await s3.client.send(
      new ListObjectVersionsCommand({
        Bucket: 'b',
        Prefix: 'page/',
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );
    expect([...(first.Versions ?? []), ...(rest.Versions ?? [])].map(({ IsLatest }) => IsLatest)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('of deletions says what each came to', async () => {
    await put('del/1', '1');
    const answer = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: 'b', Delete: { Objects: [{ Key: 'del/1' }, { Key: 'del/none' }] } }),
    );
    expect(answer.Deleted).toMatchObject([{ Key: 'del/1', DeleteMarker: true }, { Key: 'del/none' }]);
  });
});

describe('S3', () => {
  it('knows its buckets, and says so of one that is none', async () => {
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['b', 'plain']);
    await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'no' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.client.send(new HeadObjectCommand({ Bucket: 'no', Key: 'k' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.client.send(new ListObjectsV2Command({ Bucket: 'no' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  it('names what it does not have', async () => {
    await expect(s3.client.send(new GetObjectAclCommand({ Bucket: 'b', Key: 'v' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
    await expect(put('tagged', 'x', { Tagging: 'a=b' })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
    });
  });

  it('keeps everything through a restart, and removes what was being written', async () => {
    const path = join(folder.path, 'restart');
    const before = await startS3(path);
    await before.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'kept' }));
    await before.close();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(path, 's3', 'half-written'), 'x');
    const after = await startS3(path);
    const got = await after.client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('kept');
    expect(readdirSync(join(path, 's3'))).toHaveLength(1);
    await after.close();
  });
});
