import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { operation } from '../../core/gate.ts';
import type { Blob } from './blobs.ts';
import {
  type Answer,
  algorithmName,
  bodyMembers,
  bucketMembers,
  describedBy,
  describedMembers,
  objectMembers,
  pageSize,
} from './input.ts';
import { algorithmsOf, checkedChecksums, checksumMembers } from './request-checksums.ts';
import { bucketOf, numberOf, type State, type Upload } from './tables.ts';

/** Members of every request to an upload. */
export const uploadMembers = { ...objectMembers, UploadId: z.string() };

/** How the parts' checksums become the object's. */
export const checksumType = z.enum(['COMPOSITE', 'FULL_OBJECT']).optional();

const createSchema = z.strictObject({
  ...objectMembers,
  ...describedMembers,
  ChecksumAlgorithm: algorithmName,
  ChecksumType: checksumType,
});

/** CreateMultipartUpload */
export const createUpload = (state: State) => operation(createSchema, (request) => create(state, request));

async function create(state: State, request: z.output<typeof createSchema>): Promise<Answer> {
  const { Bucket, Key, ChecksumAlgorithm: algorithm, ChecksumType } = request;
  bucketOf(state, Bucket);
  const UploadId = randomUUID().replaceAll('-', '');
  // S3 has no checksum of checksums for CRC64NVME: the parts are checked, and the whole is not told.
  const composite = algorithm !== 'CRC64NVME' && ChecksumType !== 'FULL_OBJECT';
  await state.uploads.put(UploadId, {
    bucket: Bucket,
    key: Key,
    created: Date.now(),
    ...describedBy(request),
    ...(algorithm && composite ? { algorithm } : {}),
  });
  return { Bucket, Key, UploadId, ChecksumAlgorithm: algorithm };
}

/** Members of every request that writes a part. */
export const partMembers = { ...uploadMembers, PartNumber: z.coerce.number().int().min(1).max(10_000) };

const partSchema = z.strictObject({ ...partMembers, ...bodyMembers, ...checksumMembers });

/** UploadPart */
export const uploadPart = (state: State) => operation(partSchema, (request) => writePart(state, request));

/** Writes a part from its bytes. @throws NoSuchUpload, BadDigest */
export async function writePart(state: State, request: z.output<typeof partSchema>): Promise<Answer> {
  const { UploadId, PartNumber, Bucket, Key, Body } = request;
  const { algorithm } = uploadOf(state, Bucket, Key, UploadId);
  const asked = algorithmsOf(request);
  const written = await state.blobs.write(Body, algorithm ? asked.add(algorithm) : asked);
  try {
    const given = checkedChecksums(request, written);
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
export function removeUpload(state: State, upload: string): Blob[] {
  const blobs = [...state.parts.under([upload])].map(({ key, value }) => {
    void state.parts.remove([upload, numberOf(key)]);
    return value.blob;
  });
  void state.uploads.remove(upload);
  return blobs;
}

/** AbortMultipartUpload */
export const abortUpload = (state: State) =>
  operation(z.strictObject(uploadMembers), async ({ UploadId, Bucket, Key }) => {
    const blobs = await state.cloud.store.transaction(() => {
      uploadOf(state, Bucket, Key, UploadId);
      return removeUpload(state, UploadId);
    });
    await state.blobs.remove(blobs);
    return {};
  });

const partsSchema = z.strictObject({
  ...uploadMembers,
  PartNumberMarker: z.coerce.number().default(0),
  MaxParts: pageSize(),
});

/** ListParts */
export const listParts = (state: State) => operation(partsSchema, (request) => partsOf(state, request));

function partsOf(state: State, request: z.output<typeof partsSchema>): Answer {
  const { UploadId, Bucket, Key, PartNumberMarker, MaxParts } = request;
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

const uploadsSchema = z.strictObject({
  ...bucketMembers,
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  KeyMarker: z.string().default(''),
  UploadIdMarker: z.string().default(''),
  MaxUploads: pageSize(),
});

/** ListMultipartUploads */
export const listUploads = (state: State) => operation(uploadsSchema, (request) => uploadsOf(state, request));

/** The uploads of a bucket by key, and those of a key by when they began. */
function uploadsOf(state: State, request: z.output<typeof uploadsSchema>): Answer {
  const { Bucket, Prefix, Delimiter, KeyMarker, UploadIdMarker, MaxUploads } = request;
  if (Delimiter) throw unsupported(`the delimiter ${Delimiter} in a list of uploads`);
  bucketOf(state, Bucket);
  const all = [...state.uploads.entries()]
    .filter(({ value }) => value.bucket === Bucket && value.key.startsWith(Prefix))
    .map(({ key, value }) => ({ UploadId: String(key), Key: value.key, Initiated: new Date(value.created) }))
    .sort((a, b) => compareKeys(a.Key, b.Key) || a.Initiated.getTime() - b.Initiated.getTime());
  const seen = all.findLastIndex(({ Key, UploadId }) =>
    UploadIdMarker === ''
      ? compareKeys(Key, KeyMarker) <= 0
      : Key === KeyMarker && UploadId === UploadIdMarker,
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
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
