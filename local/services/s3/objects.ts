import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import { checkRead, checkWrite, readConditionMembers } from './conditions.ts';
import {
  type Answer,
  bodyMembers,
  conditionMembers,
  describedBy,
  describedMembers,
  isVersionId,
  objectMembers,
  versionMembers,
} from './input.ts';
import { algorithmsOf, checkedChecksums, checksumMembers } from './request-checksums.ts';
import {
  type Bucket,
  bucketOf,
  currentOf,
  putCurrent,
  type State,
  type Version,
  versionOf,
} from './tables.ts';

const putSchema = z.strictObject({
  ...objectMembers,
  ...describedMembers,
  ...conditionMembers,
  ...checksumMembers,
  ...bodyMembers,
});

/** PutObject */
export const putObject = (state: State) => operation(putSchema, (request) => put(state, request));

/** The trailers of a streamed body are read after it. */
async function put(state: State, request: z.output<typeof putSchema>): Promise<Answer> {
  const { Bucket, Key, Body } = request;
  const bucket = bucketOf(state, Bucket);
  const described = describedBy(request);
  const written = await state.blobs.write(Body, algorithmsOf(request));
  try {
    const checksums = checkedChecksums(request, written);
    const { stored, replaced } = await state.cloud.store.transaction(() => {
      checkWrite(request, currentOf(state, Bucket, Key)?.version, Key);
      const { blob, md5 } = written;
      return putCurrent(state, bucket, Key, {
        ...described,
        modified: Date.now(),
        deleted: false,
        etag: md5,
        size: blob.size,
        blobs: [blob],
        checksums,
      });
    });
    await state.blobs.remove(replaced);
    return { ETag: `"${stored.etag}"`, ...versionMember(stored), ...checksums };
  } catch (error) {
    await state.blobs.remove([written.blob]);
    throw error;
  }
}

const readSchema = z.strictObject({
  ...objectMembers,
  ...versionMembers,
  Range: z.string().optional(),
  ChecksumMode: z.string().optional(),
  ...readConditionMembers,
});

/** GetObject */
export const getObject = (state: State) =>
  operation(readSchema, (request, call) =>
    hidden(state, request.Bucket, call, () => read(state, request, true)),
  );

/** HeadObject: the same without the body. */
export const headObject = (state: State) =>
  operation(readSchema, (request, call) =>
    hidden(state, request.Bucket, call, () => read(state, request, false)),
  );

/** @throws AccessDenied for a key that is not there, to whoever may not list the bucket: nobody else hears that */
export function hidden<T>(state: State, bucket: string, { principal }: Call, find: () => T): T {
  try {
    return find();
  } catch (error) {
    const isMissing = error instanceof AwsError && error.code === 'NoSuchKey';
    if (!isMissing || state.cloud.policies.allows(principal, 's3:ListBucket', `arn:aws:s3:::${bucket}`))
      throw error;
    throw new AwsError(
      'AccessDenied',
      `${principal.arn} is not authorized to perform s3:ListBucket on arn:aws:s3:::${bucket}, and hears of no missing key`,
      403,
    );
  }
}

function read(state: State, request: z.output<typeof readSchema>, withBody: boolean): Answer {
  const version = versionAt(state, request.Bucket, request.Key, request.VersionId);
  checkRead(request, version);
  const { size, blobs } = version;
  const range = rangeOf(request.Range, size);
  const [start, end] = range ?? [0, size - 1];
  return {
    ...(withBody ? { Body: state.blobs.read(blobs, start, end) } : {}),
    ContentLength: end - start + 1,
    ...(range ? { ContentRange: `bytes ${start}-${end}/${size}` } : {}),
    AcceptRanges: 'bytes',
    ETag: `"${version.etag}"`,
    LastModified: new Date(version.modified),
    Metadata: version.metadata,
    ContentType: 'binary/octet-stream',
    ...version.headers,
    ...versionMember(version),
    ...(request.ChecksumMode === 'ENABLED' && !range ? checksumsAnswer(version) : {}),
    ServerSideEncryption: 'AES256',
  };
}

function checksumsAnswer({ checksums }: Version): Answer {
  const [first] = Object.values(checksums);
  if (first === undefined) return {};
  return { ...checksums, ChecksumType: first.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT' };
}

/** @throws NoSuchKey, InvalidArgument, NoSuchVersion, and MethodNotAllowed for a delete marker */
export function versionAt(state: State, bucket: string, key: string, versionId: string | undefined): Version {
  checkVersionId(versionId, bucketOf(state, bucket));
  if (versionId === undefined) {
    const current = currentOf(state, bucket, key)?.version;
    if (current && !current.deleted) return current;
    throw new AwsError('NoSuchKey', `the bucket ${bucket} has no object ${key}`, 404, markerMembers(current));
  }
  const version = versionOf(state, bucket, key, versionId);
  if (!version) throw new AwsError('NoSuchVersion', `the object ${key} has no version ${versionId}`, 404);
  if (!version.deleted) return version;
  throw new AwsError('MethodNotAllowed', `the version ${versionId} of ${key} is a delete marker`, 405, {
    ...markerMembers(version),
  });
}

/** @throws InvalidArgument for an id that no version of the bucket can have */
export function checkVersionId(id: string | undefined, bucket: Bucket): void {
  if (id === undefined || isVersionId(id, bucket)) return;
  throw new AwsError('InvalidArgument', `invalid version id specified: ${id}, in the bucket ${bucket.name}`);
}

function markerMembers(marker: Version | undefined): Record<string, unknown> {
  return marker ? { DeleteMarker: true, VersionId: marker.versionId } : {};
}

/** `VersionId` where there is one: not for an object from before its bucket had versions. */
export function versionMember({ versionId }: Version): { VersionId?: string } {
  return versionId === 'null' ? {} : { VersionId: versionId };
}

/** The first and the last byte of a range. Of several ranges, or what is none, the whole object is the answer. */
function rangeOf(range: string | undefined, size: number): [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start <= end) return [start, end];
  throw new AwsError('InvalidRange', `the range ${range} is not in an object of ${size} bytes`, 416);
}
