import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Service } from '../../../../local/core/cloud.ts';
import { operation, perform } from '../../../../local/core/gate.ts';
import { identityDocument } from '../../../../local/core/iam/document.ts';
import { policiesOf } from '../../../../local/core/iam/policies.ts';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
let etag: string;
beforeAll(async () => {
  etag = (await s3.put('source', 'x')).ETag ?? '';
});

const OTHER = '"00000000000000000000000000000000"';
const PAST = new Date(Date.now() - 86_400_000);
const LATER = new Date(Date.now() + 1000);

describe('a copy on conditions of its source', () => {
  const copies: readonly [string, () => object, boolean][] = [
    ['its tag', () => ({ CopySourceIfMatch: etag }), true],
    ['another tag', () => ({ CopySourceIfMatch: OTHER }), false],
    ['no other tag', () => ({ CopySourceIfNoneMatch: OTHER }), true],
    ['not its tag', () => ({ CopySourceIfNoneMatch: etag }), false],
    ['changed since yesterday', () => ({ CopySourceIfModifiedSince: PAST }), true],
    ['changed since now', () => ({ CopySourceIfModifiedSince: new Date() }), false],
    ['unchanged since yesterday', () => ({ CopySourceIfUnmodifiedSince: PAST }), false],
    ['unchanged since soon', () => ({ CopySourceIfUnmodifiedSince: LATER }), true],
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html: the tag decides.
    [
      'its tag, though changed since',
      () => ({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: PAST }),
      true,
    ],
    [
      'not its tag, though changed since',
      () => ({ CopySourceIfNoneMatch: etag, CopySourceIfModifiedSince: PAST }),
      false,
    ],
  ];

  it.each(copies)('%s', async (_, conditions, holds) => {
    const source = { Bucket: 'b', CopySource: 'b/source', ...conditions() };
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'parts' }),
    );
    const copied = s3.client.send(new CopyObjectCommand({ ...source, Key: 'copy' }));
    const part = s3.client.send(
      new UploadPartCopyCommand({ ...source, Key: 'parts', UploadId, PartNumber: 1 }),
    );
    const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    if (holds) {
      expect((await copied).CopyObjectResult?.ETag).toBe(etag);
      expect((await part).CopyPartResult?.ETag).toBe(etag);
    } else {
      await expect(copied).rejects.toMatchObject(refused);
      await expect(part).rejects.toMatchObject(refused);
    }
  });

  it('a part of what is not there is denied to a role that may not list the bucket', async () => {
    const arn = 'arn:aws:iam::000000000000:role/copier';
    s3.cloud.policies.trust(arn, []);
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'parts' }),
    );
    const input = { Bucket: 'b', Key: 'parts', UploadId, PartNumber: 1, CopySource: 'b/nothing' };
    const part = s3.cloud.call('s3', 'UploadPartCopy', input, { arn, accessKeyId: 'role' });
    await expect(part).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
  });
});

it('a version is deleted without a condition, which would be of the current one', async () => {
  const { VersionId, ETag } = await s3.put('versions', 'one');
  await s3.put('versions', 'two');
  const one = { Bucket: 'b', Key: 'versions', VersionId };
  await expect(s3.client.send(new DeleteObjectCommand({ ...one, IfMatch: ETag }))).rejects.toMatchObject({
    name: 'UnsupportedOperation',
  });
  const Delete = { Objects: [{ Key: 'versions', VersionId, ETag }] };
  expect(await s3.client.send(new DeleteObjectsCommand({ Bucket: 'b', Delete }))).toMatchObject({
    Errors: [{ Key: 'versions', Code: 'UnsupportedOperation' }],
  });
});

describe('a role that has S3 compare a tag', () => {
  const arn = 'arn:aws:iam::000000000000:role/worker';
  const names = ['PutObject', 'CompleteMultipartUpload', 'CopyObject', 'DeleteObject', 'DeleteObjects'];
  const service: Service = {
    name: 's3',
    operations: Object.fromEntries(names.map((name) => [name, operation(z.unknown(), () => 'done')])),
    resources: {},
  };
  const allowed = (actions: string[], name: string, input: object): boolean => {
    const policies = policiesOf(() => undefined);
    policies.trust(arn, []);
    const Statement = { Effect: 'Allow', Action: actions, Resource: 'arn:aws:s3:::b/k' };
    policies.identity('p', [arn], identityDocument.parse({ Statement }));
    const call = { principal: { arn, accessKeyId: 'role' }, requestId: 'test' };
    try {
      return perform(service, name, { Bucket: 'b', Key: 'k', ...input }, call, policies) === 'done';
    } catch {
      return false;
    }
  };
  const WRITES = ['s3:PutObject', 's3:DeleteObject'];
  it.each([
    ['PutObject', { IfMatch: '"x"' }],
    ['CompleteMultipartUpload', { IfMatch: '"x"' }],
    ['DeleteObject', { IfMatch: '"x"' }],
    ['DeleteObjects', { Delete: { Objects: [{ Key: 'k', ETag: '"x"' }] } }],
  ])('may read the object besides: %s', (name, input) => {
    expect(allowed(WRITES, name, input)).toBe(false);
    expect(allowed([...WRITES, 's3:GetObject'], name, input)).toBe(true);
  });

  it.each([
    ['PutObject', { IfNoneMatch: '*' }],
    ['DeleteObject', { IfMatch: '*' }],
    ['DeleteObjects', { Delete: { Objects: [{ Key: 'k' }] } }],
  ])('need not where none is compared: %s', (name, input) => expect(allowed(WRITES, name, input)).toBe(true));
});
