import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();

const authorization =
  'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

async function send(path: string, headers: Record<string, string>, init: RequestInit = {}) {
  const answer = await fetch(`${s3.endpoint}${path}`, { ...init, headers: { authorization, ...headers } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('a member that S3 has and this S3 has not', () => {
  it.each([
    ['x-amz-grant-read', 'id=1'],
    ['x-amz-object-lock-retain-until-date', '2030-01-01'],
  ])('is refused by the name of its header %s', async (name, value) => {
    const answer = await send('/b/k', { [name]: value }, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(501);
    expect(answer.text).toContain(name);
  });

  it.each([
    ['SSEKMSKeyId', { 'x-amz-server-side-encryption-aws-kms-key-id': 'key' }],
    ['WebsiteRedirectLocation', { 'x-amz-website-redirect-location': '/' }],
    ['ServerSideEncryption aws:kms', { 'x-amz-server-side-encryption': 'aws:kms' }],
  ])('is refused by its name %s', async (name, headers) => {
    const answer = await send('/b/k', headers, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(501);
    expect(answer.text).toContain(name);
  });

  it('is refused of a copy in place', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
    const copying = s3.client.send(
      new CopyObjectCommand({ Bucket: 'b', Key: 'k', CopySource: 'b/k', StorageClass: 'STANDARD' }),
    );
    await expect(copying).rejects.toThrow('storage class');
  });

  it('is refused of a caller inside of the runtime, too', async () => {
    await expect(
      s3.cloud.request('s3', 'GetObject', { Bucket: 'b', Key: 'k', PartNumber: 1 }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation', message: expect.stringContaining('PartNumber') });
  });

  it('is refused in a list', async () => {
    await expect(
      s3.client.send(new ListObjectsV2Command({ Bucket: 'b', FetchOwner: true })),
    ).rejects.toMatchObject({ name: 'InvalidArgument', message: expect.stringContaining('FetchOwner') });
  });
});

it('a header of HTTP that an operation does not have says nothing to the operation', async () => {
  const answer = await send('/b?list-type=2', { 'content-type': 'text/plain', range: 'bytes=0-1' });
  expect(answer.status).toBe(200);
});

it('a bucket of this account is no bucket of another account', async () => {
  const list = (ExpectedBucketOwner: string) =>
    s3.client.send(new ListObjectsV2Command({ Bucket: 'b', ExpectedBucketOwner }));
  await list('000000000000');
  await expect(list('111111111111')).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('metadata may have 2048 bytes with its names, and no more', async () => {
  const put = (length: number) =>
    s3.client.send(
      new PutObjectCommand({ Bucket: 'b', Key: 'm', Body: 'x', Metadata: { name: 'x'.repeat(length) } }),
    );
  await put(2044);
  await expect(put(2045)).rejects.toMatchObject({ name: 'MetadataTooLarge' });
  const { Metadata } = await s3.client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'm' }));
  expect(Metadata?.name).toHaveLength(2044);
});

it('a request in XML may have its elements on lines of their own', async () => {
  await s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'lines', Body: 'x' }));
  const body = '<Delete>\n  <Object>\n    <Key>lines</Key>\n  </Object>\n</Delete>\n';
  const answer = await send('/b?delete', {}, { method: 'POST', body });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<Key>lines</Key>') });
});
