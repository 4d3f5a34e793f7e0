import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type App, appSchema } from '../../events/app.ts';
import type { Host } from '../../events/hosts.ts';
import { cached, withMember } from './cache.ts';
import { errors, HooklineError } from './errors.ts';
import { environment, parseSetting } from './setting.ts';

const secret = z.string().min(1);

/** The secret named by WEBHOOK_SECRET_ARN: one secret per host, or the current and the previous during a rotation. */
export const webhookSecretsSchema = z.record(z.string(), z.union([secret, z.array(secret).max(2)]));

const credentialSchema = z.strictObject({
  /** a token for HTTPS and the REST API */
  token: secret.optional(),
  /** the user name beside the token; by default `x-access-token`, which GitHub takes for every kind of token */
  username: z
    .string()
    .regex(/^[^:\s]+$/)
    .optional(),
  /** a private key in OpenSSH or PEM form */
  sshKey: secret.optional(),
  /** the host's keys as lines of a known_hosts file */
  knownHosts: secret.optional(),
  /** whether tokens are minted by the host's App, in place of `token` */
  app: z.boolean().optional(),
});

/** The secret that a host's settings name: how to reach the host, by its name. */
export const credentialsSchema = z.record(z.string(), credentialSchema);

export type Credential = z.infer<typeof credentialSchema>;

/** The secret named by APPS_SECRET_ARN: the App of a host, by the host's name. No build reads it. */
const appsSchema = z.record(z.string(), appSchema);

let client: SecretsManagerClient | undefined;
const read = async (arn: string) => {
  client ??= new SecretsManagerClient();
  return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
};
const webhooks = cached(async (arn) =>
  parseSetting('the webhook secret', await read(arn), webhookSecretsSchema),
);
const credentials = cached(async (arn) =>
  parseSetting(`the credentials secret ${arn}`, await read(arn), credentialsSchema),
);

const apps = cached(async (arn) =>
  parseSetting("the secret of the hosts' Apps", await read(arn), appsSchema),
);

/** The secrets that may have signed a delivery of `host`, the current one first; none for a host without one. */
export async function webhookSecrets(host: string): Promise<readonly string[]> {
  return secretsOf(host, await webhooks(environment('WEBHOOK_SECRET_ARN')));
}

/** The same, read again: undefined where that must wait, and what is kept is older than `since`, ms of the epoch. */
export async function webhookSecretsAgain(
  host: string,
  since: number,
): Promise<readonly string[] | undefined> {
  const secrets = await webhooks.again(environment('WEBHOOK_SECRET_ARN'), since);
  return secrets && secretsOf(host, secrets);
}

function secretsOf(host: string, secrets: z.infer<typeof webhookSecretsSchema>): readonly string[] {
  const own = Object.hasOwn(secrets, host) ? secrets[host] : undefined;
  return own === undefined ? [] : [own].flat();
}

/** The credential for the host `name`, empty for one without: public repositories need none. No other host's is read. */
export async function credential(name: string, { credentialSecret: arn }: Host): Promise<Credential> {
  if (arn === undefined) return {};
  const all = await withMember(credentials, arn, name);
  return (Object.hasOwn(all, name) ? all[name] : undefined) ?? {};
}

/** The App of a host whose credential is one. Throws `Misconfigured` where there is none. */
export async function appOf(name: string): Promise<App> {
  const arn = process.env.APPS_SECRET_ARN;
  const all = arn ? await withMember(apps, arn, name) : {};
  const app = Object.hasOwn(all, name) ? all[name] : undefined;
  if (app) return app;
  throw new HooklineError(
    errors.misconfigured,
    `the credential of ${name} is an App that is not there: set it with "hookline secret set ${name} app", after \`app: true\` of the host in cdk.json is deployed`,
  );
}
