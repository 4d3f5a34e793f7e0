import { startSweeper } from '../../core/sweeper.ts';
import { inOrder, isExpired, removeMessage } from './message-order.ts';
import type { Queue, State } from './tables.ts';

/**
 * Takes out messages that nobody received in their queue's retention, now and every hour.
 * @returns what stops it
 */
export function startRetention(state: State): () => Promise<void> {
  return startSweeper({
    sweep: async (stopping) => {
      for (const queue of state.queues.values()) if (!stopping.aborted) await sweepQueue(state, queue);
    },
    onError: (error) => state.cloud.warn(`the queues could not be swept of old messages: ${String(error)}`),
  });
}

async function sweepQueue(state: State, queue: Queue): Promise<void> {
  const now = Date.now();
  const old = [...inOrder(state, queue)].filter(({ id }) => {
    const message = state.messages.get([queue.name, id]);
    return message && isExpired(queue, message, now);
  });
  if (old.length === 0) return;
  await state.cloud.store.transaction(() => {
    for (const { id } of old) removeMessage(state, queue, id);
  });
}
