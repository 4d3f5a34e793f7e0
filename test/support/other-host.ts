import { createHmac } from 'node:crypto';
import { expect, vi } from 'vitest';
import * as z from 'zod';
import type { Hookline } from './hookline.ts';

const parameterSchema = z.object({ Parameter: z.looseObject({ Value: z.string() }) });
const secretSchema = z.looseObject({ SecretString: z.string() });
const mapSchema = z.record(z.string(), z.unknown());
const hostsSchema = z.record(z.string(), z.looseObject({ credentialSecret: z.string().optional() }));

/** Configures one more host, as an operator does: its settings, its webhook secret, its credentials. */
export async function addHost(
  { runtime, outputs }: Hookline,
  name: string,
  host: { settings: object; webhookSecret: unknown; credentials: unknown },
): Promise<void> {
  const { hostsParameter: Name, webhookSecretArn } = outputs;
  const { Parameter } = parameterSchema.parse(await runtime.call('ssm', 'GetParameter', { Name }));
  const others = hostsSchema.parse(JSON.parse(Parameter.Value));
  // The template's roles read no other secret than those that it makes.
  const { credentialSecret } = others['github.com'] ?? {};
  const hosts = { ...others, [name]: { ...host.settings, credentialSecret } };
  await runtime.call('ssm', 'PutParameter', { Name, Value: JSON.stringify(hosts), Overwrite: true });
  for (const [SecretId, value] of [
    [webhookSecretArn, host.webhookSecret],
    [credentialSecret, host.credentials],
  ]) {
    const { SecretString } = secretSchema.parse(
      await runtime.call('secretsmanager', 'GetSecretValue', { SecretId }),
    );
    const entries = { ...mapSchema.parse(JSON.parse(SecretString)), [name]: value };
    await runtime.call('secretsmanager', 'PutSecretValue', {
      SecretId,
      SecretString: JSON.stringify(entries),
    });
  }
}

/** A host that was added, and the secret by which it signs. */
export interface OtherHost {
  readonly name: string;
  readonly secret: string;
}

/** The payload of the push that makes a branch of acme/service. */
export const firstPush = (ref: string, after: string): object => ({
  ref,
  before: '0'.repeat(40),
  after,
  created: true,
  deleted: false,
  forced: false,
  repository: {
    id: 1,
    name: 'service',
    full_name: 'acme/service',
    owner: { login: 'acme' },
    default_branch: 'main',
  },
  sender: { login: 'octocat' },
});

/** A webhook of another host, sent once the functions know that host: what they have read is kept for some seconds. */
export async function deliverFrom(
  hookline: Hookline,
  host: OtherHost,
  event: string,
  payload: object,
): Promise<string> {
  const known = async () => {
    const [ping] = await hookline.ended(await signed(hookline, host, 'ping', { zen: 'z', hook_id: 1 }));
    expect(ping?.outcome).toBe('Pong');
  };
  await vi.waitFor(known, { interval: 200 });
  return signed(hookline, host, event, payload);
}

async function signed(
  hookline: Hookline,
  { name, secret }: OtherHost,
  event: string,
  payload: object,
): Promise<string> {
  const body = JSON.stringify(payload);
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const headers = { 'x-github-enterprise-host': name, 'x-hub-signature-256': signature };
  return (await hookline.deliver(event, {}, { headers, body })).deliveryId;
}
