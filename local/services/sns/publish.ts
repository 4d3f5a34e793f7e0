import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { queueUrl } from '../../core/queue-url.ts';
import { type State, subscriptionsOf, topicOf } from './tables.ts';
import { topicInput } from './topics.ts';

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const MAX_BYTES = 262_144;

export const publishInput = topicInput.extend({
  Message: z
    .string()
    .min(1, 'Empty message')
    .refine((text) => Buffer.byteLength(text) <= MAX_BYTES, `Message too long: at most ${MAX_BYTES} bytes`),
});

/** Answers when every queue has the message on disk. @throws NotFound, and what a queue throws that may take it later */
export async function publish(state: State, { TopicArn, Message }: z.infer<typeof publishInput>) {
  for (const { queueArn } of subscriptionsOf(state, topicOf(state, TopicArn)))
    await send(state, TopicArn, queueArn, Message);
  return { MessageId: randomUUID() };
}

/** A queue that is not there, or whose policy does not let the topic send, loses the message, as on AWS. */
async function send({ cloud }: State, topic: string, queueArn: string, MessageBody: string): Promise<void> {
  const message = { QueueUrl: queueUrl(cloud, queueArn), MessageBody };
  try {
    await cloud.call('sqs', 'SendMessage', message, cloud.acting('sns.amazonaws.com', topic));
  } catch (error) {
    if (!(error instanceof AwsError) || error.status >= 500) throw error;
    cloud.warn(
      `the topic ${topic} could not send to ${queueArn} (${error.code}: ${error.message}): the message is lost`,
    );
  }
}
