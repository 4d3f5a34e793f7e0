import { z } from 'zod';
import { unsupported } from '../aws-error.ts';
import type { Cloud, Resource } from '../cloud.ts';

const variableSchema = z.object({
  Name: z.string(),
  Value: z.string(),
  Type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

const projectSchema = z.object({
  Name: z.string().optional(),
  Description: z.string().default(''),
  ServiceRole: z.string(),
  TimeoutInMinutes: z.coerce.number().default(60),
  Source: z.looseObject({
    Type: z.enum(['S3', 'CODEPIPELINE', 'NO_SOURCE']),
    Location: z.string().optional(),
    BuildSpec: z.string().optional(),
  }),
  Artifacts: z.looseObject({ Type: z.enum(['NO_ARTIFACTS', 'CODEPIPELINE']) }),
  Environment: z.looseObject({
    Type: z.string(),
    Image: z.string(),
    ComputeType: z.string(),
    PrivilegedMode: z.coerce.boolean().default(false),
    EnvironmentVariables: z.array(variableSchema).default([]),
  }),
  LogsConfig: z
    .looseObject({ CloudWatchLogs: z.looseObject({ GroupName: z.string().optional() }).optional() })
    .optional(),
  Cache: z.looseObject({ Type: z.string() }).optional(),
  SecondarySources: z.array(z.unknown()).max(0).optional(),
  SecondaryArtifacts: z.array(z.unknown()).max(0).optional(),
  BuildBatchConfig: z.undefined().optional(),
  FileSystemLocations: z.array(z.unknown()).max(0).optional(),
});

/** An environment variable as the API writes it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER';
}

/** A build project of the template. */
export interface Project {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly serviceRole: string;
  readonly timeoutInMinutes: number;
  readonly source: {
    readonly type: string;
    readonly location?: string | undefined;
    readonly buildspec?: string | undefined;
  };
  readonly artifacts: { readonly type: string };
  readonly environment: {
    readonly type: string;
    readonly image: string;
    readonly computeType: string;
    readonly privilegedMode: boolean;
  };
  readonly variables: readonly Variable[];
  readonly logGroup: string;
}

/** @throws for a project that this runtime cannot build as AWS would */
export function projectOf(cloud: Cloud, { properties, generatedName, logicalId }: Resource): Project {
  const parsed = projectSchema.safeParse(properties);
  if (!parsed.success) throw unsupported(`the build project ${logicalId}: ${z.prettifyError(parsed.error)}`);
  const { Name, Source, Artifacts, Environment, LogsConfig, Cache, ...rest } = parsed.data;
  if (Cache && Cache.Type !== 'NO_CACHE')
    throw unsupported(`the cache ${Cache.Type} of the build project ${logicalId}`);
  if (Environment.PrivilegedMode)
    throw unsupported(`the privileged mode of the build project ${logicalId}: there is no container`);
  const name = Name ?? generatedName;
  return {
    name,
    arn: `arn:aws:codebuild:${cloud.region}:${cloud.account}:project/${name}`,
    description: rest.Description,
    serviceRole: rest.ServiceRole,
    // Lambda compute has a limit of its own.
    timeoutInMinutes: Environment.Type.includes('LAMBDA') ? 15 : rest.TimeoutInMinutes,
    source: { type: Source.Type, location: Source.Location, buildspec: Source.BuildSpec },
    artifacts: { type: Artifacts.Type },
    environment: {
      type: Environment.Type,
      image: Environment.Image,
      computeType: Environment.ComputeType,
      privilegedMode: false,
    },
    variables: Environment.EnvironmentVariables.map(({ Name: variable, Value, Type }) => ({
      name: variable,
      value: Value,
      type: Type,
    })),
    logGroup: LogsConfig?.CloudWatchLogs?.GroupName ?? `/aws/codebuild/${name}`,
  };
}
