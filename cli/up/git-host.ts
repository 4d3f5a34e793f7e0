import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { providers } from '../../events/providers/index.ts';
import { readJson, writeJson } from '../../githost/files.ts';
import { secretJson } from '../../operate/hosts/secret-store.ts';
import type { CallService } from './follow-execution.ts';

const secretsSchema = z.object({ token: z.string(), webhookSecret: z.string() });

/** The token that the built-in git host asks of those who push, and the secret that it signs webhooks with. */
export type GitHostSecrets = z.infer<typeof secretsSchema>;

/** The name of the built-in host in the `hosts` setting. */
export const GIT_HOST = 'localhost';

/** The secrets of the state folder's git host, made up at its first start. */
export async function gitHostSecrets(folder: string): Promise<GitHostSecrets> {
  const file = join(folder, 'secrets.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = readJson(file);
  if (kept !== undefined) return keptSecrets(file, kept);
  const secrets = { token: randomBytes(20).toString('hex'), webhookSecret: randomBytes(32).toString('hex') };
  await writeJson(file, secrets);
  return secrets;
}

function keptSecrets(file: string, kept: unknown): GitHostSecrets {
  const parsed = secretsSchema.safeParse(kept);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(' and ');
  throw new Error(
    `${file} has no ${missing}: put it back from a copy, or remove it to have new ones made, which git asks you for`,
  );
}

const hostsSchema = z.record(
  z.string(),
  z.looseObject({ vpc: z.boolean().optional(), credentialSecret: z.string().optional() }),
);
const parameterSchema = z.looseObject({ Parameter: z.looseObject({ Value: z.string() }) });
const secretSchema = z.looseObject({ SecretString: z.string() });
const mapSchema = z.record(z.string(), z.unknown());

/** Makes the built-in host known to a running deployment, as an operator adds any other host. */
export async function registerGitHost(
  call: CallService,
  names: { hostsParameter: string; webhookSecretArn: string },
  url: string,
  { token, webhookSecret }: GitHostSecrets,
): Promise<void> {
  const { Parameter } = parameterSchema.parse(
    await call('ssm', 'GetParameter', { Name: names.hostsParameter }),
  );
  const others = hostsSchema.parse(JSON.parse(Parameter.Value));
  const credentialSecret = secretToShare(others);
  const hosts = {
    ...others,
    [GIT_HOST]: {
      provider: providers.github.name,
      url,
      api: `${url}/api/v3`,
      clone: 'https',
      credentialSecret,
    },
  };
  const value = { Name: names.hostsParameter, Value: JSON.stringify(hosts), Type: 'String', Overwrite: true };
  await call('ssm', 'PutParameter', value);
  await addToSecret(call, names.webhookSecretArn, webhookSecret);
  await addToSecret(call, credentialSecret, { token }, hasApp);
}

/** The template makes no secret for the built-in host, and its roles read no other: the host of all builds lends its own. */
function secretToShare({ [GIT_HOST]: _, ...hosts }: z.infer<typeof hostsSchema>): string {
  const all = Object.values(hosts);
  const { credentialSecret } = all.find(({ vpc }) => !vpc) ?? all[0] ?? {};
  if (credentialSecret === undefined)
    throw new Error('no host of the deployment has a secret: deploy it anew');
  return credentialSecret;
}

/** An App that was set in place of the token stays. */
const hasApp = (held: unknown): boolean => z.looseObject({ app: z.literal(true) }).safeParse(held).success;

async function addToSecret(
  call: CallService,
  SecretId: string,
  value: unknown,
  stays: (held: unknown) => boolean = () => false,
): Promise<void> {
  const { SecretString } = secretSchema.parse(await call('secretsmanager', 'GetSecretValue', { SecretId }));
  const all = mapSchema.parse(secretJson(SecretId, SecretString));
  if (stays(all[GIT_HOST])) return;
  const entries = { ...all, [GIT_HOST]: value };
  if (JSON.stringify(entries) === SecretString) return;
  await call('secretsmanager', 'PutSecretValue', { SecretId, SecretString: JSON.stringify(entries) });
}
