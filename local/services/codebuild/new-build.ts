import { randomUUID } from 'node:crypto';
import { unsupported } from '../../core/aws-error.ts';
import type { Call, Cloud } from '../../core/cloud.ts';
import { type Build, type Output, type StoredBuild, seconds } from './build.ts';
import { invalidInput, repeated } from './invalid-input.ts';
import { isLambda, type Project, type Variable } from './project.ts';
import { assetAt } from './source.ts';
import type { StartInput } from './start-input.ts';

// CodeBuild cannot begin a build with more: https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html
const MAX_VARIABLES_LENGTH = 5_500;

/** A build of a project as it begins, without its number. @throws InvalidInputException for what AWS refuses */
export function newBuild(cloud: Cloud, project: Project, input: StartInput, call: Call): StoredBuild {
  if (input.timeoutInMinutesOverride !== undefined && isLambda(project.environment.type))
    throw invalidInput(
      `the project ${project.name} is on Lambda compute, which takes no timeoutInMinutesOverride: leave it out`,
    );
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
      environmentVariables: variablesOf(environmentVariables, input.environmentVariablesOverride),
    },
    serviceRole: project.serviceRole,
    logs: logsOf(cloud, project, uuid),
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    buildComplete: false,
    initiator: call.principal.arn.split('/').at(-1) ?? '',
    exportedEnvironmentVariables: [],
  };
  return { build, output: outputOf(input), asset: assetAt(cloud, build.source) };
}

/** The phase of a build that is written down, which takes no time here. */
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
    throw invalidInput(
      `the project ${name} takes its source from a pipeline: start that, or override the source`,
    );
  if (type === 'S3' && !/^(arn:aws:s3:::)?[^/]+\/./.test(location ?? ''))
    throw invalidInput(`the S3 source ${location} of ${name} is not bucket/key`);
  if (type === 'S3' && location?.endsWith('/'))
    throw unsupported(`the folder ${location} as a source: give a zip`);
  if (buildspec?.startsWith('arn:'))
    throw unsupported(`a buildspec in S3 (${buildspec}): put it in the source`);
  if (type === 'NO_SOURCE' && buildspec === undefined)
    throw invalidInput(`the project ${name} has no source and no buildspec: give one`);
  return { type, location: type === 'S3' ? location : undefined, buildspec };
}

/** The project's variables, of which those of the request replace the ones of the same name. */
function variablesOf(project: readonly Variable[], overrides: readonly Variable[]): Variable[] {
  const twice = repeated(overrides.map(({ name }) => name));
  if (twice !== undefined)
    throw invalidInput(`environmentVariablesOverride has ${twice} more than once: give one value`);
  const variables = [...new Map([...project, ...overrides].map((each) => [each.name, each])).values()];
  const length = variables.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (length > MAX_VARIABLES_LENGTH)
    throw invalidInput(
      `the names and values of the environment variables have ${length} characters together, more than ${MAX_VARIABLES_LENGTH}: put long ones into Parameter Store`,
    );
  return variables;
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
    throw invalidInput('artifactsOverride of type S3 needs a location and a name');
  return { bucket: artifacts.location, key };
}
