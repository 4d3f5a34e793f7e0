import { randomUUID } from 'node:crypto';
import type { Key } from '../../core/store.ts';
import type { Delivery, State } from './tables.ts';

/** The follow-up of an attempt: none, or another attempt at this delivery at this time. */
export type NextAttempt = 'done' | { readonly due: number; readonly delivery: Delivery };

/** Makes one attempt at a delivery; must not throw. */
export type Attempt = (delivery: Delivery) => Promise<NextAttempt>;

/** The deliveries on disk, worked off a few at a time in the order in which they are due. */
export interface DeliveryQueue {
  /** puts a delivery in, inside of a transaction of the store */
  write(due: number, delivery: Delivery): void;
  /** looks for deliveries that are due; call it after the transaction */
  wake(): void;
  start(): void;
  stop(): Promise<void>;
}

// Targets are in this process and mostly wait for each other: more at a time makes nothing faster.
const CONCURRENCY = 32;
const MAX_TIMER = 2 ** 31 - 1;

export function deliveryQueue(state: State, attempt: Attempt): DeliveryQueue {
  const { queue, cloud } = state;
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let open = false;
  let sequence = 0;

  const write = (due: number, delivery: Delivery): void =>
    void queue.put([due, sequence++, randomUUID()], delivery);

  const run = async (key: Key, delivery: Delivery): Promise<void> => {
    const next = await attempt(delivery);
    await cloud.store.transaction(() => {
      void queue.remove(key);
      if (next === 'done') releaseBody(state, delivery.body);
      else write(next.due, next.delivery);
    });
  };

  const begin = (key: Key, delivery: Delivery): void => {
    const id = JSON.stringify(key);
    const ended = run(key, delivery).then(
      () => {
        running.delete(id);
        wake();
      },
      // The row stays marked as running, so that the delivery is taken up at the next start and not at once, over and over.
      (error) => cloud.warn(`an event delivery to ${delivery.target} could not be noted: ${String(error)}`),
    );
    running.set(id, ended);
  };

  const wake = (): void => {
    clearTimeout(timer);
    if (!open) return;
    for (const { key, value } of queue.entries({ limit: running.size + CONCURRENCY })) {
      if (running.size >= CONCURRENCY) return;
      if (running.has(JSON.stringify(key))) continue;
      const wait = Number(Array.isArray(key) ? key[0] : 0) - Date.now();
      if (wait > 0) {
        timer = setTimeout(wake, Math.min(wait, MAX_TIMER));
        return;
      }
      begin(key, value);
    }
  };

  return {
    write,
    wake,
    start: () => {
      open = true;
      wake();
    },
    stop: async () => {
      open = false;
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** Counts down the deliveries that wait for a body; the last one takes the body with it. */
function releaseBody({ bodies }: State, id: string): void {
  const body = bodies.get(id);
  if (body && body.left > 1) void bodies.put(id, { ...body, left: body.left - 1 });
  else void bodies.remove(id);
}
