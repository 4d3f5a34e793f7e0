import { detailOf } from '../../events/bus-event.ts';
import type { RouteOptions } from '../../events/decision.ts';
import { providerNames } from '../../events/providers/index.ts';
import { busEvent } from '../deliveries/event.ts';
import type { KnownEvent } from '../deliveries/known-event.ts';
import type { DeliveryRow } from '../deliveries/row.ts';

const KNOWN = new Set([
  ...['host', 'event', 'deliveryId', 'headers.event', 'headers.delivery'],
  ...['payload.ref', 'payload.repository.full_name'],
]);

/**
 * What a delivery's record has of its event, which saves the call that reads the event. Of a push and a ping, ref and
 * repository are those of the payload; of any other event, they may be made of it.
 */
export function recordedEvent(row: DeliveryRow): KnownEvent | undefined {
  const { host, event, deliveryId, repository, ref, claimedAt, receivedAt } = row;
  if (claimedAt === '' || (event === 'push' ? !isBranchOrTag(ref) : event !== 'ping')) return undefined;
  const payload = {
    ...(repository === '' ? {} : { repository: { full_name: repository } }),
    ...(ref === '' ? {} : { ref }),
  };
  const headers = { event, delivery: deliveryId, signature: '' };
  const detail = detailOf({ provider: providerNames[0], host, headers, body: '' }, payload);
  return { event: busEvent({ id: row.id, time: receivedAt, detail }), knows: (path) => KNOWN.has(path) };
}

/** Whether a rule may ignore such a delivery: only by what the record has not. */
export const mayIgnore = (options: RouteOptions | undefined): boolean =>
  options?.paths !== undefined || options?.['paths-ignore'] !== undefined || options?.skip !== undefined;

const isBranchOrTag = (ref: string): boolean => /^refs\/(heads|tags)\//.test(ref);
