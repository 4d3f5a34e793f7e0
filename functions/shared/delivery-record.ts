import type { Delivery } from '../../events/delivery.ts';
import { firstName, type RuleNames } from '../../events/rule-name.ts';

const KEPT_SECONDS = 90 * 86_400;

/** A delivery's id is a part of its key, whose parts `#` divides. */
export const DELIVERY_ID = /^[\w-]{1,100}$/;

/** What a new record says of a delivery: all of it that is verified, or what its webhook says of itself. */
export interface Recorded {
  readonly key: string;
  readonly delivery: Pick<Delivery, 'host' | 'id' | 'event'> & Partial<Delivery>;
  readonly rule: RuleNames;
  readonly replayName: string;
  /** ISO time of the event */
  readonly time: string;
}

/** The key of one delivery for one rule, by the rule's first name, and one replay. */
export function deliveryKey(rule: string, { host, id }: Recorded['delivery'], replayName: string): string {
  return `${rule}#${host}#${id}#${replayName}`;
}

/**
 * The key of one signed body for one rule, and one replay: an id of a delivery is not signed, so that whoever has seen a
 * webhook could send it again under any. The event's name is not signed either, and decides what is done.
 */
export function bodyKey({
  rule,
  delivery: { host, event },
  bodyHash,
  replayName,
}: Pick<Recorded, 'rule' | 'delivery' | 'replayName'> & { readonly bodyHash: string }): string {
  return `body#${firstName(rule)}#${host}#${event}#${bodyHash}#${replayName}`;
}

/** When a record that is written now goes, in epoch seconds. */
export const expiry = (now = new Date()): number => Math.floor(now.getTime() / 1000) + KEPT_SECONDS;

/** A record of the Deliveries table as an execution begins it. */
export function newRecord(
  { key, delivery, rule, replayName, time }: Recorded,
  executionArn: string,
): Record<string, unknown> {
  const now = new Date();
  const claimedAt = now.toISOString();
  // A run that a person asked for stands in the list where it began.
  const came =
    replayName === '' ? { receivedAt: time } : { receivedAt: claimedAt, firstReceivedAt: time, replayName };
  return {
    id: key,
    executionArn,
    rule: rule.name,
    host: delivery.host,
    repository: delivery.repository?.fullName,
    ref: delivery.ref,
    commit: delivery.pullRequest?.head.commit ?? delivery.commit,
    pullRequest: delivery.pullRequest?.number ?? delivery.approval?.number,
    event: delivery.event,
    deliveryId: delivery.id,
    ...came,
    day: came.receivedAt.slice(0, 10),
    claimedAt,
    updatedAt: claimedAt,
    expires: expiry(now),
  };
}
