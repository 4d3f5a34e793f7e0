import { createHmac, randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { vi } from 'vitest';
import type { RawInput } from '../../../events/raw-input.ts';
import type { BundledRule } from '../../../events/rule.ts';
import { fakeService, serve } from '../../../local/testing.ts';

export const SECRET = "It's a Secret to Everybody";
export const HOST = 'github.com';

/** The settings that the functions read, over HTTP, and what they logged. */
export interface Aws {
  hosts: unknown;
  secrets: unknown;
  /** how often the webhook secrets were read */
  reads: number;
  /** how often the hosts were */
  hostReads: number;
  /** everything that was written to the log since `forget` */
  log(): string;
  /** settings of other names, so that nothing that was kept is known */
  forget(): void;
  close(): Promise<void>;
}

export async function startAws(): Promise<Aws> {
  const written: string[] = [];
  const write = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(write),
  );
  const aws: Aws = {
    hosts: {},
    secrets: {},
    reads: 0,
    hostReads: 0,
    log: () => written.join(''),
    forget: () => {
      const name = randomUUID();
      process.env.HOSTS_PARAMETER = `/hosts/${name}`;
      process.env.WEBHOOK_SECRET_ARN = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;
      written.length = 0;
      Object.assign(aws, {
        hosts: { [HOST]: { provider: 'github', url: 'https://github.com' } },
        secrets: { [HOST]: SECRET },
        reads: 0,
        hostReads: 0,
      });
    },
    close: async () => {
      for (const spy of spies) spy.mockRestore();
      await served.close();
    },
  };
  const operations = {
    GetParameter: () => {
      aws.hostReads += 1;
      return { Parameter: { Value: JSON.stringify(aws.hosts) } };
    },
    GetSecretValue: () => {
      aws.reads += 1;
      return { SecretString: JSON.stringify(aws.secrets) };
    },
  };
  const services = ['ssm', 'secretsmanager'].map((name) => fakeService(name, operations));
  const served = await serve(services);
  const { endpoint } = served;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  aws.forget();
  return aws;
}

/** What stands in place of HOOKLINE_RULES when the functions are bundled. */
export function deployRules(...rules: (Partial<BundledRule> & { name: string })[]): void {
  const pull = { submodules: false, lfs: false, git: false, compute: 'lambda' } as const;
  const defaults = {
    pull,
    status: false,
    superseded: 'stop',
    asksFor: [],
    match: { event: [{ exists: true }] },
  };
  Object.assign(globalThis, { HOOKLINE_RULES: rules.map((rule) => ({ ...defaults, ...rule })) });
}

export const sign = (body: string | Uint8Array, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** A delivery as the target of the rule `default` sends it, signed. */
export function rawInput(
  event: string,
  body: string | Uint8Array,
  changes: Partial<RawInput> = {},
): RawInput {
  return {
    rule: 'default',
    eventId: 'event-1',
    time: '2026-11-23T12:00:00Z',
    replayName: '',
    provider: 'github',
    host: HOST,
    headers: { event, delivery: 'delivery-1', signature: sign(body) },
    body: Buffer.from(body).toString('base64'),
    ...changes,
  };
}

/** A push to the default branch of acme/app. */
export const PUSH_PAYLOAD = {
  ref: 'refs/heads/main',
  after: 'a'.repeat(40),
  repository: { full_name: 'acme/app', default_branch: 'main' },
  sender: { login: 'octocat' },
};
export const PUSH = JSON.stringify(PUSH_PAYLOAD);

/** The push with a signature of another kind. */
export function withSignature(signature: string): RawInput {
  const input = rawInput('push', PUSH);
  return { ...input, headers: { ...input.headers, signature } };
}

export const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'validate',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:validate',
  memoryLimitInMB: '256',
  awsRequestId: 'request-1',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
