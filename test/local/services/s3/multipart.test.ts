import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, it } from 'vitest';
import { s3ForTests } from '../../../support/local/s3.ts';

const s3 = s3ForTests();
const { get, put, text } = s3;

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
    const files = s3.files().length;
    await s3.client.send(new AbortMultipartUploadCommand(at));
    expect(s3.files()).toHaveLength(files - 1);
    await expect(s3.client.send(new ListPartsCommand(at))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is copied from objects, part by part or by a range', async () => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'of' }));
    const bytes = randomBytes(5 * 2 ** 20 + 7);
    await put('source', bytes);
    const at = { Bucket: 'b', Key: 'of', UploadId, CopySource: 'b/source' };
    const parts = [];
    for (const [PartNumber, range] of [
      [1, undefined],
      [2, 'bytes=1-3'],
    ] as const) {
      const made = await s3.client.send(
        new UploadPartCopyCommand({ ...at, PartNumber, ...(range ? { CopySourceRange: range } : {}) }),
      );
      parts.push({ PartNumber, ETag: made.CopyPartResult?.ETag });
    }
    for (const CopySourceRange of [`bytes=0-${bytes.length}`, 'bytes=3-1', 'bytes=-3', 'all'])
      await expect(
        s3.client.send(new UploadPartCopyCommand({ ...at, PartNumber: 3, CopySourceRange })),
      ).rejects.toMatchObject({ name: 'InvalidArgument' });
    await s3.client.send(
      new CompleteMultipartUploadCommand({
        Bucket: 'b',
        Key: 'of',
        UploadId,
        MultipartUpload: { Parts: parts },
      }),
    );
    const made = Buffer.from((await (await get('of')).Body?.transformToByteArray()) ?? []);
    expect(made.equals(Buffer.concat([bytes, bytes.subarray(1, 4)]))).toBe(true);
  });

  it('is completed only with the parts that there are, in order, and large enough', async () => {
    const { UploadId } = await s3.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'b', Key: 'parts' }),
    );
    const at = { Bucket: 'b', Key: 'parts', UploadId };
    const [one, two] = await Promise.all(
      [1, 2].map(async (PartNumber) => {
        const Body = `part ${PartNumber}`;
        const { ETag } = await s3.client.send(new UploadPartCommand({ ...at, PartNumber, Body }));
        return { PartNumber, ETag };
      }),
    );
    const complete = (Parts: object[]) =>
      s3.client.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } }));
    await expect(complete([one ?? {}, two ?? {}])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([two ?? {}, one ?? {}])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 3, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ ...one, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const { ETag } = await complete([two ?? {}]);
    expect(ETag).toMatch(/-1"$/);
    expect(await text('parts')).toBe('part 2');
    await expect(complete([two ?? {}])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is completed only as its conditions say, and one of two at once', async () => {
    const begun = async () => {
      const at = { Bucket: 'b', Key: 'condition' };
      const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(at));
      const part = new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'x' });
      const { ETag } = await s3.client.send(part);
      return { ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    };
    const uploads = await Promise.all([begun(), begun()]);
    const done = await Promise.allSettled(
      uploads.map((upload) =>
        s3.client.send(new CompleteMultipartUploadCommand({ ...upload, IfNoneMatch: '*' })),
      ),
    );
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(done.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'ConditionalRequestConflict', $metadata: { httpStatusCode: 409 } },
    });
    const plain = { ...(await begun()), Bucket: 'plain', IfNoneMatch: '*' };
    await expect(s3.client.send(new CompleteMultipartUploadCommand(plain))).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('IfNoneMatch'),
    });
    const late = new CompleteMultipartUploadCommand({ ...(await begun()), IfNoneMatch: '*' });
    await expect(s3.client.send(late)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const stale = new CompleteMultipartUploadCommand({ ...(await begun()), IfMatch: '"other"' });
    await expect(s3.client.send(stale)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('keeps the checksum of its parts, and its copy is in one piece', async () => {
    const upload = new Upload({
      client: s3.client,
      partSize: 5 * 2 ** 20,
      params: {
        Bucket: 'b',
        Key: 'summed',
        Body: Buffer.alloc(6 * 2 ** 20, 'x'),
        ChecksumAlgorithm: 'SHA256',
      },
    });
    await upload.done();
    const head = await s3.client.send(
      new HeadObjectCommand({ Bucket: 'b', Key: 'summed', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentLength: 6 * 2 ** 20, ChecksumType: 'COMPOSITE' });
    expect(head.ChecksumSHA256).toMatch(/-2$/);
    const copy = new CopyObjectCommand({ Bucket: 'b', Key: 'whole', CopySource: 'b/summed' });
    const { CopyObjectResult } = await s3.client.send(copy);
    const md5 = createHash('md5')
      .update(Buffer.alloc(6 * 2 ** 20, 'x'))
      .digest('hex');
    expect(CopyObjectResult?.ETag).toBe(`"${md5}"`);
  });

  it('is listed in pages', async () => {
    const ids = [];
    for (const Key of ['pages/1', 'pages/1', 'pages/2'])
      ids.push((await s3.client.send(new CreateMultipartUploadCommand({ Bucket: 'b', Key }))).UploadId);
    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (marker) {
      const page: ListMultipartUploadsCommandOutput = await s3.client.send(
        new ListMultipartUploadsCommand({ Bucket: 'b', Prefix: 'pages/', MaxUploads: 1, ...marker }),
      );
      seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
      marker = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined;
    }
    expect(seen.sort()).toEqual(ids.sort());
  });
});
