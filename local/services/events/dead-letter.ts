import type { Cloud } from '../../core/cloud.ts';
import { queueUrl } from '../../core/queue-url.ts';
import type { ResolvedDelivery } from './resolved-delivery.ts';
import { eventBridge } from './target.ts';

// An attribute of a message may not be empty, and a long one takes room from the event.
const MAX_MESSAGE = 1024;

// What JSON may hold and a message of SQS may not. So does half a surrogate pair, of which the store makes U+FFFD.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const REFUSED = /[\uFFFE\uFFFF]/g;

/** The same JSON: such a character stands in a string of it, and nowhere else. */
const escaped = (json: string): string =>
  json.replace(REFUSED, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** Sends the event as it came to the bus, in characters that SQS takes; the message's attributes say why it could not be delivered. */
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
    { QueueUrl: queueUrl(cloud, queueArn), MessageBody: escaped(body.json), MessageAttributes },
    eventBridge(cloud, rule.arn),
  );
}
