import { type DiskQueue, diskQueue, type NextAttempt } from '../../core/disk-queue.ts';
import { closeBody } from './opened-body.ts';
import type { Delivery, State } from './tables.ts';

/** The longest wait for another attempt, in ms, unless the target asks for a longer one. */
export const LONGEST_WAIT = 10 * 60_000;

/** The deliveries on disk. */
export type DeliveryQueue = DiskQueue<Delivery>;

/** Makes one attempt at a delivery; must not throw. */
type Attempt = (delivery: Delivery) => Promise<NextAttempt<Delivery>>;

export function deliveryQueue(state: State, attempt: Attempt): DeliveryQueue {
  const { cloud, queue } = state;
  return diskQueue({
    cloud,
    queue,
    longestWait: LONGEST_WAIT,
    mayWaitLonger: ({ asked = false }) => asked,
    attempt,
    done: ({ body }) => releaseBody(state, body),
    nameOf: ({ target }) => `an event delivery to ${target}`,
  });
}

/** Counts down the deliveries that wait for a body; the last one takes the body with it. */
function releaseBody(state: State, id: string): void {
  const { bodies } = state;
  const body = bodies.get(id);
  if (body && body.left > 1) return void bodies.put(id, { ...body, left: body.left - 1 });
  closeBody(state, id);
  void bodies.remove(id);
}
