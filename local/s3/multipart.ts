import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { removeBlobs, writeBlob } from './blobs.ts';
import { checkWrite } from './conditions.ts';
import { asksForSha, bodyOf, checkedSums, conditionsSchema, describedBy, objectSchema } from './input.ts';
import { bucketOf, currentOf, numberOf, type Part, putCurrent, type State, type Upload } from './state.ts';

const MIN_PART_BYTES = 5 * 1024 * 1024;

const uploadSchema = objectSchema.extend({ UploadId: z.string() });
const partSchema = uploadSchema.extend({ PartNumber: z.coerce.number().int().min(1).max(10_000) });

type Answer = Record<string, unknown>;

export async function createUpload(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Key } = objectSchema.parse(input);
  bucketOf(state, Bucket);
  const UploadId = randomUUID().replaceAll('-', '');
  await state.uploads.put(UploadId, { bucket: Bucket, key: Key, created: Date.now(), ...describedBy(input) });
  return { Bucket, Key, UploadId };
}

export async function uploadPart(state: State, input: unknown): Promise<Answer> {
  const { UploadId, PartNumber, Bucket, Key } = partSchema.parse(input);
  uploadOf(state, Bucket, Key, UploadId);
  const written = await writeBlob(state.folder, bodyOf(input), asksForSha(input));
  try {
    const checksums = checkedSums(input, written);
    const { blob, md5: etag } = written;
    const replaced = await state.cloud.store.transaction(() => {
      uploadOf(state, Bucket, Key, UploadId);
      const before = state.parts.get([UploadId, PartNumber]);
      void state.parts.put([UploadId, PartNumber], { etag, size: blob.size, blob, modified: Date.now() });
      return before ? [before.blob] : [];
    });
    await removeBlobs(state.folder, replaced);
    return { ETag: `"${etag}"`, ...checksums };
  } catch (error) {
    await removeBlobs(state.folder, [written.blob]);
    throw error;
  }
}

/** @throws NoSuchUpload */
function uploadOf(state: State, bucket: string, key: string, id: string): Upload {
  const upload = state.uploads.get(id);
  if (upload && upload.bucket === bucket && upload.key === key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    `there is no upload ${id} of ${bucket}/${key}: it was completed or aborted`,
    404,
  );
}

const completeSchema = uploadSchema
  .extend({
    MultipartUpload: z.object({
      Parts: z.array(z.looseObject({ PartNumber: z.coerce.number(), ETag: z.string() })).min(1),
    }),
  })
  .extend(conditionsSchema.shape);

export async function completeUpload(state: State, input: unknown): Promise<Answer> {
  const request = completeSchema.parse(input);
  const { Bucket, Key, UploadId } = request;
  const bucket = bucketOf(state, Bucket);
  const { version, garbage } = await state.cloud.store.transaction(() => {
    const upload = uploadOf(state, Bucket, Key, UploadId);
    const parts = partsOf(state, UploadId, request.MultipartUpload.Parts);
    checkWrite(request, currentOf(state, Bucket, Key)?.version, Key);
    const { stored, replaced } = putCurrent(state, bucket, Key, {
      metadata: upload.metadata,
      headers: upload.headers,
      modified: Date.now(),
      deleted: false,
      etag: etagOf(parts),
      size: parts.reduce((sum, { size }) => sum + size, 0),
      blobs: parts.map(({ blob }) => blob),
      checksums: {},
    });
    const kept = new Set(parts.map(({ blob }) => blob.file));
    const left = forget(state, UploadId).filter(({ file }) => !kept.has(file));
    return { version: stored, garbage: [...replaced, ...left] };
  });
  await removeBlobs(state.folder, garbage);
  return {
    Bucket,
    Key,
    Location: `${state.cloud.endpoint}/${Bucket}/${Key}`,
    ETag: `"${version.etag}"`,
    ...(version.versionId === 'null' ? {} : { VersionId: version.versionId }),
  };
}

/** The parts that the request names, in their order. @throws InvalidPart, InvalidPartOrder, EntityTooSmall */
function partsOf(
  state: State,
  upload: string,
  named: readonly { PartNumber: number; ETag: string }[],
): Part[] {
  return named.map(({ PartNumber, ETag }, index) => {
    if (PartNumber <= (named[index - 1]?.PartNumber ?? 0))
      throw new AwsError('InvalidPartOrder', `part ${PartNumber} is out of order: list the parts by number`);
    const part = state.parts.get([upload, PartNumber]);
    if (!part || part.etag !== ETag.replaceAll('"', ''))
      throw new AwsError(
        'InvalidPart',
        `there is no part ${PartNumber} with the tag ${ETag}: upload it again`,
      );
    if (part.size < MIN_PART_BYTES && index < named.length - 1)
      throw new AwsError(
        'EntityTooSmall',
        `part ${PartNumber} has ${part.size} bytes, only the last may have under 5 MiB`,
      );
    return part;
  });
}

function etagOf(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

/** Removes an upload and its parts from the records. Must run inside a transaction. @returns the parts' blobs */
export function forget(state: State, upload: string): { file: string; size: number }[] {
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
  await removeBlobs(state.folder, blobs);
  return {};
}

/** ListParts: all of them at once, up to the 1000 that a page holds. */
export function listParts(state: State, input: unknown): Answer {
  const { UploadId, Bucket, Key } = uploadSchema.parse(input);
  const { PartNumberMarker: after, MaxParts: limit } = z
    .looseObject({
      PartNumberMarker: z.coerce.number().default(0),
      MaxParts: z.coerce.number().max(1000).default(1000),
    })
    .parse(input);
  uploadOf(state, Bucket, Key, UploadId);
  const parts = [...state.parts.under([UploadId])]
    .map(({ key, value: { etag, size, modified } }) => ({
      PartNumber: numberOf(key),
      LastModified: new Date(modified),
      ETag: `"${etag}"`,
      Size: size,
    }))
    .filter(({ PartNumber }) => PartNumber > after);
  const page = parts.slice(0, limit);
  return {
    Bucket,
    Key,
    UploadId,
    MaxParts: limit,
    IsTruncated: parts.length > page.length,
    NextPartNumberMarker: page.at(-1)?.PartNumber,
    Parts: page,
  };
}

/** ListMultipartUploads of a bucket, by key. */
export function listUploads(state: State, input: unknown): Answer {
  const { Bucket, Prefix } = z
    .looseObject({ Bucket: z.string(), Prefix: z.string().default('') })
    .parse(input);
  bucketOf(state, Bucket);
  const Uploads = [...state.uploads.entries()]
    .filter(({ value }) => value.bucket === Bucket && value.key.startsWith(Prefix))
    .map(({ key, value }) => ({ UploadId: String(key), Key: value.key, Initiated: new Date(value.created) }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
  return { Bucket, Prefix, IsTruncated: false, MaxUploads: 1000, Uploads };
}
