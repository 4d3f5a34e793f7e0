import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../local/testing.ts';
import { s3ForTests, startS3 } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
const { put } = s3;

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
    const folder = temporaryFolder();
    const path = folder.path;
    const before = await startS3(path);
    await before.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'kept' }));
    await before.close();
    writeFileSync(join(path, 's3', 'half-written'), 'x');
    const after = await startS3(path);
    const got = await after.client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('kept');
    expect(readdirSync(join(path, 's3'))).toHaveLength(1);
    await after.close();
    folder.remove();
  });
});
