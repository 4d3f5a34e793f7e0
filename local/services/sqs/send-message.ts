import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/cloud.ts';
import { md5, md5OfAttributes } from './md5.ts';
import { messageAttributes } from './message-attributes.ts';
import { addMessage } from './message-order.ts';
import { type MessageAttribute, queueOf, type State } from './tables.ts';

const MAX_DELAY_SECONDS = 900;

export const sendInput = z.strictObject({
  QueueUrl: z.string(),
  // SQS takes an empty body for none.
  MessageBody: z.string().refine((body) => body !== '', {
    message: 'The request must contain the parameter MessageBody.',
    params: { awsCode: 'MissingParameter' },
  }),
  DelaySeconds: z.number().int().min(0).max(MAX_DELAY_SECONDS).optional(),
  MessageAttributes: messageAttributes,
});

// What XML may hold: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** @throws QueueDoesNotExist, InvalidParameterValue for a message that is too large, InvalidMessageContents */
export async function sendMessage(state: State, input: z.infer<typeof sendInput>, call: Call) {
  const { QueueUrl, MessageBody, DelaySeconds, MessageAttributes } = input;
  const queue = queueOf(state, QueueUrl);
  const bytes = sizeOf(MessageBody, MessageAttributes);
  if (bytes > queue.maxBytes)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maxBytes} bytes, not ${bytes}.`,
    );
  const forbidden = FORBIDDEN.exec(MessageBody);
  if (forbidden)
    throw new AwsError(
      'InvalidMessageContents',
      `the message holds U+${forbidden[0].charCodeAt(0).toString(16)}, which SQS does not take`,
    );
  const id = randomUUID();
  const sent = Date.now();
  const message = { body: MessageBody, attributes: MessageAttributes, sent, sender: call.principal.arn };
  await state.cloud.store.transaction(() =>
    addMessage(state, queue, id, message, sent + (DelaySeconds ?? queue.delay) * 1000),
  );
  state.listeners.notify(queue.name);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(MessageAttributes),
  };
}

function sizeOf(body: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(body),
  );
}
