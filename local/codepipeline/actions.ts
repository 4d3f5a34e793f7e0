import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import type { Action, Pipeline } from './definition.ts';
import { type ActionExecution, type Execution, type StoredArtifact, seconds } from './execution.ts';
import { resolved } from './variables.ts';

/** What an action has come to. */
export interface Done {
  readonly artifacts: Readonly<Record<string, StoredArtifact>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly revision?: Execution['revisions'][number];
}

export interface Acting {
  readonly cloud: Cloud;
  readonly pipeline: Pipeline;
  readonly execution: Execution;
  readonly action: Action;
  /** the action so far, for one that is taken up again */
  readonly known: ActionExecution;
  readonly signal: AbortSignal;
  /** keeps the id of the build that runs it */
  readonly submitted: (externalId: string, summary: string) => Promise<void>;
}

const headSchema = z.looseObject({
  VersionId: z.string().optional(),
  ETag: z.string(),
  Metadata: z.record(z.string(), z.string()).default({}),
  LastModified: z.date(),
});
const objectSchema = z.looseObject({ Body: z.instanceof(Readable) });

/** An S3 source: takes one version of one object into the artifact store. */
export async function source({ cloud, pipeline, execution, action }: Acting): Promise<Done> {
  const { key, versionId } = execution.overrides[action.name] ?? {};
  const { S3Bucket: Bucket = '', S3ObjectKey = '' } = action.configuration;
  const Key = key ?? S3ObjectKey;
  const as = cloud.role(action.roleArn);
  const at = { Bucket, Key, ...(versionId ? { VersionId: versionId } : {}) };
  const head = headSchema.parse(
    await cloud.call('s3', 'HeadObject', at, as).catch(missing(Bucket, Key, versionId)),
  );
  const pinned = { Bucket, Key, ...(head.VersionId ? { VersionId: head.VersionId } : {}) };
  const { Body } = objectSchema.parse(await cloud.call('s3', 'GetObject', pinned, as));
  const stored = storedAt(pipeline, execution, action.outputs[0] ?? action.name);
  const put = { Bucket: stored.bucket, Key: stored.key, Body, ContentType: 'application/zip' };
  await cloud.call('s3', 'PutObject', put, as);
  const revisionId = head.VersionId ?? head.ETag;
  const revisionSummary =
    head.Metadata['codepipeline-artifact-revision-summary'] ?? `Amazon S3 version id: ${revisionId}`;
  return {
    artifacts: Object.fromEntries(action.outputs.map((name) => [name, stored])),
    variables: {
      BucketName: Bucket,
      ETag: head.ETag.replaceAll('"', ''),
      ObjectKey: Key,
      VersionId: head.VersionId ?? '',
    },
    summary: revisionSummary,
    revision: {
      name: action.outputs[0] ?? action.name,
      revisionId,
      revisionSummary,
      created: head.LastModified.getTime() / 1000,
      revisionUrl: `https://console.aws.amazon.com/s3/object/${Bucket}?prefix=${encodeURIComponent(Key)}`,
    },
  };
}

const missing =
  (bucket: string, key: string, versionId: string | undefined) =>
  (cause: unknown): never => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `the object ${key}${versionId ? ` of version ${versionId}` : ''} in ${bucket} cannot be read: ${message}`,
      { cause },
    );
  };

/** Where an artifact of this execution stands in the artifact store. */
function storedAt({ name, store }: Pipeline, { id }: Execution, artifact: string): StoredArtifact {
  return { bucket: store, key: `${name.slice(0, 20)}/${artifact.slice(0, 10)}/${id}` };
}

const buildSchema = z.looseObject({
  id: z.string(),
  buildStatus: z.string(),
  exportedEnvironmentVariables: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
  phases: z
    .array(
      z.looseObject({
        phaseType: z.string(),
        contexts: z
          .array(z.looseObject({ statusCode: z.string().default(''), message: z.string().default('') }))
          .default([]),
      }),
    )
    .default([]),
  artifacts: z.looseObject({ location: z.string().optional() }).optional(),
});
type Build = z.infer<typeof buildSchema>;

const POLL = 50;

/** A CodeBuild action: its input is the build's source, and the build's artifact its output. */
export async function build(acting: Acting): Promise<Done> {
  const { action, known, submitted, signal, pipeline, execution } = acting;
  const id = known.externalId ?? (await startBuild(acting));
  await submitted(id, '');
  let found = await buildOf(acting, id);
  while (found.buildStatus === 'IN_PROGRESS') {
    await wait(POLL, undefined, { signal });
    found = await buildOf(acting, id);
  }
  if (found.buildStatus !== 'SUCCEEDED') throw new Error(failureOf(found));
  const [output] = action.outputs;
  return {
    artifacts: output === undefined ? {} : { [output]: storedAt(pipeline, execution, output) },
    variables: Object.fromEntries(found.exportedEnvironmentVariables.map(({ name, value }) => [name, value])),
    summary: '',
  };
}

async function startBuild({ cloud, pipeline, execution, action, known }: Acting): Promise<string> {
  const { ProjectName: projectName = '', EnvironmentVariables } = action.configuration;
  const [input] = action.inputs;
  const artifact = input === undefined ? undefined : execution.artifacts[input];
  if (!artifact)
    throw new Error(
      `the action ${action.name} takes the artifact ${input}, which no action before it has made`,
    );
  const [output] = action.outputs;
  const stored = output === undefined ? undefined : storedAt(pipeline, execution, output);
  const started = await cloud.call(
    'codebuild',
    'StartBuild',
    {
      projectName,
      sourceTypeOverride: 'S3',
      sourceLocationOverride: `${artifact.bucket}/${artifact.key}`,
      environmentVariablesOverride: resolved(EnvironmentVariables, pipeline, execution),
      idempotencyToken: known.id,
      ...(stored ? { artifactsOverride: { type: 'S3', location: stored.bucket, name: stored.key } } : {}),
    },
    cloud.role(action.roleArn),
  );
  return z.looseObject({ build: z.looseObject({ id: z.string() }) }).parse(started).build.id;
}

async function buildOf({ cloud, action }: Acting, id: string): Promise<Build> {
  const answer = await cloud.call('codebuild', 'BatchGetBuilds', { ids: [id] }, cloud.role(action.roleArn));
  const [found] = z.looseObject({ builds: z.array(buildSchema) }).parse(answer).builds;
  if (!found) throw new Error(`the build ${id} is gone`);
  return found;
}

function failureOf({ id, buildStatus, phases }: Build): string {
  const said = phases.flatMap(({ phaseType, contexts }) =>
    contexts.filter(({ message }) => message !== '').map(({ message }) => `${phaseType}: ${message}`),
  );
  return `Build ${id} ${buildStatus}${said.length > 0 ? `: ${said.join('; ')}` : ''}`;
}

/** Ends the build of an action that is stopped. */
export async function stopBuild(cloud: Cloud, action: Action, id: string): Promise<void> {
  await cloud.call('codebuild', 'StopBuild', { id }, cloud.role(action.roleArn));
}

/** An action as it begins. */
export function begun(stage: string, action: string, id: string): ActionExecution {
  return {
    id,
    stage,
    action,
    status: 'InProgress',
    startTime: seconds(),
    lastUpdateTime: seconds(),
    variables: {},
  };
}
