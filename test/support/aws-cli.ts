import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { LocalAccess } from '../../cli/outputs/local-address.ts';

/** What an `aws` has answered. */
export interface AwsAnswer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AwsCli {
  /** runs one call against the endpoint */
  run(...args: string[]): Promise<AwsAnswer>;
  /** the same `aws` as a function of the shell, to begin a script with */
  readonly shell: string;
}

// Older ones, such as Debian 12's, do not read AWS_ENDPOINT_URL.
const READS_ENDPOINT = 13;

/** The AWS command line, version 2, with nobody's configuration. @throws when there is none, saying how to get it */
export async function awsCli(access: LocalAccess): Promise<AwsCli> {
  found ??= find();
  const { program, minor } = await found;
  const always = minor < READS_ENDPOINT ? ['--endpoint-url', access.endpoint] : [];
  const env = awsEnvironment(access);
  const run: AwsCli['run'] = async (...args) => {
    const { exitCode, stdout, stderr } = await execa(program, [...always, ...args], { env, reject: false });
    return { exitCode, stdout, stderr };
  };
  return { run, shell: `aws() { ${[program, ...always].join(' ')} "$@"; }\n` };
}

/** For an endpoint that checks no signature. */
export const ANYBODY: Omit<LocalAccess, 'endpoint'> = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};

/** The environment in which SDKs and the command line talk to the endpoint. */
export function awsEnvironment({ endpoint, region, credentials }: LocalAccess): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  };
}

let found: ReturnType<typeof find> | undefined;

async function find(): Promise<{ program: string; minor: number }> {
  const programs = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'aws'));
  for (const program of programs.filter(existsSync)) {
    const { all } = await execa(program, ['--version'], { all: true, reject: false });
    const minor = /^aws-cli\/2\.(\d+)/.exec(all)?.[1];
    if (minor) return { program, minor: Number(minor) };
  }
  throw new Error('there is no AWS command line 2 here; install it: apt-get install awscli');
}
