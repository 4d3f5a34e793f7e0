import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { operation } from '../../core/gate.ts';
import { ALGORITHMS, compositeOf } from './checksums.ts';
import { checkConflict, checkWrite } from './conditions.ts';
import { type Answer, checksumValueMembers, conditionMembers } from './input.ts';
import { checksumType, removeUpload, uploadMembers, uploadOf } from './multipart.ts';
import { versionMember } from './objects.ts';
import {
  type Bucket,
  bucketOf,
  currentOf,
  type Part,
  putCurrent,
  type State,
  type Upload,
  type Version,
} from './tables.ts';

// S3's own limit for every part but the last.
const MIN_PART_BYTES = 5 * 1024 * 1024;

const namedSchema = z.strictObject({
  PartNumber: z.coerce.number().int(),
  ETag: z.string(),
  ...checksumValueMembers,
});

const completeSchema = z.strictObject({
  ...uploadMembers,
  MultipartUpload: z.strictObject({ Parts: z.array(namedSchema).min(1) }),
  MpuObjectSize: z.coerce.number().optional(),
  ChecksumType: checksumType,
  ...checksumValueMembers,
  ...conditionMembers,
});

type Request = z.infer<typeof completeSchema>;

/** CompleteMultipartUpload: the parts become the object, in one step, if its conditions still hold. */
export const completeUpload = (state: State) =>
  operation(completeSchema, (request) => complete(state, request));

async function complete(state: State, request: Request): Promise<Answer> {
  const { Bucket, Key, UploadId } = request;
  const bucket = bucketOf(state, Bucket);
  refuseConditions(bucket, request);
  const { stored, garbage } = await state.cloud.store.transaction(() => {
    const upload = uploadOf(state, Bucket, Key, UploadId);
    const parts = partsOf(state, request);
    const current = currentOf(state, Bucket, Key)?.version;
    checkConflict(request, current, upload.created);
    checkWrite(request, current, Key);
    const made = putCurrent(state, bucket, Key, joined(upload, parts, request));
    const kept = new Set(parts.map(({ blob }) => blob.file));
    const left = removeUpload(state, UploadId).filter(({ file }) => !kept.has(file));
    return { stored: made.stored, garbage: [...made.replaced, ...left] };
  });
  await state.blobs.remove(garbage);
  return {
    Bucket,
    Key,
    Location: `${state.cloud.endpoint}/${Bucket}/${Key}`,
    ETag: `"${stored.etag}"`,
    ...versionMember(stored),
    ...stored.checksums,
  };
}

/** A bucket without versions does not know whether the object was deleted meanwhile, which is a conflict on AWS. */
function refuseConditions({ name, versioned }: Bucket, { IfMatch, IfNoneMatch }: Request): void {
  if (versioned || (IfMatch === undefined && IfNoneMatch === undefined)) return;
  throw unsupported(
    `${IfMatch === undefined ? 'IfNoneMatch' : 'IfMatch'} of an upload in parts to ${name}, a bucket without versions`,
  );
}

/** The parts that the request names. @throws InvalidPart, InvalidPartOrder, EntityTooSmall */
function partsOf(state: State, { UploadId, MultipartUpload }: Request): Part[] {
  const { Parts } = MultipartUpload;
  const unordered = Parts.find(({ PartNumber }, index) => PartNumber <= (Parts[index - 1]?.PartNumber ?? 0));
  if (unordered)
    throw new AwsError(
      'InvalidPartOrder',
      `part ${unordered.PartNumber} is out of order: list the parts by number`,
    );
  const parts = Parts.map((named) => {
    const { PartNumber, ETag } = named;
    const part = state.parts.get([UploadId, PartNumber]);
    if (part?.etag === ETag.replaceAll('"', '') && sameSums(part, named)) return part;
    throw new AwsError(
      'InvalidPart',
      `there is no part ${PartNumber} as named, with ${ETag}: upload it again`,
    );
  });
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES);
  if (small)
    throw new AwsError(
      'EntityTooSmall',
      `a part has ${small.size} bytes, and only the last may have fewer than ${MIN_PART_BYTES}`,
    );
  return parts;
}

function sameSums({ checksums }: Part, named: z.infer<typeof namedSchema>): boolean {
  return ALGORITHMS.map((name) => `Checksum${name}` as const).every(
    (member) => named[member] === undefined || named[member] === checksums[member],
  );
}

function joined(upload: Upload, parts: readonly Part[], request: Request): Omit<Version, 'versionId'> {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (request.MpuObjectSize !== undefined && request.MpuObjectSize !== size)
    throw new AwsError(
      'InvalidRequest',
      `the parts have ${size} bytes together, not the ${request.MpuObjectSize} that the request expects`,
    );
  return {
    metadata: upload.metadata,
    headers: upload.headers,
    modified: Date.now(),
    deleted: false,
    etag: `${md5.digest('hex')}-${parts.length}`,
    size,
    blobs: parts.map(({ blob }) => blob),
    checksums: joinedSums(upload, parts, request),
  };
}

/** @throws BadDigest for a checksum that the parts' ones do not come to */
function joinedSums({ algorithm }: Upload, parts: readonly Part[], request: Request): Record<string, string> {
  const own: Record<string, string> = {};
  if (algorithm) {
    const sums = parts.map(({ checksums }) => checksums[`Checksum${algorithm}`] ?? '');
    own[`Checksum${algorithm}`] = compositeOf(algorithm, sums);
  }
  for (const member of ALGORITHMS.map((name) => `Checksum${name}` as const)) {
    const given = request[member];
    if (given === undefined) continue;
    const sum = own[member];
    if (sum === undefined) throw unsupported(`${member} of a whole upload in parts: give it for each part`);
    // The number of parts behind it may be left out.
    if (given !== sum && given !== sum.replace(/-\d+$/, ''))
      throw new AwsError('BadDigest', `the parts come to ${member} ${sum}, not ${given}`);
  }
  return own;
}
