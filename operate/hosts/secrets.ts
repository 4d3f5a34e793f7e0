import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type App, appSchema } from '../../events/app.ts';
import type { Connection } from '../connection/connection.ts';
import { appKey } from './app-key.ts';
import { type GitHost, gitHost, gitHosts, hostNames } from './hosts.ts';
import type { SecretKind } from './secret-kinds.ts';

export type { SecretKind } from './secret-kinds.ts';

const webhookSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const credentialsSchema = z.record(
  z.string(),
  z.object({
    token: z.string().optional(),
    username: z.string().optional(),
    sshKey: z.string().optional(),
    knownHosts: z.string().optional(),
    app: z.boolean().optional(),
  }),
);
const appsSchema = z.record(z.string(), appSchema);

const MEMBERS = {
  token: 'token',
  username: 'username',
  'ssh-key': 'sshKey',
  'known-hosts': 'knownHosts',
} as const;

/**
 * Sets one value of a host; a webhook secret replaces all of the host's.
 * @returns the changes made to the value, as ssh reads no key with the line ends of Windows
 * @throws for a host that is not configured
 */
export async function setSecret(
  connection: Connection,
  host: string,
  kind: Exclude<SecretKind, 'app'>,
  value: string,
): Promise<readonly string[]> {
  if (value.trim() === '')
    throw new Error(`the value for ${kind} of ${host} is empty: write it to standard input`);
  await checkHost(connection, host);
  if (kind === 'webhook') {
    await update(connection, connection.outputs.webhookSecretArn, webhookSchema, (all) => ({
      ...all,
      [host]: value.trim(),
    }));
    return [];
  }
  const { kept, changes } = normalised(kind, value);
  const isToken = kind === 'token';
  await updateCredential(connection, host, { [MEMBERS[kind]]: kept, ...(isToken && { app: undefined }) });
  if (isToken) await removeApp(connection, host);
  return changes;
}

/**
 * Makes an App the credential of a host, in place of a token.
 * @param privateKey as the host gave it, as PEM
 * @returns the changes made to the key
 * @throws for a host that is not configured or may have no App, and for what is no private key of RSA
 */
export async function setApp(
  connection: Connection,
  host: string,
  { id, privateKey }: App,
): Promise<readonly string[]> {
  await checkHost(connection, host);
  const { appsSecretArn } = connection.outputs;
  if (appsSecretArn === undefined)
    throw new Error(
      `the deployment has no secret for an App: say "app": true of the host ${host} in cdk.json, and deploy`,
    );
  const { kept, changes } = appKey(privateKey);
  const { data: given } = appSchema.safeParse({ id: id.trim(), privateKey: kept });
  if (!given)
    throw new Error(
      `${JSON.stringify(id)} is not the id of an App: give the number or the client id of its page`,
    );
  await update(connection, appsSecretArn, appsSchema, (all) => ({ ...all, [host]: given }));
  await updateCredential(connection, host, { app: true, token: undefined, username: undefined });
  return changes;
}

/** The key of an App that is not used any more is not kept. */
async function removeApp(connection: Connection, host: string): Promise<void> {
  const { appsSecretArn } = connection.outputs;
  if (appsSecretArn === undefined) return;
  const { [host]: app, ...others } = await read(connection, appsSecretArn, appsSchema);
  if (app) await update(connection, appsSecretArn, appsSchema, () => others);
}

/** Adds to the credential of a host. What other hosts have in its secret goes, once they have a secret of their own. */
async function updateCredential(
  connection: Connection,
  host: string,
  given: Partial<Record<keyof Credential, unknown>>,
): Promise<void> {
  const hosts = await gitHosts(connection);
  const arn = hosts.find(({ name }) => name === host)?.credentialSecret;
  if (arn === undefined)
    throw new Error(
      `the host ${host} has no secret for its credential: deploy the stack again, which makes one`,
    );
  const kept = new Set(
    hosts.filter(({ credentialSecret }) => credentialSecret === arn).map(({ name }) => name),
  );
  await update(connection, arn, credentialsSchema, (all) => ({
    ...Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name))),
    [host]: { ...all[host], ...given },
  }));
}

/** A key ends with a line break and has those of Unix, a token has none. */
function normalised(kind: SecretKind, value: string): { kept: string; changes: readonly string[] } {
  const text = value.trim();
  if (kind !== 'ssh-key' && kind !== 'known-hosts') return { kept: text, changes: [] };
  const changes = [
    ...(value.includes('\r') ? ['the line ends of Windows became those of Unix'] : []),
    ...(/[\r\n]$/.test(value) ? [] : ['a line end was put at the end']),
  ];
  return { kept: `${text.replace(/\r\n?/g, '\n')}\n`, changes };
}

