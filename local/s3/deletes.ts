import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { removeBlobs } from './blobs.ts';
import { checkWrite } from './conditions.ts';
import { conditionsSchema, objectSchema } from './input.ts';
import { bucketOf, currentOf, numberOf, putCurrent, type State, type Version } from './state.ts';

type Answer = Record<string, unknown>;

const deleteSchema = objectSchema.extend({ VersionId: z.string().optional() }).extend(conditionsSchema.shape);

/** DeleteObject: a marker in a versioned bucket, or one version for good. */
export async function deleteObject(state: State, input: unknown): Promise<Answer> {
  const request = deleteSchema.parse(input);
  const bucket = bucketOf(state, request.Bucket);
  const { blobs, ...answer } = await state.cloud.store.transaction(() => {
    if (request.VersionId !== undefined)
      return removeVersion(state, request.Bucket, request.Key, request.VersionId);
    const current = currentOf(state, request.Bucket, request.Key);
    if (request.IfMatch !== undefined)
      checkWrite({ IfMatch: request.IfMatch }, current?.version, request.Key);
    if (!bucket.versioned) return removeCurrent(state, request.Bucket, request.Key, current);
    const { stored } = putCurrent(state, bucket, request.Key, marker());
    return { DeleteMarker: true, VersionId: stored.versionId, blobs: [] };
  });
  await removeBlobs(state.folder, blobs);
  return answer;
}

function marker(): Omit<Version, 'versionId'> {
  return {
    modified: Date.now(),
    deleted: true,
    etag: '',
    size: 0,
    blobs: [],
    metadata: {},
    headers: {},
    checksums: {},
  };
}

function removeCurrent(state: State, bucket: string, key: string, current: ReturnType<typeof currentOf>) {
  if (current) void state.versions.remove([bucket, key, current.at]);
  return { blobs: current?.version.blobs ?? [] };
}

/** Removes one version for good; one that is not there is gone already. Must run inside a transaction. */
export function removeVersion(state: State, bucket: string, key: string, versionId: string) {
  for (const entry of state.versions.under([bucket, key])) {
    if (entry.value.versionId !== versionId) continue;
    void state.versions.remove([bucket, key, numberOf(entry.key)]);
    const { deleted, blobs } = entry.value;
    return { VersionId: versionId, ...(deleted ? { DeleteMarker: true } : {}), blobs };
  }
  return { VersionId: versionId, blobs: [] };
}

const deletesSchema = z.object({
  Bucket: z.string(),
  Delete: z.object({
    Objects: z.array(z.object({ Key: z.string(), VersionId: z.string().optional() })).max(1000),
    Quiet: z.boolean().default(false),
  }),
});

/** DeleteObjects: each by itself, and what failed by its name. */
export async function deleteObjects(state: State, input: unknown): Promise<Answer> {
  const { Bucket, Delete } = deletesSchema.parse(input);
  const Deleted: Answer[] = [];
  const Errors: Answer[] = [];
  for (const { Key, VersionId } of Delete.Objects) {
    try {
      const answer = await deleteObject(state, { Bucket, Key, VersionId });
      Deleted.push({
        Key,
        ...(VersionId ? { VersionId } : { DeleteMarkerVersionId: answer.VersionId }),
        DeleteMarker: answer.DeleteMarker,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { Deleted: Delete.Quiet ? [] : Deleted, Errors };
}
