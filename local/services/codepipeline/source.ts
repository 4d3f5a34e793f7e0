import { Readable } from 'node:stream';
import * as z from 'zod';
import { StateNotWritten } from '../../core/not-written.ts';
import { type ActionResult, type ActionRun, artifactLocation, roleOf } from './action-run.ts';
import { type Revision, seconds } from './execution.ts';
import { resolved } from './variables.ts';

const headSchema = z.looseObject({
  VersionId: z.string().optional(),
  ETag: z.string(),
  Metadata: z.record(z.string(), z.string()).default({}),
  LastModified: z.date().optional(),
});
const objectSchema = z.looseObject({ Body: z.instanceof(Readable) });
const putSchema = z.looseObject({ VersionId: z.string().optional() });

type Head = z.infer<typeof headSchema> & { readonly VersionId: string };
interface SourceObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** An S3 source: takes one version of one object into the artifact store. */
export async function takeSource(run: ActionRun): Promise<ActionResult> {
  const { pipeline, execution, action, signal } = run;
  const from = await objectOf(run);
  const head = await headOf(run, from);
  signal.throwIfAborted();
  const pinned = { ...from, VersionId: head.VersionId };
  const [name = ''] = action.outputs;
  const destination = artifactLocation(pipeline, execution, name);
  const versionId = await copy(run, pinned, { Bucket: destination.bucket, Key: destination.key });
  const revision = revisionOf(action.name, name, pinned, head);
  return {
    artifacts: { [name]: { ...destination, versionId } },
    variables: {
      BucketName: pinned.Bucket,
      ETag: head.ETag.replaceAll('"', ''),
      ObjectKey: pinned.Key,
      VersionId: pinned.VersionId,
    },
    summary: revision.revisionSummary,
    revision,
  };
}

/** The configured object, or the one that the start of the execution named. */
async function objectOf({ pipeline, execution, action, note }: ActionRun): Promise<SourceObject> {
  const { key, versionId } = execution.overrides[action.name] ?? {};
  const values = Object.entries(action.configuration).map(
    ([name, text]) => [name, resolved(text, pipeline, execution)] as const,
  );
  const { S3Bucket = '', S3ObjectKey = '', ...others } = Object.fromEntries(values);
  const configuration = { S3Bucket, S3ObjectKey: key ?? S3ObjectKey, ...others };
  await note({ configuration });
  const from = { Bucket: S3Bucket, Key: configuration.S3ObjectKey };
  return versionId === undefined ? from : { ...from, VersionId: versionId };
}

async function headOf(run: ActionRun, from: SourceObject): Promise<Head> {
  const answer = await run.cloud
    .call('s3', 'HeadObject', from, roleOf(run))
    .catch((cause: unknown) => unreadable(from, cause));
  const { VersionId, ...head } = headSchema.parse(answer);
  // Nothing else says which object an execution has run on.
  if (VersionId === undefined || VersionId === 'null')
    throw new Error(
      `the bucket ${from.Bucket} keeps no versions of ${from.Key}: turn versioning on and put it again`,
    );
  return { ...head, VersionId };
}

/**
 * @returns the version of the copy
 * @throws StateNotWritten when the disk is full: the copy is tried again
 */
async function copy(
  run: ActionRun,
  from: SourceObject,
  to: Omit<SourceObject, 'VersionId'>,
): Promise<string | undefined> {
  const { cloud } = run;
  const as = roleOf(run);
  const answer = await cloud
    .call('s3', 'GetObject', from, as)
    .catch((cause: unknown) => unreadable(from, cause));
  const { Body } = objectSchema.parse(answer);
  try {
    const put = { ...to, Body, ContentType: 'application/zip' };
    return putSchema.parse(await cloud.call('s3', 'PutObject', put, as)).VersionId;
  } catch (cause) {
    if (cause instanceof StateNotWritten) throw cause;
    throw new Error(
      `the artifact ${to.Key} cannot be written to the artifact store ${to.Bucket}: ${messageOf(cause)}`,
      { cause },
    );
  } finally {
    Body.destroy();
  }
}

function unreadable({ Bucket, Key, VersionId }: SourceObject, cause: unknown): never {
  const version = VersionId === undefined ? '' : `, version ${VersionId},`;
  throw new Error(`the object ${Key}${version} of the bucket ${Bucket} cannot be read: ${messageOf(cause)}`, {
    cause,
  });
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function revisionOf(
  action: string,
  name: string,
  { Bucket, Key, VersionId }: Required<SourceObject>,
  head: Head,
): Revision {
  const prefix = `prefix=${encodeURIComponent(Key)}&versionId=${encodeURIComponent(VersionId)}`;
  return {
    action,
    name,
    revisionId: VersionId,
    revisionSummary:
      head.Metadata['codepipeline-artifact-revision-summary'] ?? `Amazon S3 version id: ${VersionId}`,
    created: (head.LastModified?.getTime() ?? seconds() * 1000) / 1000,
    revisionUrl: `https://console.aws.amazon.com/s3/object/${Bucket}?${prefix}`,
  };
}
