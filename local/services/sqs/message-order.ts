import type { Message, Queue, Standing, State } from './tables.ts';

/** The receives of a message before. */
type Receives = Pick<Standing, 'receives' | 'firstReceived'>;

/** Puts a message in a queue, inside of a transaction of the store. */
export function addMessage(
  state: State,
  queue: Queue,
  id: string,
  message: Message,
  visible: number,
  receives: Receives = { receives: 0 },
): void {
  void state.messages.put([queue.name, id], message);
  moveTo(state, queue, id, undefined, { ...receives, visible, sequence: state.next() });
}

/** Takes a message out of its queue, inside of a transaction of the store. */
export function removeMessage(state: State, queue: Queue, id: string): void {
  const standing = state.standings.get([queue.name, id]);
  if (standing) void state.order.remove([queue.name, standing.visible, standing.sequence, id]);
  void state.standings.remove([queue.name, id]);
  void state.messages.remove([queue.name, id]);
}

/** Changes a message's standing, and with it its position in the queue, inside of a transaction of the store. */
export function moveTo(
  state: State,
  queue: Queue,
  id: string,
  from: Standing | undefined,
  to: Standing,
): void {
  if (from) void state.order.remove([queue.name, from.visible, from.sequence, id]);
  void state.order.put([queue.name, to.visible, to.sequence, id], true);
  void state.standings.put([queue.name, id], to);
}

/** The ids of a queue's messages in the order in which they become visible. */
export function* inOrder(state: State, queue: Queue): Iterable<{ id: string; visible: number }> {
  for (const { key } of state.order.under([queue.name])) {
    const [, visible, , id] = Array.isArray(key) ? key : [];
    yield { id: String(id), visible: Number(visible) };
  }
}

/** Whether the queue's retention has ended for a message. SQS counts from when the message was first sent. */
export function isExpired(queue: Queue, message: Message, now: number): boolean {
  return message.sent + queue.retention * 1000 <= now;
}
