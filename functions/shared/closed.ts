import type { Pulled } from '../../statemachine/payloads.ts';

/**
 * Whether a request was closed after a delivery of it was told of. EventBridge's times are seconds: of the same second, the
 * close is taken for the later one, since what is started after a close stays. A record of another release may have no time.
 * @param closed ISO time of the close, `""` for a request that was never closed
 * @param time ISO time of the delivery
 */
export const isClosedSince = (closed: string, time: string): boolean =>
  closed !== '' && !(Date.parse(time) > Date.parse(closed));

/** The same of a delivery that is looked at. One that opens the request again undoes a close of its own second. */
export const isClosedAfter = (
  closed: string,
  { time, delivery }: Pick<Pulled, 'time' | 'delivery'>,
): boolean =>
  delivery.pullRequest?.action === 'reopened'
    ? Date.parse(closed) > Date.parse(time)
    : isClosedSince(closed, time);
