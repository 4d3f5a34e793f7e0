import { z } from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';
import { readBlobs, removeBlobs, shareBlobs, writeBlob } from './blobs.ts';
import { checkRead, checkWrite } from './conditions.ts';
import { asksForSha, bodyOf, checkedSums, conditionsSchema, describedBy, objectSchema } from './input.ts';
import { bucketOf, currentOf, putCurrent, type State, type Version } from './state.ts';

const readSchema = objectSchema
  .extend({
    VersionId: z.string().optional(),
    Range: z.string().optional(),
    ChecksumMode: z.string().optional(),
  })
  .extend(conditionsSchema.shape);

type Answer = Record<string, unknown>;

/** PutObject. The trailers of a streamed body are read after it. */
export async function putObject(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Key } = objectSchema.parse(input);
  const bucket = bucketOf(state, Bucket);
  const described = describedBy(input);
  const written = await writeBlob(state.folder, bodyOf(input), asksForSha(input));
  try {
    const checksums = checkedSums(input, written);
    const { stored, replaced } = await state.cloud.store.transaction(() => {
      checkWrite(conditionsSchema.parse(input), currentOf(state, Bucket, Key)?.version, Key);
      const { blob, md5 } = written;
      const version = {
        ...described,
        modified: Date.now(),
        deleted: false,
        etag: md5,
        size: blob.size,
        blobs: [blob],
        checksums,
      };
      return putCurrent(state, bucket, Key, version);
    });
    await removeBlobs(state.folder, replaced);
    return { ETag: `"${stored.etag}"`, ...versionOf(stored), ...checksums };
  } catch (error) {
    await removeBlobs(state.folder, [written.blob]);
    throw error;
  }
}

/** GetObject; HeadObject is the same without the body. */
export function getObject(state: State, input: unknown, withBody: boolean): Answer {
  const request = readSchema.parse(input);
  const version = versionAt(state, request.Bucket, request.Key, request.VersionId);
  checkRead(request, version);
  const { size, blobs } = version;
  const range = rangeOf(request.Range, size);
  const [start, end] = range ?? [0, size - 1];
  return {
    ...(withBody ? { Body: readBlobs(state.folder, blobs, start, end) } : {}),
    ContentLength: end - start + 1,
    ...(range ? { ContentRange: `bytes ${start}-${end}/${size}` } : {}),
    AcceptRanges: 'bytes',
    ETag: `"${version.etag}"`,
    LastModified: new Date(version.modified),
    Metadata: version.metadata,
    ContentType: 'binary/octet-stream',
    ...version.headers,
    ...versionOf(version),
    ...(request.ChecksumMode === 'ENABLED' && !range ? version.checksums : {}),
    ServerSideEncryption: 'AES256',
  };
}

/** @throws NoSuchKey, NoSuchVersion, and MethodNotAllowed for a delete marker */
export function versionAt(state: State, bucket: string, key: string, versionId: string | undefined): Version {
  bucketOf(state, bucket);
  if (versionId === undefined) {
    const current = currentOf(state, bucket, key)?.version;
    if (current && !current.deleted) return current;
    throw new AwsError('NoSuchKey', `the bucket ${bucket} has no object ${key}`, 404);
  }
  for (const { value } of state.versions.under([bucket, key])) {
    if (value.versionId !== versionId) continue;
    if (!value.deleted) return value;
    throw new AwsError('MethodNotAllowed', `the version ${versionId} of ${key} is a delete marker`, 405);
  }
  throw new AwsError('NoSuchVersion', `the object ${key} has no version ${versionId}`, 404);
}

function versionOf({ versionId }: Version): { VersionId?: string } {
  return versionId === 'null' ? {} : { VersionId: versionId };
}

function rangeOf(range: string | undefined, size: number): [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start <= end) return [start, end];
  throw new AwsError('InvalidRange', `the range ${range} is not in an object of ${size} bytes`, 416);
}

const copySchema = objectSchema
  .extend({
    CopySource: z.string(),
    CopySourceIfMatch: z.string().optional(),
    CopySourceIfNoneMatch: z.string().optional(),
    MetadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
  })
  .extend(conditionsSchema.shape);

/** CopyObject, within the bytes that are there already. */
export async function copyObject(state: State, input: unknown): Promise<Answer> {
  const request = copySchema.parse(input);
  const bucket = bucketOf(state, request.Bucket);
  const source = sourceOf(state, request.CopySource);
  checkRead({ IfMatch: request.CopySourceIfMatch, IfNoneMatch: request.CopySourceIfNoneMatch }, source);
  const described = request.MetadataDirective === 'COPY' ? source : describedBy(input);
  const blobs = await shareBlobs(state.folder, source.blobs);
  try {
    const { stored, replaced } = await state.cloud.store.transaction(() => {
      checkWrite(request, currentOf(state, request.Bucket, request.Key)?.version, request.Key);
      const { metadata, headers } = described;
      return putCurrent(state, bucket, request.Key, {
        ...source,
        metadata,
        headers,
        modified: Date.now(),
        blobs,
      });
    });
    await removeBlobs(state.folder, replaced);
    return {
      CopyObjectResult: { ETag: `"${stored.etag}"`, LastModified: new Date(stored.modified) },
      ...versionOf(stored),
      ...(source.versionId === 'null' ? {} : { CopySourceVersionId: source.versionId }),
    };
  } catch (error) {
    await removeBlobs(state.folder, blobs);
    throw error;
  }
}

/** `bucket/key?versionId=…`, each part URL encoded */
function sourceOf(state: State, copySource: string): Version {
  const [, bucket = '', key = '', versionId] =
    /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(copySource) ?? [];
  if (bucket === '')
    throw new AwsError('InvalidArgument', `the copy source ${copySource} is not of the form bucket/key`);
  if (bucket.startsWith('arn:')) throw unsupported('a copy source by its ARN');
  return versionAt(state, bucket, decodeURIComponent(key.replaceAll('+', ' ')), versionId);
}
