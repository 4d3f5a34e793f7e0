import type { Delivery } from '../../events/delivery.ts';

interface Told {
  /** ISO time of the event */
  readonly time: string;
  readonly delivery: Pick<Delivery, 'pullRequest' | 'pushedAt'>;
}

/**
 * ISO time by which commits and ends of a request are put in order: the host's own, which a redelivery keeps. That of the event is
 * the redelivery's, and counts where the host, or another release, says no other.
 */
export function toldAt({ time, delivery: { pullRequest, pushedAt } }: Told): string {
  if (pushedAt) return new Date(pushedAt * 1000).toISOString();
  return pullRequest?.updatedAt ?? time;
}

/**
 * Whether a request was closed after a delivery of it was told of. EventBridge's times are seconds: of the same second, the
 * close is taken for the later one, since what is started after a close stays. A record of another release may have no time.
 * @param closed ISO time of the close, `""` for a request that was never closed
 * @param time ISO time by which the delivery was told of
 */
export const isClosedSince = (closed: string, time: string): boolean =>
  closed !== '' && !(Date.parse(time) > Date.parse(closed));

/** The same of a delivery that is looked at. One that opens the request again undoes a close of its own second. */
export const isClosedAfter = (closed: string, told: Told): boolean =>
  told.delivery.pullRequest?.action === 'reopened'
    ? Date.parse(closed) > Date.parse(toldAt(told))
    : isClosedSince(closed, toldAt(told));
