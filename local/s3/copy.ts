import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';
import type { Blob } from './blobs.ts';
import { checkRead, checkWrite, readConditionsSchema } from './conditions.ts';
import { type Answer, conditionsSchema, describedBy, objectSchema, refuseUnsupported } from './input.ts';
import { versionAt, versionMember } from './objects.ts';
import { bucketOf, currentOf, putCurrent, type State, type Version } from './state.ts';

const copySchema = objectSchema
  .extend({
    CopySource: z.string(),
    MetadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
    TaggingDirective: z.literal('COPY').optional(),
  })
  .extend(conditionsSchema.shape);

/** CopyObject: the bytes that are there already, under another key. */
export async function copyObject(state: State, input: unknown): Promise<Answer> {
  const request = copySchema.parse(input);
  refuseUnsupported(input);
  const bucket = bucketOf(state, request.Bucket);
  const source = sourceOf(state, request);
  checkRead(sourceConditions(input), source);
  const { metadata, headers } = request.MetadataDirective === 'COPY' ? source : describedBy(input);
  const shared = await state.blobs.share(source.blobs);
  try {
    const bytes = await copiedBytes(state, source, shared);
    const { stored, replaced } = await state.cloud.store.transaction(() => {
      checkWrite(request, currentOf(state, request.Bucket, request.Key)?.version, request.Key);
      const { size } = source;
      const version = { metadata, headers, size, blobs: shared, modified: Date.now(), deleted: false };
      return putCurrent(state, bucket, request.Key, { ...version, ...bytes });
    });
    await state.blobs.remove(replaced);
    return {
      CopyObjectResult: {
        ETag: `"${stored.etag}"`,
        LastModified: new Date(stored.modified),
        ...stored.checksums,
      },
      ...versionMember(stored),
      CopySourceVersionId: versionMember(source).VersionId,
    };
  } catch (error) {
    await state.blobs.remove(shared);
    throw error;
  }
}

function sourceConditions(input: unknown): z.infer<typeof readConditionsSchema> {
  const given = z.looseObject({}).parse(input);
  return readConditionsSchema.parse({
    IfMatch: given.CopySourceIfMatch,
    IfNoneMatch: given.CopySourceIfNoneMatch,
    IfModifiedSince: given.CopySourceIfModifiedSince,
    IfUnmodifiedSince: given.CopySourceIfUnmodifiedSince,
  });
}

/** S3 writes a copy in one piece, so the tag of an upload in parts is not the tag of its copy. */
async function copiedBytes(
  state: State,
  { etag, size, checksums }: Version,
  blobs: readonly Blob[],
): Promise<Pick<Version, 'etag' | 'checksums'>> {
  if (!etag.includes('-')) return { etag, checksums };
  const md5 = createHash('md5');
  for await (const chunk of state.blobs.read(blobs, 0, size - 1)) md5.update(chunk);
  return { etag: md5.digest('hex'), checksums: {} };
}

/** `bucket/key?versionId=…`, each part URL encoded */
function sourceOf(
  state: State,
  { CopySource, Bucket, Key, MetadataDirective }: z.infer<typeof copySchema>,
): Version {
  if (CopySource.startsWith('arn:')) throw unsupported(`the copy source ${CopySource}, an ARN`);
  const [, bucket = '', name = '', versionId] =
    /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(CopySource) ?? [];
  const key = decoded(name);
  if (key === undefined || key === '')
    throw new AwsError(
      'InvalidArgument',
      `the copy source ${CopySource} is not of the form bucket/key, URL encoded`,
    );
  if (bucket === Bucket && key === Key && versionId === undefined && MetadataDirective === 'COPY')
    throw new AwsError(
      'InvalidRequest',
      `${bucket}/${key} is copied to itself without a change: replace its metadata, or name a version`,
    );
  return versionAt(state, bucket, key, versionId);
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
