import * as z from 'zod';
import { type App, appSchema } from '../../events/app.ts';
import type { Connection } from '../connection/connection.ts';
import { appKey } from './app-key.ts';
import { readCredential, updateCredential } from './credentials.ts';
import { checkHost, type GitHost } from './hosts.ts';
import { readSecret, updateSecret } from './secret-store.ts';

const appsSchema = z.record(z.string(), appSchema);

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
  await updateSecret(connection, appsSecretArn, appsSchema, (all) => ({ ...all, [host]: given }));
  await updateCredential(connection, host, { app: true, token: undefined, username: undefined });
  return changes;
}

/** The key of an App that is not used any more is not kept. */
export async function removeApp(connection: Connection, host: string): Promise<void> {
  const { appsSecretArn } = connection.outputs;
  if (appsSecretArn === undefined) return;
  const { [host]: app, ...others } = await readSecret(connection, appsSecretArn, appsSchema);
  if (app) await updateSecret(connection, appsSecretArn, appsSchema, () => others);
}

/** The App that is a host's credential; undefined where it is a token, and where no App was set. */
export async function appOf(connection: Connection, host: GitHost): Promise<App | undefined> {
  const { appsSecretArn } = connection.outputs;
  if (appsSecretArn === undefined || !(await readCredential(connection, host)).app) return undefined;
  return (await readSecret(connection, appsSecretArn, appsSchema))[host.name];
}
