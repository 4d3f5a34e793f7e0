import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Call, Cloud } from '../../core/cloud.ts';
import { type Build, type Output, type StoredBuild, seconds } from './build.ts';
import type { Project } from './project.ts';

const variable = z.strictObject({
  name: z.string().min(1),
  value: z.string(),
  type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

export const startSchema = z.strictObject({
  projectName: z.string(),
  environmentVariablesOverride: z.array(variable).default([]),
  sourceVersion: z.string().optional(),
  sourceTypeOverride: z.enum(['S3', 'NO_SOURCE']).optional(),
  sourceLocationOverride: z.string().optional(),
  buildspecOverride: z.string().optional(),
  timeoutInMinutesOverride: z.number().int().min(5).max(2160).optional(),
  idempotencyToken: z.string().optional(),
  artifactsOverride: z
    .strictObject({
      type: z.enum(['S3', 'NO_ARTIFACTS']),
      location: z.string().optional(),
      path: z.string().default(''),
      name: z.string().default(''),
      // A pipeline's artifact is one object.
      packaging: z.literal('ZIP').default('ZIP'),
    })
    .optional(),
});

export type StartInput = z.infer<typeof startSchema>;

/** A build of a project as it begins, without its number. @throws InvalidInputException for a source that is not one */
export function newBuild(cloud: Cloud, project: Project, input: StartInput, call: Call): StoredBuild {
  const uuid = randomUUID();
  const id = `${project.name}:${uuid}`;
  const began = seconds();
  const { environmentVariables, ...environment } = project.environment;
  const build: Build = {
    id,
    arn: `arn:aws:codebuild:${cloud.region}:${cloud.account}:build/${id}`,
    buildNumber: 0,
    startTime: began,
    currentPhase: 'QUEUED',
    buildStatus: 'IN_PROGRESS',
    sourceVersion: input.sourceVersion ?? project.sourceVersion,
    projectName: project.name,
    phases: [submitted(began), { phaseType: 'QUEUED', startTime: began }],
    source: sourceOf(project, input),
    environment: {
      ...environment,
      environmentVariables: merged([...environmentVariables, ...input.environmentVariablesOverride]),
    },
    serviceRole: project.serviceRole,
    logs: logsOf(cloud, project, uuid),
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    buildComplete: false,
    initiator: call.principal.arn.split('/').at(-1) ?? '',
    exportedEnvironmentVariables: [],
  };
  return { build, output: outputOf(input) };
}

function submitted(startTime: number): Build['phases'][number] {
  return {
    phaseType: 'SUBMITTED',
    phaseStatus: 'SUCCEEDED',
    startTime,
    endTime: startTime,
    durationInSeconds: 0,
  };
}

function sourceOf({ name, source }: Project, input: StartInput): Build['source'] {
  const type = input.sourceTypeOverride ?? source.type;
  const location = input.sourceLocationOverride ?? source.location;
  const buildspec = input.buildspecOverride ?? source.buildspec;
  if (type === 'CODEPIPELINE')
    throw new AwsError(
      'InvalidInputException',
      `the project ${name} takes its source from a pipeline: start that, or override the source`,
    );
  if (type === 'S3' && !/^(arn:aws:s3:::)?[^/]+\/./.test(location ?? ''))
    throw new AwsError('InvalidInputException', `the S3 source ${location} of ${name} is not bucket/key`);
  if (type === 'S3' && location?.endsWith('/'))
    throw unsupported(`the folder ${location} as a source: give a zip`);
  if (buildspec?.startsWith('arn:'))
    throw unsupported(`a buildspec in S3 (${buildspec}): put it in the source`);
  if (type === 'NO_SOURCE' && buildspec === undefined)
    throw new AwsError(
      'InvalidInputException',
      `the project ${name} has no source and no buildspec: give one`,
    );
  return { type, location: type === 'S3' ? location : undefined, buildspec };
}

/** Of several of one name the last. */
function merged<T extends { readonly name: string }>(variables: readonly T[]): T[] {
  return [...new Map(variables.map((each) => [each.name, each])).values()];
}

function logsOf({ region }: Cloud, { logsConfig }: Project, streamName: string): Build['logs'] {
  const { status, groupName } = logsConfig.cloudWatchLogs;
  if (status === 'DISABLED') return { cloudWatchLogs: { status } };
  const group = encodeURIComponent(groupName).replaceAll('%', '$25');
  return {
    groupName,
    streamName,
    deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${group}/log-events/${streamName}`,
    cloudWatchLogs: { status, groupName, streamName },
  };
}

function outputOf({ artifactsOverride: artifacts }: StartInput): Output | undefined {
  if (artifacts?.type !== 'S3') return undefined;
  const key = [artifacts.path, artifacts.name].filter((part) => part !== '').join('/');
  if (!artifacts.location || key === '')
    throw new AwsError('InvalidInputException', 'artifactsOverride of type S3 needs a location and a name');
  return { bucket: artifacts.location, key };
}
