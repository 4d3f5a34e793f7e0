import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Blob } from './blobs.ts';
import { checkWrite } from './conditions.ts';
import { type Answer, bucketSchema, conditionsSchema, objectSchema } from './input.ts';
import { type Bucket, bucketOf, currentOf, numberOf, putCurrent, type State, versionOf } from './tables.ts';

const deleteSchema = objectSchema.extend({ VersionId: z.string().optional() }).extend(conditionsSchema.shape);

type Removed = { readonly answer: Answer; readonly blobs: readonly Blob[] };

/** DeleteObject: a marker in a versioned bucket, or one version for good. */
export async function deleteObject(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Key, VersionId, IfMatch } = deleteSchema.parse(input);
  const bucket = bucketOf(state, Bucket);
  const { answer, blobs } = await state.cloud.store.transaction(() => {
    const current = currentOf(state, Bucket, Key)?.version;
    const named = VersionId === undefined ? current : versionOf(state, Bucket, Key, VersionId);
    if (IfMatch !== undefined) checkWrite({ IfMatch, IfNoneMatch: undefined }, named, Key);
    if (VersionId !== undefined) return removeVersion(state, Bucket, Key, VersionId);
    if (bucket.versioned) return { answer: mark(state, bucket, Key), blobs: [] };
    return { ...removeVersion(state, Bucket, Key, current?.versionId ?? ''), answer: {} };
  });
  await state.blobs.remove(blobs);
  return answer;
}

/** Puts a delete marker on top. Must run inside a transaction. */
export function mark(state: State, bucket: Bucket, key: string): Answer {
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

const deletesSchema = bucketSchema.extend({
  Delete: z.looseObject({
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
});

/** DeleteObjects: each by itself, and what failed by its name. */
export async function deleteObjects(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Delete } = deletesSchema.parse(input);
  bucketOf(state, Bucket);
  const Deleted: Answer[] = [];
  const Errors: Answer[] = [];
  for (const { Key, VersionId, ETag: IfMatch } of Delete.Objects) {
    try {
      const { DeleteMarker, VersionId: made } = await deleteObject(state, {
        Bucket,
        Key,
        VersionId,
        IfMatch,
      });
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
