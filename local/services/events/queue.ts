import { type DiskQueue, diskQueue, type NextAttempt } from '../../core/disk-queue.ts';
import { closeBody } from './opened-body.ts';
import type { Delivery, State } from './tables.ts';

/** The deliveries on disk. */
export type DeliveryQueue = DiskQueue<Delivery>;

/** Makes one attempt at a delivery; must not throw. */
type Attempt = (delivery: Delivery) => Promise<NextAttempt<Delivery>>;

export function deliveryQueue(state: State, attempt: Attempt): DeliveryQueue {
  const { cloud, queue } = state;
  return diskQueue({
    cloud,
    queue,
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
