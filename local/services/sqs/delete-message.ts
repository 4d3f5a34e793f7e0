import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { inOrder, place, take } from './order.ts';
import { readReceipt } from './receipt.ts';
import { queueOf, type State } from './tables.ts';

const deleteInput = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });

/** With a handle that a later receive has made old, the message stays, and the call succeeds all the same, as in SQS. */
export async function deleteMessage(state: State, input: unknown): Promise<object> {
  const { QueueUrl, ReceiptHandle } = deleteInput.parse(input);
  const queue = queueOf(state, QueueUrl);
  const { id, receipt } = readReceipt(ReceiptHandle);
  await state.cloud.store.transaction(() => {
    if (state.standings.get([queue.name, id])?.receipt === receipt) take(state, queue, id);
  });
  return {};
}

const visibilityInput = deleteInput.extend({ VisibilityTimeout: z.number().int().min(0).max(43_200) });

/** @throws MessageNotInflight */
export async function changeMessageVisibility(state: State, input: unknown): Promise<object> {
  const { QueueUrl, ReceiptHandle, VisibilityTimeout } = visibilityInput.parse(input);
  const queue = queueOf(state, QueueUrl);
  const { id, receipt } = readReceipt(ReceiptHandle);
  await state.cloud.store.transaction(() => {
    const standing = state.standings.get([queue.name, id]);
    const now = Date.now();
    if (!standing || standing.receipt !== receipt || standing.visible <= now)
      throw new AwsError('MessageNotInflight', `the message ${id} of ${queue.name} is not in flight`);
    place(state, queue, id, standing, { ...standing, visible: now + VisibilityTimeout * 1000 });
  });
  state.listeners.notify(queue.name);
  return {};
}

export async function purgeQueue(state: State, input: unknown): Promise<void> {
  const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(input);
  const queue = queueOf(state, QueueUrl);
  await state.cloud.store.transaction(() => {
    for (const { id } of [...inOrder(state, queue)]) take(state, queue, id);
  });
}
