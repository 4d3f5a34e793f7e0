import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { batchOf } from './batch.ts';
import { inOrder, moveTo, removeMessage } from './message-order.ts';
import { readReceipt } from './receipt.ts';
import { queueOf, type queueReference, type State } from './tables.ts';

export const deleteInput = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() });
export const deleteBatchInput = batchOf(z.strictObject({ Id: z.string(), ReceiptHandle: z.string() }));

/** Deletes a message. A later receive makes a handle old: the message then stays and the call succeeds, as in SQS. */
export async function deleteMessage(
  state: State,
  { QueueUrl, ReceiptHandle }: z.infer<typeof deleteInput>,
): Promise<object> {
  const queue = queueOf(state, QueueUrl);
  const { id, receipt } = readReceipt(ReceiptHandle);
  await state.cloud.store.transaction(() => {
    if (state.standings.get([queue.name, id])?.receipt === receipt) removeMessage(state, queue, id);
  });
  return {};
}

const VisibilityTimeout = z.number().int().min(0).max(43_200);
export const visibilityInput = deleteInput.extend({ VisibilityTimeout });
export const visibilityBatchInput = batchOf(
  z.strictObject({ Id: z.string(), ReceiptHandle: z.string(), VisibilityTimeout }),
);

/** @throws MessageNotInflight */
export async function changeMessageVisibility(
  state: State,
  { QueueUrl, ReceiptHandle, VisibilityTimeout }: z.infer<typeof visibilityInput>,
): Promise<object> {
  const queue = queueOf(state, QueueUrl);
  const { id, receipt } = readReceipt(ReceiptHandle);
  await state.cloud.store.transaction(() => {
    const standing = state.standings.get([queue.name, id]);
    const now = Date.now();
    if (!standing || standing.receipt !== receipt || standing.visible <= now)
      throw new AwsError('MessageNotInflight', `the message ${id} of ${queue.name} is not in flight`);
    moveTo(state, queue, id, standing, { ...standing, visible: now + VisibilityTimeout * 1000 });
  });
  state.listeners.notify(queue.name);
  return {};
}

export async function purgeQueue(state: State, { QueueUrl }: z.infer<typeof queueReference>): Promise<void> {
  const queue = queueOf(state, QueueUrl);
  await state.cloud.store.transaction(() => {
    for (const { id } of [...inOrder(state, queue)]) removeMessage(state, queue, id);
  });
}
