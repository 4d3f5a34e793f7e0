import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { roleOf } from './build.ts';
import { invalidInput, repeated } from './invalid-input.ts';
import { isLambda, type Project } from './project.ts';
import type { Tables } from './tables.ts';

const minutes = (max: number) => z.coerce.number().int().min(5).max(max).optional();

const variableSchema = z.strictObject({
  Name: z.string().min(1),
  Value: z.coerce.string(),
  Type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

const logsSchema = z.strictObject({
  CloudWatchLogs: z
    .strictObject({
      Status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
      GroupName: z.string().optional(),
    })
    .prefault({}),
  S3Logs: z.strictObject({ Status: z.string() }).optional(),
});

const environmentSchema = z.strictObject({
  Type: z.string(),
  Image: z.string(),
  ComputeType: z.string(),
  PrivilegedMode: templateBoolean.default(false),
  EnvironmentVariables: z.array(variableSchema).default([]),
  ImagePullCredentialsType: inert(z.enum(['CODEBUILD', 'SERVICE_ROLE'])),
});

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html
const vpcConfig = z
  .strictObject({
    VpcId: z.string().min(1).optional(),
    Subnets: z.array(z.string()).min(1).max(16).optional(),
    SecurityGroupIds: z.array(z.string()).min(1).max(5).optional(),
  })
  .refine(
    ({ VpcId, Subnets, SecurityGroupIds }) =>
      (VpcId === undefined) === (Subnets === undefined) &&
      (VpcId === undefined) === (SecurityGroupIds === undefined),
    'VpcId, Subnets and SecurityGroupIds go together: write all or none',
  );

/** All that a project may have: another property would change a build on AWS. */
export const propertiesSchema = z.strictObject({
  Name: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{1,149}$/, 'a name has 2 to 150 letters, digits, - and _')
    .optional(),
  Description: z.string().max(255).default(''),
  ServiceRole: z.string(),
  TimeoutInMinutes: minutes(2160),
  QueuedTimeoutInMinutes: minutes(480),
  Source: z.strictObject({
    Type: z.string(),
    Location: z.string().optional(),
    BuildSpec: z.string().optional(),
  }),
  SourceVersion: z.string().optional(),
  Artifacts: z.strictObject({ Type: z.string() }),
  Environment: environmentSchema,
  LogsConfig: logsSchema.prefault({}),
  Cache: z.strictObject({ Type: z.string() }).optional(),
  // A build runs in this machine's network, and S3 encrypts nothing here.
  Tags: inert(tagList),
  VpcConfig: inert(vpcConfig),
  EncryptionKey: inert(keyId),
});

type Properties = z.infer<typeof propertiesSchema>;

/** Makes or changes a build project. @throws UnsupportedOperation for one that cannot be built here as on AWS */
export function makeProject(
  cloud: Cloud,
  tables: Tables,
  properties: Properties,
  resource: Resource,
): Provisioned {
  refuseUnsupported(properties);
  if (isLambda(properties.Environment.Type)) refuseOnLambda(properties);
  refuseEnvironment(properties.Environment);
  refuseSource(properties);
  const project = projectOf(cloud, properties, properties.Name ?? resource.generatedName);
  roleOf(cloud, { serviceRole: project.serviceRole, projectName: project.name });
  tables.live.set(project.name, project);
  return { ref: project.name, attributes: { Arn: project.arn } };
}

const SOURCES = ['S3', 'CODEPIPELINE', 'NO_SOURCE'];
const ARTIFACTS = ['NO_ARTIFACTS', 'CODEPIPELINE'];
const ENVIRONMENTS = ['LINUX_CONTAINER', 'ARM_CONTAINER', 'LINUX_LAMBDA_CONTAINER', 'ARM_LAMBDA_CONTAINER'];

function refuseUnsupported({ Source, Artifacts, Environment, LogsConfig, Cache }: Properties): void {
  const refuse = (what: string): never => {
    throw unsupported(`a build project with ${what}`);
  };
  if (!SOURCES.includes(Source.Type)) refuse(`the Source.Type ${Source.Type}`);
  if (!ARTIFACTS.includes(Artifacts.Type)) refuse(`the Artifacts.Type ${Artifacts.Type}`);
  if (!ENVIRONMENTS.includes(Environment.Type)) refuse(`the Environment.Type ${Environment.Type}`);
  // There is no container here.
  if (Environment.PrivilegedMode) refuse('Environment.PrivilegedMode');
  if (LogsConfig.S3Logs && LogsConfig.S3Logs.Status !== 'DISABLED') refuse('LogsConfig.S3Logs');
  if (Cache && Cache.Type !== 'NO_CACHE') refuse(`the Cache.Type ${Cache.Type}`);
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html: what CodeBuild refuses on Lambda compute */
function refuseOnLambda(properties: Properties): void {
  const refuse = (what: string): never => {
    throw invalidInput(`a build project on Lambda compute takes no ${what}`);
  };
  for (const name of ['TimeoutInMinutes', 'QueuedTimeoutInMinutes', 'VpcConfig'] as const)
    if (properties[name] !== undefined) refuse(`${name}: leave it out`);
  refuseLambdaImage(properties.Environment);
}

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html
const COMPUTE = {
  lambda: ['1GB', '2GB', '4GB', '8GB', '10GB'].map((size) => `BUILD_LAMBDA_${size}`),
  container: ['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE'].map((size) => `BUILD_GENERAL1_${size}`),
};

/** @throws InvalidInputException for compute that its type of environment has not, and for a variable that is there twice */
function refuseEnvironment({ Type, ComputeType, EnvironmentVariables }: Properties['Environment']): void {
  const known = COMPUTE[isLambda(Type) ? 'lambda' : 'container'];
  if (!known.includes(ComputeType))
    throw invalidInput(`the ComputeType ${ComputeType} of ${Type} is none of ${known.join(', ')}`);
  const twice = repeated(EnvironmentVariables.map(({ Name }) => Name));
  if (twice !== undefined) throw invalidInput(`Environment has ${twice} more than once: give one value`);
}

/** @throws InvalidInputException for a source that lacks what its type needs, and artifacts that do not go with it */
function refuseSource({ Source, Artifacts }: Properties): void {
  if (Source.Type === 'NO_SOURCE' && Source.BuildSpec === undefined)
    throw invalidInput('a project without a source has no buildspec: write Source.BuildSpec');
  if (Source.Type === 'S3' && Source.Location === undefined)
    throw invalidInput('a source in S3 has no place: write Source.Location');
  if ((Source.Type === 'CODEPIPELINE') !== (Artifacts.Type === 'CODEPIPELINE'))
    throw invalidInput(
      `the Source.Type ${Source.Type} does not go with the Artifacts.Type ${Artifacts.Type}: both are CODEPIPELINE, or none`,
    );
}

// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.images
const LAMBDA_IMAGE = /^aws\/codebuild\/amazonlinux-(x86_64|aarch64)-lambda-standard:|\.dkr\.ecr\./;

/** @throws InvalidInputException for an image that does not run on Lambda compute of this kind */
function refuseLambdaImage({ Type, Image }: Properties['Environment']): void {
  const found = LAMBDA_IMAGE.exec(Image);
  const wanted = Type.startsWith('ARM') ? 'aarch64' : 'x86_64';
  if (!found || (found[1] ?? wanted) !== wanted)
    throw invalidInput(
      `the Image ${Image} does not run as ${Type}: take one of amazonlinux-${wanted}-lambda-standard`,
    );
}

// Lambda's own time limit, which no setting moves.
const LAMBDA_MINUTES = 15;
const DEFAULT_MINUTES = 60;
const DEFAULT_QUEUED_MINUTES = 480;

function projectOf(
  { region, account }: Cloud,
  { Source, Environment, LogsConfig, ...rest }: Properties,
  name: string,
): Project {
  const { Status: status, GroupName } = LogsConfig.CloudWatchLogs;
  return {
    name,
    arn: `arn:aws:codebuild:${region}:${account}:project/${name}`,
    description: rest.Description,
    serviceRole: rest.ServiceRole,
    timeoutInMinutes: isLambda(Environment.Type)
      ? LAMBDA_MINUTES
      : (rest.TimeoutInMinutes ?? DEFAULT_MINUTES),
    queuedTimeoutInMinutes: rest.QueuedTimeoutInMinutes ?? DEFAULT_QUEUED_MINUTES,
    source: { type: Source.Type, location: Source.Location, buildspec: Source.BuildSpec },
    sourceVersion: rest.SourceVersion,
    artifacts: { type: rest.Artifacts.Type },
    environment: {
      type: Environment.Type,
      image: Environment.Image,
      computeType: Environment.ComputeType,
      privilegedMode: false,
      environmentVariables: Environment.EnvironmentVariables.map(({ Name, Value: value, Type: type }) => ({
        name: Name,
        value,
        type,
      })),
    },
    logsConfig: { cloudWatchLogs: { status, groupName: GroupName ?? `/aws/codebuild/${name}` } },
  };
}
