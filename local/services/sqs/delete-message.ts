import * as z from 'zod';
import { removeMessage } from './message-order.ts';
import { readReceipt } from './receipt.ts';
import { queueOf, type State } from './tables.ts';

export const deleteInput = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() });

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
