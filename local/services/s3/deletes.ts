import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { operation, withoutEffect } from '../../core/gate.ts';
import type { Blob } from './blobs.ts';
import { ALGORITHMS } from './checksums.ts';
import { checkDelete } from './conditions.ts';
import {
  type Answer,
  bucketMembers,
  conditionMembers,
  isVersionId,
  objectMembers,
  versionMembers,
} from './input.ts';
import { checkVersionId } from './objects.ts';
import {
  type Bucket,
  bucketOf,
  currentOf,
  numberOf,
  putCurrent,
  type State,
  type Version,
  versionOf,
} from './tables.ts';

const deleteSchema = z.strictObject({
  ...objectMembers,
  ...versionMembers,
  IfMatch: conditionMembers.IfMatch,
});

type Deletion = Pick<z.output<typeof deleteSchema>, 'Bucket' | 'Key'> &
  Partial<Pick<z.output<typeof deleteSchema>, 'VersionId' | 'IfMatch'>>;

type Removed = { readonly answer: Answer; readonly blobs: readonly Blob[] };

/** DeleteObject: a marker in a versioned bucket, or one version for good. */
export const deleteObject = (state: State) => operation(deleteSchema, (request) => deleteOne(state, request));

async function deleteOne(state: State, { Bucket, Key, VersionId, IfMatch }: Deletion): Promise<Answer> {
  const bucket = bucketOf(state, Bucket);
  checkVersionId(VersionId, bucket);
  // S3 compares the current version, whichever is to be deleted.
  if (VersionId !== undefined && IfMatch !== undefined)
    throw unsupported(`a condition for the deletion of a version of ${Key}`);
  const { answer, blobs } = await state.cloud.store.transaction(() => {
    const current = currentOf(state, Bucket, Key)?.version;
    const named = VersionId === undefined ? current : versionOf(state, Bucket, Key, VersionId);
    if (isUnknown(VersionId, named)) throw unknownVersion(VersionId, Key);
    checkDelete(IfMatch, named, Key);
    if (VersionId !== undefined) return removeVersion(state, Bucket, Key, VersionId);
    if (bucket.versioned) return { answer: addDeleteMarker(state, bucket, Key), blobs: [] };
    return { ...removeVersion(state, Bucket, Key, current?.versionId ?? ''), answer: {} };
  });
  await state.blobs.remove(blobs);
  return answer;
}

/**
 * S3 answers so to an id that it has never given out. It tells such an id by its letters from that of a version that was
 * deleted before, which this runtime cannot.
 */
const unknownVersion = (id: string | undefined, key: string): AwsError =>
  new AwsError('InvalidArgument', `Invalid version id specified: ${key} has no version ${id}`);

/** The id `null` is that of every object from before its bucket had versions. */
const isUnknown = (id: string | undefined, found: Version | undefined): boolean =>
  id !== undefined && id !== 'null' && found === undefined;

/** Puts a delete marker on top. Must run inside a transaction. */
export function addDeleteMarker(state: State, bucket: Bucket, key: string): Answer {
  const { stored } = putCurrent(state, bucket, key, {
    modified: Date.now(),
    deleted: true,
    etag: '',
    size: 0,
    blobs: [],
    metadata: {},
    headers: {},
    checksums: {},
  });
  return { DeleteMarker: true, VersionId: stored.versionId };
}

/** Removes one version for good; one that is not there is gone already. Must run inside a transaction. */
export function removeVersion(state: State, bucket: string, key: string, versionId: string): Removed {
  for (const entry of state.versions.under([bucket, key])) {
    if (entry.value.versionId !== versionId) continue;
    void state.versions.remove([bucket, key, numberOf(entry.key)]);
    const { deleted, blobs } = entry.value;
    return { answer: { VersionId: versionId, ...(deleted ? { DeleteMarker: true } : {}) }, blobs };
  }
  return { answer: { VersionId: versionId }, blobs: [] };
}

const sums = [
  'ContentMD5',
  'ChecksumAlgorithm',
  ...ALGORITHMS.map((name) => `Checksum${name}` as const),
] as const;

const deletesSchema = z.strictObject({
  ...bucketMembers,
  Delete: z.strictObject({
    Objects: z
      .array(
        // Size and LastModifiedTime are conditions of directory buckets; S3 refuses them elsewhere, too.
        z.strictObject({
          Key: z.string(),
          VersionId: z.string().optional(),
          ETag: z.string().optional(),
        }),
      )
      .min(1)
      .max(1000),
    Quiet: z.boolean().default(false),
  }),
  // A body that is broken is no XML.
  ...withoutEffect(...sums),
});

/** DeleteObjects: each by itself, and what failed by its name. */
export const deleteObjects = (state: State) =>
  operation(deletesSchema, (request) => deleteAll(state, request));

async function deleteAll(state: State, { Bucket, Delete }: z.output<typeof deletesSchema>): Promise<Answer> {
  const bucket = bucketOf(state, Bucket);
  const Deleted: Answer[] = [];
  const Errors: Answer[] = [];
  for (const { Key, VersionId, ETag: IfMatch } of Delete.Objects) {
    try {
      if (
        VersionId !== undefined &&
        (!isVersionId(VersionId, bucket) || isUnknown(VersionId, versionOf(state, Bucket, Key, VersionId)))
      )
        throw new AwsError('NoSuchVersion', `the object ${Key} has no version ${VersionId}`, 404);
      const one = { Bucket, Key, VersionId, IfMatch };
      const { DeleteMarker, VersionId: made } = await deleteOne(state, one);
      Deleted.push({
        Key,
        ...(VersionId === undefined ? {} : { VersionId }),
        ...(DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: made } : {}),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { Deleted: Delete.Quiet ? [] : Deleted, Errors };
}
