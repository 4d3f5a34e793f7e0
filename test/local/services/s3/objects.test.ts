import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { identityDocument } from '../../../../local/core/iam/document.ts';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
const { get, put, text } = s3;

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

  it('that a full disk does not take is refused with what to do, and leaves nothing', async () => {
    const before = s3.files();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const Body = Readable.from(
      (async function* () {
        yield Buffer.from('half of it');
        throw full;
      })(),
    );
    const input = { Bucket: 'b', Key: 'full', Body };
    await expect(s3.cloud.request('s3', 'PutObject', input)).rejects.toThrow(
      /^the disk of .* is full: make room/,
    );
    expect(s3.files()).toEqual(before);
  });

  it.each<[string, (file: string) => void]>([
    ['is cut', (file) => truncateSync(file, 100_000)],
    ['is empty', (file) => truncateSync(file, 0)],
    ['is missing', (file) => rmSync(file)],
  ])('whose file %s is neither served nor copied, and the error names the file', async (_, hurt) => {
    const before = new Set(s3.files());
    await put('hurt', Buffer.alloc(200_000));
    const [file = ''] = s3.files().filter((name) => !before.has(name));
    hurt(join(s3.folder, file));
    const error = {
      name: 'InternalError',
      message: expect.stringMatching(`${file} has \\d+ of 200000 bytes`),
    };
    await expect(get('hurt')).rejects.toMatchObject(error);
    await expect(get('hurt', { Range: 'bytes=0-9' })).rejects.toMatchObject(error);
    const copied = { Bucket: 'b', Key: 'copy', CopySource: 'b/hurt' };
    await expect(s3.client.send(new CopyObjectCommand(copied))).rejects.toMatchObject(error);
    const { Body } = z.looseObject({ Body: z.instanceof(Readable) }).parse(
      // As a pipeline reads its source.
      await s3.cloud.request('s3', 'GetObject', { Bucket: 'b', Key: 'hurt' }),
    );
    await expect(s3.cloud.request('s3', 'PutObject', { Bucket: 'b', Key: 'copy', Body })).rejects.toThrow(
      file,
    );
    await expect(get('copy')).rejects.toMatchObject({ name: 'NoSuchKey' });
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
    await expect(get('range', { IfModifiedSince: new Date() })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await text('range', { IfModifiedSince: tomorrow })).toBe('0123456789');
  });

  it.each([{ IfMatch: '*' }, { IfMatch: '"x"', IfNoneMatch: '*' }, { IfNoneMatch: '"x"' }])(
    'is not written on conditions that S3 does not have: %j',
    async (conditions) => {
      await put('conditions');
      await expect(put('conditions', 'y', conditions)).rejects.toMatchObject({
        name: 'NotImplemented',
        $metadata: { httpStatusCode: 501 },
      });
    },
  );

  it('is deleted if it is there at all', async () => {
    await put('there');
    const remove = () => s3.client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'there', IfMatch: '*' }));
    expect(await remove()).toMatchObject({ DeleteMarker: true });
  });

  it('that is not there is denied to a role that may not list the bucket', async () => {
    const arn = 'arn:aws:iam::000000000000:role/reader';
    const head = () =>
      s3.cloud.call('s3', 'HeadObject', { Bucket: 'b', Key: 'nothing' }, { arn, accessKeyId: 'role' });
    s3.cloud.policies.trust(arn, []);
    await expect(head()).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
    const list = { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b', Effect: 'Allow' };
    s3.cloud.policies.identity('list', [arn], identityDocument.parse({ Statement: list }));
    await expect(head()).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
  });

  it.each(['b', 'plain'])('has no version by what is no id of one, in the bucket %s', async (Bucket) => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'ids', Body: 'x' }));
    // In a bucket without versions, the id of another's version is none either.
    const at = { Bucket, Key: 'ids', VersionId: Bucket === 'b' ? 'none' : '0'.repeat(32) };
    for (const command of [new GetObjectCommand(at), new DeleteObjectCommand(at)])
      await expect(s3.client.send(command)).rejects.toMatchObject({
        name: 'InvalidArgument',
        $metadata: { httpStatusCode: 400 },
      });
    const Delete = { Objects: [{ Key: 'ids', VersionId: 'none' }] };
    expect(await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete }))).toMatchObject({
      Errors: [{ Key: 'ids', VersionId: 'none', Code: 'NoSuchVersion' }],
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
    const unknown = { VersionId: '0'.repeat(32) };
    await expect(get('v', unknown)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const remove = new DeleteObjectCommand({ Bucket: 'b', Key: 'v', ...unknown });
    await expect(s3.client.send(remove)).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: expect.stringContaining('Invalid version id specified'),
      $metadata: { httpStatusCode: 400 },
    });
    const Delete = { Objects: [{ Key: 'v', ...unknown }] };
    expect(await s3.client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete }))).toMatchObject({
      Errors: [{ Key: 'v', ...unknown, Code: 'NoSuchVersion' }],
    });
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
    const files = s3.files().length;
    expect((await send('two')).VersionId).toBeUndefined();
    expect(s3.files()).toHaveLength(files);
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'k' }));
    expect(s3.files()).toHaveLength(files - 1);
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
    await expect(copy('other', { CopySourceIfNoneMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
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
