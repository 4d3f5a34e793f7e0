import type { Delivery } from './delivery.ts';
import { NAME_PLACEHOLDERS, namesOf } from './pipeline-name.ts';
import type { Values } from './template.ts';

/** What is known of a delivery before its commit is pulled, by the names that templates have for it. */
export const DELIVERY_PLACEHOLDERS = [
  'host',
  'repository',
  'ref',
  ...NAME_PLACEHOLDERS,
  'event',
  'sender',
  'deliveryId',
] as const;

/** @param members those of the payload that the rule names */
export function deliveryValues(delivery: Delivery, members: Values): Values {
  const values: Record<(typeof DELIVERY_PLACEHOLDERS)[number], string> = {
    host: delivery.host,
    repository: delivery.repository?.fullName ?? '',
    ref: delivery.ref ?? '',
    ...namesOf(delivery),
    event: delivery.event,
    sender: delivery.sender ?? '',
    deliveryId: delivery.id,
  };
  return { ...members, ...values };
}
