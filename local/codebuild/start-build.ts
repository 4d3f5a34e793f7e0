import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Call, Cloud } from '../cloud.ts';
import { type Build, type Output, type StoredBuild, seconds } from './build.ts';
import type { Project } from './project.ts';

const variable = z.object({
  name: z.string(),
  value: z.string(),
  type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

const startSchema = z.strictObject({
  projectName: z.string(),
  environmentVariablesOverride: z.array(variable).default([]),
  sourceVersion: z.string().optional(),
  sourceTypeOverride: z.enum(['S3', 'NO_SOURCE']).optional(),
  sourceLocationOverride: z.string().optional(),
  buildspecOverride: z.string().optional(),
  timeoutInMinutesOverride: z.number().int().min(5).max(2160).optional(),
  idempotencyToken: z.string().optional(),
  artifactsOverride: z
    .looseObject({
      type: z.enum(['S3', 'NO_ARTIFACTS']),
      location: z.string().optional(),
      path: z.string().default(''),
      name: z.string().default(''),
    })
    .optional(),
});

export type StartInput = z.infer<typeof startSchema>;

/** @throws InvalidInputException naming what is not supported */
export function startInputOf(input: unknown): StartInput {
  const parsed = startSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
}

/** A build of a project as it begins. */
export function newBuild(
  cloud: Cloud,
  project: Project,
  input: StartInput,
  buildNumber: number,
  call: Call,
): StoredBuild {
  const uuid = randomUUID();
  const id = `${project.name}:${uuid}`;
  const began = seconds();
  const source = {
    type: input.sourceTypeOverride ?? project.source.type,
    location: input.sourceLocationOverride ?? project.source.location,
    buildspec: input.buildspecOverride ?? project.source.buildspec,
  };
  if (source.type === 'CODEPIPELINE')
    throw new AwsError(
      'InvalidInputException',
      `the project ${project.name} takes its source from a pipeline: start that, or override the source`,
    );
  const build: Build = {
    id,
    arn: `arn:aws:codebuild:${cloud.region}:${cloud.account}:build/${id}`,
    buildNumber,
    startTime: began,
    currentPhase: 'QUEUED',
    buildStatus: 'IN_PROGRESS',
    sourceVersion: input.sourceVersion,
    projectName: project.name,
    phases: [
      {
        phaseType: 'SUBMITTED',
        phaseStatus: 'SUCCEEDED',
        startTime: began,
        endTime: began,
        durationInSeconds: 0,
      },
    ],
    source,
    environment: {
      ...project.environment,
      environmentVariables: merged([...project.variables, ...input.environmentVariablesOverride]),
    },
    serviceRole: project.serviceRole,
    logs: logsOf(cloud, project.logGroup, uuid),
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    buildComplete: false,
    initiator: call.principal.arn.split('/').at(-1) ?? '',
    exportedEnvironmentVariables: [],
  };
  return { build, output: outputOf(input), idempotencyToken: input.idempotencyToken };
}

/** Of several of one name the last. */
function merged<T extends { readonly name: string }>(variables: readonly T[]): T[] {
  return [...new Map(variables.map((each) => [each.name, each])).values()];
}

function logsOf({ region }: Cloud, groupName: string, streamName: string): Build['logs'] {
  const group = encodeURIComponent(groupName).replaceAll('%', '$25');
  return {
    groupName,
    streamName,
    deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${group}/log-events/${streamName}`,
    cloudWatchLogs: { status: 'ENABLED', groupName, streamName },
  };
}

function outputOf({ artifactsOverride: artifacts }: StartInput): Output | undefined {
  if (artifacts?.type !== 'S3' || !artifacts.location) return undefined;
  return {
    bucket: artifacts.location,
    key: [artifacts.path, artifacts.name].filter((part) => part !== '').join('/'),
  };
}
