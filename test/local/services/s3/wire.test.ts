import { request } from 'node:http';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();

const CREDENTIAL = 'a/20260101/us-east-1/s3/aws4_request';
const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host, Signature=0`,
};

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${s3.endpoint}${path}`, { ...init, headers: { ...signed, ...init.headers } });

const chunkedPut = (key: string, body: string, headers: Record<string, string> = {}) =>
  send(`/b/${key}`, {
    method: 'PUT',
    body,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      ...headers,
    },
  });

const read = async (key: string) => {
  const got = await s3.client.send(new GetObjectCommand({ Bucket: 'b', Key: key }));
  return { ...got, text: await got.Body?.transformToString() };
};

describe('a body in the aws-chunked encoding', () => {
  it('is stored without it, its chunks signed or not, its trailers checked', async () => {
    const body = '5;chunk-signature=ab\r\nhello\r\n1;chunk-signature=cd\r\n!\r\n0;chunk-signature=ef\r\n\r\n';
    expect((await chunkedPut('signed', body, { 'x-amz-decoded-content-length': '6' })).status).toBe(200);
    const whole = await read('signed');
    expect(whole.text).toBe('hello!');
    expect(whole.ContentEncoding).toBeUndefined();
    const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' };
    const good = await chunkedPut(
      'trailer',
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
      trailer,
    );
    expect(good.headers.get('x-amz-checksum-crc32')).toBe('NhCmhg==');
    const bad = await chunkedPut(
      'trailer',
      '5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
      trailer,
    );
    expect(await bad.text()).toContain('<Code>BadDigest</Code>');
    expect(await read('trailer')).toMatchObject({ text: 'hello' });
  });

  it.each([
    ['ends in a chunk', '5\r\nhel', {}],
    ['ends between chunks', '5\r\nhello\r\n', {}],
    ['has no size', 'hello', {}],
    ['has a size that is none', '-5\r\nhello\r\n0\r\n\r\n', {}],
    ['has fewer bytes than announced', '5\r\nhello\r\n0\r\n\r\n', { 'x-amz-decoded-content-length': '6' }],
  ])('is refused when it %s', async (_, body, headers) => {
    const answer = await chunkedPut('broken', body, headers);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>IncompleteBody</Code>');
    expect((await send('/b/broken')).status).toBe(404);
  });
});

describe('a body', () => {
  it('is held against the hash that the request is signed over', async () => {
    const headers = { 'x-amz-content-sha256': '0'.repeat(64) };
    const answer = await send('/b/hash', { method: 'PUT', body: 'x', headers });
    expect(await answer.text()).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
  });

  it('that breaks off leaves what was there, and no file', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'kept', Body: 'whole' }));
    const files = s3.files();
    await new Promise((resolve) => {
      const headers = { ...signed, 'content-length': 100 };
      const sending = request(`${s3.endpoint}/b/kept`, { method: 'PUT', headers });
      sending.once('error', resolve);
      sending.write('half', () => sending.destroy(new Error('gone')));
    });
    expect(await read('kept')).toMatchObject({ text: 'whole' });
    await vi.waitFor(() => expect(s3.files()).toEqual(files));
  });
});

describe('a presigned URL', () => {
  const url = (key: string, more: string) =>
    `${s3.endpoint}/b/${key}?X-Amz-Credential=${encodeURIComponent(CREDENTIAL)}&X-Amz-Expires=60${more}`;

  it('writes and reads without a header, with the metadata and the answer it names', async () => {
    const put = await fetch(url('pre', '&x-amz-meta-commit=c1'), { method: 'PUT', body: 'x' });
    expect(put.status).toBe(200);
    const got = await fetch(url('pre', '&response-content-type=text/plain'));
    expect(got.headers.get('content-type')).toBe('text/plain');
    expect(got.headers.get('x-amz-meta-commit')).toBe('c1');
    expect(await got.text()).toBe('x');
  });
});

describe('a request', () => {
  it('may name the bucket in the host', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'a/host', Body: 'there' }));
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { ...signed, host: `b.localhost:${new URL(s3.endpoint).port}` };
      request(`${s3.endpoint}/a/host`, { headers }, (answer) => {
        answer.setEncoding('utf8').once('data', resolve);
      })
        .once('error', reject)
        .end();
    });
    expect(text).toBe('there');
  });

  it.each([
    ['GET', '/b/k?acl', 501, 'NotImplemented'],
    ['GET', '/b/k?a-new-subresource', 501, 'NotImplemented'],
    ['PUT', '/b?versioning', 501, 'NotImplemented'],
    ['PUT', '/new-bucket', 501, 'NotImplemented'],
    ['GET', '/b?list-type=2&max-keys=many', 400, 'InvalidArgument'],
    ['GET', '/b?list-type=2&encoding-type=xml', 400, 'InvalidArgument'],
    ['GET', '/b?list-type=2&continuation-token=%21', 400, 'InvalidArgument'],
    ['POST', '/b?delete', 400, 'MalformedXML'],
    ['GET', '/no/k', 404, 'NoSuchBucket'],
  ])('%s %s is answered with %i %s', async (method, path, status, code) => {
    const answer = await send(path, { method });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(`<Code>${code}</Code>`);
    expect(answer.headers.get('x-amz-request-id')).toMatch(/./);
  });

  it('for a key that is too long is refused', async () => {
    expect((await send(`/b/${'k'.repeat(1024)}`)).status).toBe(404);
    const answer = await send(`/b/${'ü'.repeat(513)}`);
    expect(await answer.text()).toContain('<Code>KeyTooLongError</Code>');
  });

  it('for the head of an object has its size and no body', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: 'b', Key: 'head', Body: '12345' }));
    expect(await s3.client.send(new HeadObjectCommand({ Bucket: 'b', Key: 'head' }))).toMatchObject({
      ContentLength: 5,
    });
  });
});
