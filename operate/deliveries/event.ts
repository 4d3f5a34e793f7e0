import * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import { describeExecution } from './delivery.ts';
import type { DeliveryRow } from './index.ts';

const inputSchema = z.object({
  eventId: z.string(),
  time: z.string(),
  provider: z.string(),
  host: z.string(),
  headers: z.object({ event: z.string(), delivery: z.string(), signature: z.string() }),
  body: z.string(),
});

/** An event as it was on the bus, for asking EventBridge which pattern it matches. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly [member: string]: unknown;
}

/**
 * The event that a delivery came from, from the input of its execution.
 * @returns undefined for one that was too large for an execution's input, of which the body is not kept there
 */
export async function eventOf(connection: Connection, row: DeliveryRow): Promise<BusEvent | undefined> {
  const { input } = await describeExecution(connection, row.executionArn);
  const parsed = inputSchema.safeParse(JSON.parse(input));
  if (!parsed.success) return undefined;
  const { eventId, time, provider, host, headers, body } = parsed.data;
  const payload: unknown = JSON.parse(Buffer.from(body, 'base64').toString());
  return busEvent({
    id: eventId,
    time,
    detail: { provider, host, event: headers.event, deliveryId: headers.delivery, headers, body, payload },
  });
}

/** An event made of a webhook's payload alone, as pasted from a git host's page of deliveries. */
export function eventOfPayload(event: string, payload: unknown, host = 'github.com'): BusEvent {
  const headers = { event, delivery: 'pasted', signature: '' };
  const detail = { provider: 'github', host, event, deliveryId: 'pasted', headers, body: '', payload };
  return busEvent({ id: 'pasted', time: new Date().toISOString(), detail });
}

function busEvent({ id, time, detail }: { id: string; time: string; detail: object }): BusEvent {
  return {
    version: '0',
    id,
    'detail-type': 'webhook',
    source: 'hookline',
    // TestEventPattern asks for these; no rule matches on them.
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
  };
}
