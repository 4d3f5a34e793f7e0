import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Blob } from './blobs.ts';
import { ALGORITHMS } from './checksums.ts';
import { type Answer, algorithmsOf, bodyOf, checkedSums, describedBy, objectSchema } from './input.ts';
import { bucketOf, numberOf, type State, type Upload } from './tables.ts';

export const uploadSchema = objectSchema.extend({ UploadId: z.string() });

const createSchema = objectSchema.extend({
  ChecksumAlgorithm: z.string().toUpperCase().pipe(z.enum(ALGORITHMS)).optional(),
  ChecksumType: z.enum(['COMPOSITE', 'FULL_OBJECT']).optional(),
});

export async function createUpload(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Key, ChecksumAlgorithm: algorithm, ChecksumType } = createSchema.parse(input);
  bucketOf(state, Bucket);
  const UploadId = randomUUID().replaceAll('-', '');
  // S3 has no checksum of checksums for CRC64NVME: the parts are checked, and the whole is not told.
  const composite = algorithm !== 'CRC64NVME' && ChecksumType !== 'FULL_OBJECT';
  await state.uploads.put(UploadId, {
    bucket: Bucket,
    key: Key,
    created: Date.now(),
    ...describedBy(input),
    ...(algorithm && composite ? { algorithm } : {}),
  });
  return { Bucket, Key, UploadId, ChecksumAlgorithm: algorithm };
}

export const partSchema = uploadSchema.extend({ PartNumber: z.coerce.number().int().min(1).max(10_000) });

export async function uploadPart(state: State, input: unknown): Promise<Answer> {
  const { UploadId, PartNumber, Bucket, Key } = partSchema.parse(input);
  const { algorithm } = uploadOf(state, Bucket, Key, UploadId);
  const asked = algorithmsOf(input);
  const written = await state.blobs.write(bodyOf(input), algorithm ? asked.add(algorithm) : asked);
  try {
    const given = checkedSums(input, written);
    const own = algorithm && { [`Checksum${algorithm}`]: written.sums.get(algorithm) ?? '' };
    const { blob, md5: etag } = written;
    const part = { etag, size: blob.size, blob, modified: Date.now(), checksums: { ...given, ...own } };
    const replaced = await state.cloud.store.transaction(() => {
      // The upload may have been completed or aborted while the body came.
      uploadOf(state, Bucket, Key, UploadId);
      const before = state.parts.get([UploadId, PartNumber]);
      void state.parts.put([UploadId, PartNumber], part);
      return before ? [before.blob] : [];
    });
    await state.blobs.remove(replaced);
    return { ETag: `"${etag}"`, ...given };
  } catch (error) {
    await state.blobs.remove([written.blob]);
    throw error;
  }
}

/** @throws NoSuchUpload */
export function uploadOf(state: State, bucket: string, key: string, id: string): Upload {
  const upload = state.uploads.get(id);
  if (upload && upload.bucket === bucket && upload.key === key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    `there is no upload ${id} of ${bucket}/${key}: it was completed or aborted`,
    404,
  );
}

/** Removes an upload and its parts from the records. Must run inside a transaction. @returns the parts' blobs */
export function forget(state: State, upload: string): Blob[] {
  const blobs = [...state.parts.under([upload])].map(({ key, value }) => {
    void state.parts.remove([upload, numberOf(key)]);
    return value.blob;
  });
  void state.uploads.remove(upload);
  return blobs;
}

export async function abortUpload(state: State, input: unknown): Promise<Answer> {
  const { UploadId, Bucket, Key } = uploadSchema.parse(input);
  const blobs = await state.cloud.store.transaction(() => {
    uploadOf(state, Bucket, Key, UploadId);
    return forget(state, UploadId);
  });
  await state.blobs.remove(blobs);
  return {};
}

const partsSchema = uploadSchema.extend({
  PartNumberMarker: z.coerce.number().default(0),
  MaxParts: pageSize(),
});

/** How many a page holds: at most 1000, as in S3, whatever the request says. */
export function pageSize() {
  const MAX = 1000;
  return z.coerce
    .number()
    .int()
    .min(0)
    .transform((size) => Math.min(size, MAX))
    .default(MAX);
}

export function listParts(state: State, input: unknown): Answer {
  const { UploadId, Bucket, Key, PartNumberMarker, MaxParts } = partsSchema.parse(input);
  uploadOf(state, Bucket, Key, UploadId);
  const parts = [...state.parts.under([UploadId])]
    .map(({ key, value: { etag, size, modified, checksums } }) => ({
      PartNumber: numberOf(key),
      LastModified: new Date(modified),
      ETag: `"${etag}"`,
      Size: size,
      ...checksums,
    }))
    .filter(({ PartNumber }) => PartNumber > PartNumberMarker);
  const Parts = parts.slice(0, MaxParts);
  return {
    Bucket,
    Key,
    UploadId,
    PartNumberMarker,
    MaxParts,
    IsTruncated: parts.length > Parts.length,
    NextPartNumberMarker: Parts.at(-1)?.PartNumber,
    StorageClass: 'STANDARD',
    Parts,
  };
}

const uploadsSchema = z.looseObject({
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  KeyMarker: z.string().default(''),
  UploadIdMarker: z.string().default(''),
  MaxUploads: pageSize(),
});

/** ListMultipartUploads of a bucket, by key, and of a key by when they began. */
export function listUploads(state: State, input: unknown): Answer {
  const request = uploadsSchema.parse(input);
  const { Bucket, Prefix, Delimiter, KeyMarker, UploadIdMarker, MaxUploads } = request;
  if (Delimiter) throw unsupported(`the delimiter ${Delimiter} in a list of uploads`);
  bucketOf(state, Bucket);
  const all = [...state.uploads.entries()]
    .filter(({ value }) => value.bucket === Bucket && value.key.startsWith(Prefix))
    .map(({ key, value }) => ({ UploadId: String(key), Key: value.key, Initiated: new Date(value.created) }))
    .sort((a, b) => compared(a.Key, b.Key) || a.Initiated.getTime() - b.Initiated.getTime());
  const seen = all.findLastIndex(({ Key, UploadId }) =>
    UploadIdMarker === '' ? compared(Key, KeyMarker) <= 0 : Key === KeyMarker && UploadId === UploadIdMarker,
  );
  const Uploads = all.slice(seen + 1, seen + 1 + MaxUploads);
  const IsTruncated = MaxUploads > 0 && seen + 1 + Uploads.length < all.length;
  const last = IsTruncated ? Uploads.at(-1) : undefined;
  return {
    Bucket,
    Prefix,
    KeyMarker,
    UploadIdMarker,
    MaxUploads,
    IsTruncated,
    NextKeyMarker: last?.Key,
    NextUploadIdMarker: last?.UploadId,
    Uploads,
  };
}

/** S3 sorts keys by their bytes. */
export function compared(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
