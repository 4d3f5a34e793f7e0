import { dirname } from 'node:path';
import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { type Build, roleOf } from './build.ts';
import type { Buildspec } from './buildspec.ts';
import type { Variable } from './project.ts';
import { secretOf } from './secret.ts';

/** The environment of a build's commands. */
interface Environment {
  readonly variables: Readonly<Record<string, string>>;
  /** the values that come from Parameter Store and Secrets Manager */
  readonly secrets: readonly string[];
}

/** The build's variables and CodeBuild's, and nothing of the process that started the runtime. */
export async function environmentOf(
  cloud: Cloud,
  build: Build,
  { env }: Buildspec,
  folders: { readonly source: string; readonly home: string; readonly tmp: string },
): Promise<Environment> {
  const named = (values: Record<string, string>, type: Variable['type']): Variable[] =>
    Object.entries(values).map(([name, value]) => ({ name, value, type }));
  const variables = [
    ...named(env.variables, 'PLAINTEXT'),
    ...named(env['parameter-store'], 'PARAMETER_STORE'),
    ...named(env['secrets-manager'], 'SECRETS_MANAGER'),
    // Those of the project and of whoever starts the build stand above those of the buildspec.
    ...build.environment.environmentVariables,
  ];
  const own = await Promise.all(
    variables.map(async (each) => ({ ...each, value: await resolved(cloud, build, each) })),
  );
  return {
    variables: {
      ...machine(folders),
      ...cloud.environment(roleOf(cloud, build)),
      ...codebuild(cloud, build, folders.source),
      ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
    },
    secrets: own.filter(({ type }) => type !== 'PLAINTEXT').map(({ value }) => value),
  };
}

function machine({ home, tmp }: { readonly home: string; readonly tmp: string }): Record<string, string> {
  const { PATH = '/usr/bin:/bin', LANG, TZ } = process.env;
  return {
    // The machine's own node is the one that this runs on.
    PATH: `${dirname(process.execPath)}:${PATH}`,
    HOME: home,
    TMPDIR: tmp,
    ...(LANG ? { LANG } : {}),
    ...(TZ ? { TZ } : {}),
  };
}

function codebuild({ region }: Cloud, build: Build, source: string): Record<string, string> {
  return {
    AWS_DEFAULT_REGION: region,
    CI: 'true',
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_IMAGE: build.environment.image,
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
    CODEBUILD_INITIATOR: build.initiator,
    CODEBUILD_LOG_PATH: build.logs.streamName ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: build.resolvedSourceVersion ?? '',
    CODEBUILD_SOURCE_VERSION: build.sourceVersion ?? '',
    CODEBUILD_SRC_DIR: source,
    CODEBUILD_START_TIME: String(Math.round(build.startTime * 1000)),
  };
}

const parametersSchema = z.looseObject({ Parameters: z.array(z.looseObject({ Value: z.string() })) });

async function resolved(cloud: Cloud, build: Build, { type, value }: Variable): Promise<string> {
  if (type === 'PLAINTEXT') return value;
  if (type === 'SECRETS_MANAGER') return secretOf(cloud, build, value);
  const input = { Names: [value], WithDecryption: true };
  const answer = await cloud.call('ssm', 'GetParameters', input, roleOf(cloud, build));
  const [parameter] = parametersSchema.parse(answer).Parameters;
  if (!parameter) throw new Error(`there is no parameter ${value}`);
  return parameter.Value;
}
