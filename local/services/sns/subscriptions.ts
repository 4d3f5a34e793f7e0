import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { type State, subscriptionsOf, topicOf } from './tables.ts';
import { topicInput } from './topics.ts';

const STANDARD_QUEUE = /^arn:aws:sqs:[a-z\d-]+:\d{12}:[\w-]+$/;

export const subscribeInput = topicInput.extend({
  Protocol: z.string(),
  Endpoint: z.string(),
  Attributes: z.strictObject({ RawMessageDelivery: z.enum(['true', 'false']).optional() }).default({}),
});

/** @throws NotFound, InvalidParameter; UnsupportedOperation for all but a queue that gets the message as it is */
export async function subscribe(state: State, input: z.infer<typeof subscribeInput>) {
  const { TopicArn, Protocol, Endpoint, Attributes } = input;
  const topic = topicOf(state, TopicArn);
  if (Protocol !== 'sqs') throw unsupported(`a subscription of the protocol ${Protocol}`);
  // SNS signs the envelope around a message, which nobody else can.
  if (Attributes.RawMessageDelivery !== 'true')
    throw unsupported('a subscription without RawMessageDelivery=true');
  if (!STANDARD_QUEUE.test(Endpoint))
    throw new AwsError('InvalidParameter', `Invalid parameter: SQS endpoint ARN: ${Endpoint}`);
  const there = subscriptionsOf(state, topic).find(({ queueArn }) => queueArn === Endpoint);
  if (there) return { SubscriptionArn: there.arn };
  const id = randomUUID();
  const subscription = { arn: `${topic.arn}:${id}`, queueArn: Endpoint };
  await state.subscriptions.put([topic.name, id], subscription);
  return { SubscriptionArn: subscription.arn };
}

export const unsubscribeInput = z.strictObject({
  SubscriptionArn: z.string().regex(/^arn:aws:sns:[^:]+:[^:]+:[^:]+:[^:]+$/, 'is no ARN of a subscription'),
});

/** A subscription that is not there is no error. */
export async function unsubscribe(state: State, { SubscriptionArn }: z.infer<typeof unsubscribeInput>) {
  const [name = '', id = ''] = SubscriptionArn.split(':').slice(5);
  await state.subscriptions.remove([name, id]);
}

export function listSubscriptions(state: State, { TopicArn }: z.infer<typeof topicInput>) {
  const Subscriptions = subscriptionsOf(state, topicOf(state, TopicArn)).map(({ arn, queueArn }) => ({
    SubscriptionArn: arn,
    Owner: state.cloud.account,
    Protocol: 'sqs',
    Endpoint: queueArn,
    TopicArn,
  }));
  return { Subscriptions };
}
