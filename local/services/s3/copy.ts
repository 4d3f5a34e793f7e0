import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Call } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import type { Blob } from './blobs.ts';
import { checkSource, checkWrite, type ReadConditions, readConditionMembers } from './conditions.ts';
import { type Answer, conditionMembers, describedBy, describedMembers, objectMembers } from './input.ts';
import { partMembers, writePart } from './multipart.ts';
import { hidden, versionAt, versionMember } from './objects.ts';
import { bucketOf, currentOf, putCurrent, type State, type Version } from './tables.ts';

const sourceMembers = {
  CopySource: z.string(),
  CopySourceIfMatch: readConditionMembers.IfMatch,
  CopySourceIfNoneMatch: readConditionMembers.IfNoneMatch,
  CopySourceIfModifiedSince: readConditionMembers.IfModifiedSince,
  CopySourceIfUnmodifiedSince: readConditionMembers.IfUnmodifiedSince,
};

const copySchema = z.strictObject({
  ...objectMembers,
  ...describedMembers,
  ...sourceMembers,
  MetadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
  TaggingDirective: z.literal('COPY').optional(),
  ...conditionMembers,
});

/** CopyObject: the bytes that are there already, under another key. */
export const copyObject = (state: State) =>
  operation(copySchema, (request, call) => copy(state, request, call));

async function copy(state: State, request: z.output<typeof copySchema>, call: Call): Promise<Answer> {
  const bucket = bucketOf(state, request.Bucket);
  const from = sourceOf(request.CopySource);
  checkChange(from, request);
  const source = hidden(state, from.bucket, call, () =>
    versionAt(state, from.bucket, from.key, from.versionId),
  );
  checkSource(sourceConditions(request), source);
  const { metadata, headers } = request.MetadataDirective === 'COPY' ? source : describedBy(request);
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

function sourceConditions(request: z.output<z.ZodObject<typeof sourceMembers>>): ReadConditions {
  return {
    IfMatch: request.CopySourceIfMatch,
    IfNoneMatch: request.CopySourceIfNoneMatch,
    IfModifiedSince: request.CopySourceIfModifiedSince,
    IfUnmodifiedSince: request.CopySourceIfUnmodifiedSince,
  };
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

interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Reads `bucket/key?versionId=…`, each part URL encoded. */
function sourceOf(copySource: string): Source {
  if (copySource.startsWith('arn:')) throw unsupported(`the copy source ${copySource}, an ARN`);
  const [, bucket = '', name = '', versionId] =
    /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(copySource) ?? [];
  const key = decoded(name);
  if (key) return { bucket, key, versionId };
  throw new AwsError(
    'InvalidArgument',
    `the copy source ${copySource} is not of the form bucket/key, URL encoded`,
  );
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function checkChange({ bucket, key, versionId }: Source, request: z.infer<typeof copySchema>): void {
  const isSame = bucket === request.Bucket && key === request.Key && versionId === undefined;
  if (isSame && request.StorageClass !== undefined)
    throw unsupported(`a storage class for ${bucket}/${key}, which is copied to itself`);
  if (isSame && request.MetadataDirective === 'COPY')
    throw new AwsError(
      'InvalidRequest',
      `${bucket}/${key} is copied to itself without a change: replace its metadata, or name a version`,
    );
}

const partCopySchema = z.strictObject({
  ...partMembers,
  ...sourceMembers,
  CopySourceRange: z.string().optional(),
});

/** UploadPartCopy: a part from the bytes of an object. */
export const uploadPartCopy = (state: State) =>
  operation(partCopySchema, (request, call) => copyPart(state, request, call));

/** The first and the last byte of the source, all of it without a range. @throws InvalidArgument */
function partRange(range: string | undefined, size: number): [number, number] {
  if (range === undefined) return [0, size - 1];
  const [, first, last] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).map(Number);
  if (first !== undefined && last !== undefined && first <= last && last < size) return [first, last];
  throw new AwsError(
    'InvalidArgument',
    `the range ${range} is not of the form bytes=FIRST-LAST, or not in a source of ${size} bytes`,
  );
}

async function copyPart(state: State, request: z.output<typeof partCopySchema>, call: Call): Promise<Answer> {
  const { CopySource, CopySourceRange, Bucket, Key, UploadId, PartNumber } = request;
  const source = sourceOf(CopySource);
  const version = hidden(state, source.bucket, call, () =>
    versionAt(state, source.bucket, source.key, source.versionId),
  );
  checkSource(sourceConditions(request), version);
  const [start, end] = partRange(CopySourceRange, version.size);
  const Body = state.blobs.read(version.blobs, start, end);
  const part = { Bucket, Key, UploadId, PartNumber, Body };
  const { ETag } = await writePart(state, part).finally(() => Body.destroy());
  return {
    CopyPartResult: { ETag, LastModified: new Date() },
    CopySourceVersionId: versionMember(version).VersionId,
  };
}
