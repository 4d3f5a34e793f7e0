import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import { checkHost } from './hosts.ts';
import { readSecret, updateSecret } from './secret-store.ts';

const webhookSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** Replaces all webhook secrets of a host. */
export const setWebhookSecret = (connection: Connection, host: string, value: string): Promise<void> =>
  updateSecret(connection, connection.outputs.webhookSecretArn, webhookSchema, (all) => ({
    ...all,
    [host]: value,
  }));

/** The webhook secrets of each host, the current one first. */
export async function allWebhookSecrets(
  connection: Connection,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = await readSecret(connection, connection.outputs.webhookSecretArn, webhookSchema);
  return new Map(Object.entries(all).map(([host, secrets]) => [host, [secrets].flat()]));
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
  await updateSecret(connection, connection.outputs.webhookSecretArn, webhookSchema, (all) => {
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
  const secrets = (await allWebhookSecrets(connection)).get(host) ?? [];
  if (secrets.length > 0) return secrets;
  throw new Error(`${host} has no webhook secret: make one with "hookline secret rotate ${host}"`);
}