/**
 * Puts a new webhook secret in front of the present one: both are valid until the next rotation.
 * @returns the new secret, to be set on the git host
 */
export async function rotateWebhookSecret(
  connection: Connection,
  host: string,
  value = randomBytes(32).toString('hex'),
): Promise<string> {
  await checkHost(connection, host);
  await update(connection, connection.outputs.webhookSecretArn, webhookSchema, (all) => {
    const [current] = [all[host] ?? []].flat();
    return { ...all, [host]: current === undefined ? [value] : [value, current] };
  });
  return value;
}

/** The secret that a new webhook of the host is to be given. @throws when it has none */
export async function webhookSecret(connection: Connection, host: string): Promise<string> {
  const [current = ''] = await webhookSecrets(connection, host);
  return current;
}

/** The webhook secrets of a host that are valid, the current one first. @throws when there is none */
export async function webhookSecrets(connection: Connection, host: string): Promise<readonly string[]> {
  await checkHost(connection, host);
  const all = await read(connection, connection.outputs.webhookSecretArn, webhookSchema);
  const secrets = [all[host] ?? []].flat();
  if (secrets.length > 0) return secrets;
  throw new Error(`${host} has no webhook secret: make one with "hookline secret rotate ${host}"`);
}

/** The token of a host for its API. @throws when it has none */
export async function hostToken(connection: Connection, host: string): Promise<string> {
  const { token, app } = await readCredential(connection, await gitHost(connection, host));
  if (token) return token;
  if (app)
    throw new Error(
      `the credential of ${host} is an App, which has one webhook for all: set its address and its secret on the App's page`,
    );
  throw new Error(
    `${host} has no token: set one with "hookline secret set ${host} token", the value on standard input`,
  );
}

/** The secrets that Hookline shares with a host. */
export interface HostSecrets extends Credential {
  /** the valid webhook secrets, the current one first */
  readonly webhook: readonly string[];
}

type Credential = z.infer<typeof credentialsSchema>[string];

/** The App that is a host's credential; undefined where it is a token, and where no App was set. */
export async function appOf(connection: Connection, host: GitHost): Promise<App | undefined> {
  const { appsSecretArn } = connection.outputs;
  if (appsSecretArn === undefined || !(await readCredential(connection, host)).app) return undefined;
  return (await read(connection, appsSecretArn, appsSchema))[host.name];
}

/** Every value of a host, for checks: no value may be shown. */
export async function secretsOf(connection: Connection, host: GitHost): Promise<HostSecrets> {
  const [webhooks, credential] = await Promise.all([
    read(connection, connection.outputs.webhookSecretArn, webhookSchema),
    readCredential(connection, host),
  ]);
  return { ...credential, webhook: [webhooks[host.name] ?? []].flat() };
}

async function readCredential(
  connection: Connection,
  { name, credentialSecret: arn }: GitHost,
): Promise<Credential> {
  return arn === undefined ? {} : ((await read(connection, arn, credentialsSchema))[name] ?? {});
}

/** The kinds of values that each host has, without the values. */
export async function secretsSet(connection: Connection): Promise<Record<string, SecretKind[]>> {
  const [webhooks, hosts] = await Promise.all([
    read(connection, connection.outputs.webhookSecretArn, webhookSchema),
    gitHosts(connection),
  ]);
  const kindsOf = async (host: GitHost): Promise<[string, SecretKind[]]> => {
    const own = await readCredential(connection, host);
    const set = (Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]).filter((kind) => own[MEMBERS[kind]]);
    const signs = [webhooks[host.name] ?? []].flat().length > 0;
    const kinds = [...(signs ? (['webhook'] as const) : []), ...(own.app ? (['app'] as const) : []), ...set];
    return [host.name, kinds];
  };
  return Object.fromEntries(await Promise.all(hosts.map(kindsOf)));
}

async function checkHost(connection: Connection, host: string): Promise<void> {
  const known = await hostNames(connection);
  if (!known.includes(host))
    throw new Error(
      `the host ${host} is not configured: there are ${known.join(', ')}; add it to cdk.json and deploy`,
    );
}

async function read<S extends z.ZodType>(
  { secrets }: Connection,
  SecretId: string,
  schema: S,
): Promise<z.infer<S>> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return schema.parse(JSON.parse(SecretString ?? '{}'));
}

async function update<S extends z.ZodType>(
  connection: Connection,
  SecretId: string,
  schema: S,
  change: (all: z.infer<S>) => unknown,
): Promise<void> {
  const SecretString = JSON.stringify(change(await read(connection, SecretId, schema)));
  await connection.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}
