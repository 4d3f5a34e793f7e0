import type * as z from 'zod';
import {
  type busEventSchema,
  DETAIL_TYPE,
  detailOf,
  type EventDetail,
  SOURCE,
} from '../../events/bus-event.ts';
import { isEventName } from '../../events/providers/event-names.ts';
import { type ProviderName, providerNames, usualProvider } from '../../events/providers/index.ts';
import { rawInputSchema } from '../../events/raw-input.ts';
import type { Connection } from '../connection/connection.ts';
import { describeExecution } from './delivery.ts';
import type { DeliveryRow } from './index.ts';

/** An event as it was on the bus, with all that EventBridge asks for before it says which pattern the event matches. */
export interface BusEvent extends z.input<typeof busEventSchema> {
  readonly [member: string]: unknown;
}

// The rest of the input says which rule took the event.
const inputSchema = rawInputSchema.omit({ rule: true, replayName: true, options: true });

/**
 * The event that a delivery came from, from the input of its execution.
 * @returns undefined for one that was too large for an execution's input, of which the body is not kept there
 */
export async function eventOf(connection: Connection, row: DeliveryRow): Promise<BusEvent | undefined> {
  const { input } = await describeExecution(connection, row.executionArn);
  const parsed = inputSchema.safeParse(JSON.parse(input));
  if (!parsed.success) return undefined;
  const { eventId: id, time, ...webhook } = parsed.data;
  const payload: unknown = JSON.parse(Buffer.from(webhook.body, 'base64').toString());
  return busEvent({ id, time, detail: detailOf(webhook, payload) });
}

/**
 * An event made of a webhook's payload alone, as pasted from a git host's page of deliveries.
 * @throws for an event that no git host sends
 */
export function eventOfPayload(
  event: string,
  payload: unknown,
  host = usualProvider.usualHost.name,
  provider: ProviderName = providerNames[0],
): BusEvent {
  if (!isEventName(event))
    throw new Error(
      `the event is ${JSON.stringify(event)}, and no git host sends one of this name: write push, create or another`,
    );
  const headers = { event, delivery: 'pasted', signature: '' };
  const detail = { provider, host, event, deliveryId: 'pasted', headers, body: '', payload };
  return busEvent({ id: 'pasted', time: new Date().toISOString(), detail });
}

export function busEvent({ id, time, detail }: { id: string; time: string; detail: EventDetail }): BusEvent {
  return {
    version: '0',
    id,
    'detail-type': DETAIL_TYPE,
    source: SOURCE,
    // TestEventPattern asks for these; no rule matches on them.
    account: '000000000000',
    time,
    region: 'us-east-1',
    resources: [],
    detail,
  };
}
