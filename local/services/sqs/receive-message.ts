import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { md5, md5OfAttributes } from './md5.ts';
import { addMessage, inOrder, isExpired, moveTo, removeMessage } from './message-order.ts';
import { receiptHandle } from './receipt.ts';
import { type Message, type Queue, queueOf, type Standing, type State } from './tables.ts';

const names = z.array(z.string()).default([]);
export const receiveInput = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
type Request = z.infer<typeof receiveInput>;

interface Received {
  readonly id: string;
  readonly message: Message;
  readonly standing: Standing;
}

/** Waits for a message as long as the request or the queue says. */
export async function receiveMessage(state: State, request: Request) {
  const queue = queueOf(state, request.QueueUrl);
  const end = Date.now() + (request.WaitTimeSeconds ?? queue.receiveWait) * 1000;
  for (;;) {
    const { received, dead } = hasVisible(state, queue)
      ? await state.cloud.store.transaction(() => takeVisible(state, queue, request))
      : { received: [], dead: undefined };
    if (dead) state.listeners.notify(dead);
    if (received.length > 0) return { Messages: received.map((one) => described(one, request)) };
    const left = end - Date.now();
    if (left <= 0 || state.listeners.closed) return {};
    await state.listeners.wait(queue.name, Math.min(left, untilVisible(state, queue)));
  }
}

/** Whether the queue has a message to give: without one, a receive needs no transaction and no write to the disk. */
function hasVisible(state: State, queue: Queue): boolean {
  return untilVisible(state, queue) === 0;
}

function untilVisible(state: State, queue: Queue): number {
  for (const { visible } of inOrder(state, queue)) return Math.max(0, visible - Date.now());
  return Number.POSITIVE_INFINITY;
}

function takeVisible(state: State, queue: Queue, request: Request): { received: Received[]; dead?: string } {
  const now = Date.now();
  const received: Received[] = [];
  let dead: string | undefined;
  const visible: string[] = [];
  for (const entry of inOrder(state, queue)) {
    if (entry.visible > now) break;
    visible.push(entry.id);
    // Of these messages some may go to the dead-letter queue, so twice as many as asked for are looked at.
    if (visible.length === request.MaxNumberOfMessages * 2) break;
  }
  for (const id of visible) {
    const message = state.messages.get([queue.name, id]);
    const standing = state.standings.get([queue.name, id]);
    if (received.length === request.MaxNumberOfMessages) break;
    if (!message || !standing || isExpired(queue, message, now)) removeMessage(state, queue, id);
    else {
      const moved = moveToDeadLetters(state, queue, id, message, standing);
      if (moved) dead = moved;
      else received.push({ id, message, standing: markReceived(state, queue, id, standing, request, now) });
    }
  }
  return { received, ...(dead !== undefined && { dead }) };
}

/**
 * Moves a message that was received often enough to the dead-letter queue.
 * @returns the dead-letter queue's name; undefined for a message that stays
 */
function moveToDeadLetters(state: State, queue: Queue, id: string, message: Message, standing: Standing) {
  const { receives, firstReceived } = standing;
  if (!queue.redrive || receives < queue.redrive.maxReceives) return undefined;
  const { arn } = queue.redrive;
  const dead = [...state.queues.values()].find((candidate) => candidate.arn === arn);
  if (!dead) {
    state.cloud.warn(`the dead-letter queue ${arn} of ${queue.name} does not exist: the message ${id} stays`);
    return undefined;
  }
  removeMessage(state, queue, id);
  // The count goes on in the dead-letter queue.
  addMessage(state, dead, id, { ...message, source: queue.arn }, Date.now(), {
    receives,
    ...(firstReceived !== undefined && { firstReceived }),
  });
  return dead.name;
}

function markReceived(
  state: State,
  queue: Queue,
  id: string,
  from: Standing,
  request: Request,
  now: number,
): Standing {
  const to = {
    visible: now + (request.VisibilityTimeout ?? queue.visibilityTimeout) * 1000,
    sequence: state.next(),
    receives: from.receives + 1,
    firstReceived: from.firstReceived ?? now,
    receipt: randomUUID(),
  };
  moveTo(state, queue, id, from, to);
  return to;
}

function described({ id, message, standing }: Received, request: Request) {
  const system = picked(
    {
      SenderId: message.sender,
      SentTimestamp: String(message.sent),
      ApproximateReceiveCount: String(standing.receives),
      ApproximateFirstReceiveTimestamp: String(standing.firstReceived),
      ...(message.source && { DeadLetterQueueSourceArn: message.source }),
    },
    [...request.AttributeNames, ...request.MessageSystemAttributeNames],
  );
  const attributes = picked(message.attributes, request.MessageAttributeNames);
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle(id, standing.receipt ?? ''),
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** The attributes that a request asks for: by name, by `All`, or by `prefix.*`. */
function picked<T>(all: Readonly<Record<string, T>>, wanted: readonly string[]): Record<string, T> {
  const isWanted = (name: string) =>
    wanted.some(
      (one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
}
