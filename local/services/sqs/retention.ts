import { inOrder, isExpired, take } from './order.ts';
import type { State } from './tables.ts';

const HOUR = 3_600_000;

/**
 * Takes out messages that nobody received in their queue's retention, now and every hour.
 * @returns what stops it
 */
export function startRetention(state: State): () => Promise<void> {
  let sweeping = sweep(state);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(state));
  }, HOUR);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}

async function sweep(state: State): Promise<void> {
  try {
    for (const queue of state.queues.values()) {
      const now = Date.now();
      const old = [...inOrder(state, queue)].filter(({ id }) => {
        const message = state.messages.get([queue.name, id]);
        return message && isExpired(queue, message, now);
      });
      if (old.length === 0) continue;
      await state.cloud.store.transaction(() => {
        for (const { id } of old) take(state, queue, id);
      });
    }
  } catch (error) {
    state.cloud.warn(`the queues could not be swept of old messages: ${String(error)}`);
  }
}
