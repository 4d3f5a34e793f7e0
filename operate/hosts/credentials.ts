import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import { type GitHost, gitHost, gitHosts } from './hosts.ts';
import { readSecret, updateSecret } from './secret-store.ts';

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

/** How Hookline reaches a host. */
export type Credential = z.infer<typeof credentialsSchema>[string];

/** The credential of a host, empty where it has none. */
export async function readCredential(
  connection: Connection,
  { name, credentialSecret: arn }: GitHost,
): Promise<Credential> {
  return arn === undefined ? {} : ((await readSecret(connection, arn, credentialsSchema))[name] ?? {});
}

/** Adds to the credential of a host. What other hosts have in its secret goes, once they have a secret of their own. */
export async function updateCredential(
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
  await updateSecret(connection, arn, credentialsSchema, (all) => ({
    ...Object.fromEntries(Object.entries(all).filter(([name]) => kept.has(name))),
    [host]: { ...all[host], ...given },
  }));
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
