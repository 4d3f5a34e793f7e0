import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Resource } from '../../core/cloud.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const minutes = (max: number, preset: number) => z.coerce.number().int().min(5).max(max).default(preset);
const none = z.array(z.unknown()).max(0).optional();

const variableSchema = z.strictObject({
  Name: z.string(),
  Value: z.coerce.string(),
  Type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

const logsSchema = z.strictObject({
  CloudWatchLogs: z
    .strictObject({
      Status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
      GroupName: z.string().optional(),
      StreamName: z.undefined().optional(),
    })
    .prefault({}),
  S3Logs: z.strictObject({ Status: z.literal('DISABLED') }).optional(),
});

const environmentSchema = z.strictObject({
  Type: z.enum(['LINUX_CONTAINER', 'ARM_CONTAINER', 'LINUX_LAMBDA_CONTAINER', 'ARM_LAMBDA_CONTAINER']),
  Image: z.string(),
  ComputeType: z.string(),
  ImagePullCredentialsType: z.string().optional(),
  // There is no container here.
  PrivilegedMode: flag.refine((set) => !set, { error: 'must be false' }).optional(),
  EnvironmentVariables: z.array(variableSchema).default([]),
});

/** All that a project may have; what is not here would change a build, and is not carried out. */
const projectSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().default(''),
  ServiceRole: z.string(),
  TimeoutInMinutes: minutes(2160, 60),
  QueuedTimeoutInMinutes: minutes(480, 480),
  Source: z.strictObject({
    Type: z.enum(['S3', 'CODEPIPELINE', 'NO_SOURCE']),
    Location: z.string().optional(),
    BuildSpec: z.string().optional(),
  }),
  SourceVersion: z.string().optional(),
  Artifacts: z.strictObject({ Type: z.enum(['NO_ARTIFACTS', 'CODEPIPELINE']) }),
  Environment: environmentSchema,
  LogsConfig: logsSchema.prefault({}),
  Cache: z.strictObject({ Type: z.literal('NO_CACHE') }).optional(),
  EncryptionKey: z.string().optional(),
  VpcConfig: z.unknown().optional(),
  Tags: z.unknown().optional(),
  SecondarySources: none,
  SecondarySourceVersions: none,
  SecondaryArtifacts: none,
  FileSystemLocations: none,
});

/** An environment variable as the API writes it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER';
}

/** A build project of the template, as the API shows it. */
export interface Project {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly serviceRole: string;
  readonly timeoutInMinutes: number;
  readonly queuedTimeoutInMinutes: number;
  readonly source: {
    readonly type: string;
    readonly location?: string | undefined;
    readonly buildspec?: string | undefined;
  };
  readonly sourceVersion?: string | undefined;
  readonly artifacts: { readonly type: string };
  readonly environment: {
    readonly type: string;
    readonly image: string;
    readonly computeType: string;
    readonly privilegedMode: boolean;
    readonly environmentVariables: readonly Variable[];
  };
  readonly logsConfig: {
    readonly cloudWatchLogs: { readonly status: 'ENABLED' | 'DISABLED'; readonly groupName: string };
  };
}

/** @throws UnsupportedOperation for a project that this runtime cannot build as AWS would */
export function projectOf(cloud: Cloud, { properties, generatedName, logicalId }: Resource): Project {
  const parsed = projectSchema.safeParse(properties);
  if (!parsed.success) throw unsupported(`the build project ${logicalId}: ${z.prettifyError(parsed.error)}`);
  const { Source, Environment, LogsConfig, ...rest } = parsed.data;
  const { Status: status, GroupName } = LogsConfig.CloudWatchLogs;
  const name = rest.Name ?? generatedName;
  return {
    name,
    arn: `arn:aws:codebuild:${cloud.region}:${cloud.account}:project/${name}`,
    description: rest.Description,
    serviceRole: rest.ServiceRole,
    // Lambda compute has a limit of its own.
    timeoutInMinutes: Environment.Type.includes('LAMBDA') ? 15 : rest.TimeoutInMinutes,
    queuedTimeoutInMinutes: rest.QueuedTimeoutInMinutes,
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
