import { createHmac, randomUUID } from 'node:crypto';
import type { Deployment } from '../../cli/up/deployment.ts';

export interface DeliverOptions {
  readonly deliveryId?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Posts a signed webhook as the built-in host. */
export async function deliver(
  { outputs, secrets }: Pick<Deployment, 'outputs' | 'secrets'>,
  event: string,
  payload: unknown,
  { deliveryId = randomUUID(), headers = {}, body = JSON.stringify(payload) }: DeliverOptions = {},
): Promise<Response & { deliveryId: string }> {
  const all = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': deliveryId,
    'x-github-enterprise-host': 'localhost',
    'x-hub-signature-256': `sha256=${createHmac('sha256', secrets.webhookSecret).update(body).digest('hex')}`,
    ...headers,
  };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(outputs.webhookUrl, { method: 'POST', headers: sent, body });
  return Object.assign(response, { deliveryId });
}
