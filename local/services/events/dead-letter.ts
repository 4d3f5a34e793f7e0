import type { Cloud } from '../../core/cloud.ts';
import { queueUrl } from '../../core/queue-url.ts';
import type { ResolvedDelivery } from './resolved-delivery.ts';
import { eventBridge } from './target.ts';

// An attribute of a message may not be empty, and a long one takes room from the event.
const MAX_MESSAGE = 1024;

/** Sends the event as it came to the bus; the message's attributes say why it could not be delivered. */
export async function sendDeadLetter(
  cloud: Cloud,
  { body, rule, target, delivery }: ResolvedDelivery,
  queueArn: string,
): Promise<void> {
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: delivery.dead?.code,
    ERROR_MESSAGE: delivery.dead?.message.slice(0, MAX_MESSAGE),
    EXHAUSTED_RETRY_CONDITION: delivery.dead?.exhausted,
    RETRY_ATTEMPTS: String(delivery.attempts),
  };
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value)
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
  await cloud.call(
    'sqs',
    'SendMessage',
    { QueueUrl: queueUrl(cloud, queueArn), MessageBody: body.json, MessageAttributes },
    eventBridge(cloud, rule.arn),
  );
}
