import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { nameToken, pageOf } from '../../core/paging.ts';
import { inOrder, isExpired } from './message-order.ts';
import { type Queue, queueOf, type State, urlOf } from './tables.ts';

// CloudFormation may hand numbers over as text.
const seconds = z.coerce.number().int().min(0);
const redrivePolicy = z.strictObject({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

export const queueName = z.string().regex(/^[\w-]{1,80}$/, 'a queue name holds 1 to 80 of A-Z a-z 0-9 _ -');

// Defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
export const queueProperties = z
  .strictObject({
    QueueName: queueName.optional(),
    VisibilityTimeout: seconds.max(43_200).default(30),
    MessageRetentionPeriod: seconds.min(60).max(1_209_600).default(345_600),
    DelaySeconds: seconds.max(900).default(0),
    ReceiveMessageWaitTimeSeconds: seconds.max(20).default(0),
    MaximumMessageSize: z.coerce.number().int().min(1024).max(1_048_576).default(1_048_576),
    RedrivePolicy: redrivePolicy.optional(),
    KmsDataKeyReusePeriodSeconds: inert(seconds.min(60).max(86_400)),
    SqsManagedSseEnabled: inert(templateBoolean),
    Tags: inert(tagList),
    KmsMasterKeyId: inert(keyId),
  })
  .refine(
    ({ SqsManagedSseEnabled, KmsMasterKeyId }) => String(SqsManagedSseEnabled) !== 'true' || !KmsMasterKeyId,
    'SqsManagedSseEnabled and KmsMasterKeyId exclude each other: leave one out',
  );

/** @throws InvalidParameterValue for a dead-letter queue that is not there */
export function provisionQueue(
  state: State,
  given: z.infer<typeof queueProperties>,
  { generatedName }: Resource,
): Provisioned {
  const { QueueName: name = generatedName.slice(-80) } = given;
  const queue = queueFrom(state, name, given);
  state.queues.set(name, queue);
  const url = urlOf(state, queue);
  return { ref: url, attributes: { Arn: queue.arn, QueueName: name, QueueUrl: url } };
}

/**
 * A queue with these properties, or SQS's own.
 * @throws InvalidParameterValue for a dead-letter queue that is not there
 */
export function queueFrom(
  state: State,
  name: string,
  given: z.infer<typeof queueProperties> = queueProperties.parse({}),
): Queue {
  const { RedrivePolicy } = given;
  return {
    name,
    arn: `arn:aws:sqs:${state.cloud.region}:${state.cloud.account}:${name}`,
    visibilityTimeout: given.VisibilityTimeout,
    retention: given.MessageRetentionPeriod,
    delay: given.DelaySeconds,
    receiveWait: given.ReceiveMessageWaitTimeSeconds,
    maxBytes: given.MaximumMessageSize,
    redrive: RedrivePolicy && redriveOf(state, RedrivePolicy),
  };
}

function redriveOf(
  state: State,
  { deadLetterTargetArn: arn, maxReceiveCount: maxReceives }: z.infer<typeof redrivePolicy>,
): Queue['redrive'] {
  if (![...state.queues.values()].some((queue) => queue.arn === arn))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${arn} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  return { arn, maxReceives };
}

export const urlInput = z.strictObject({ QueueName: z.string() });

export function getQueueUrl(state: State, { QueueName }: z.infer<typeof urlInput>) {
  return { QueueUrl: urlOf(state, queueOf(state, QueueName)) };
}

const pageMembers = {
  MaxResults: z.number().int().min(1).max(1000).default(1000),
  NextToken: nameToken.optional(),
};

export const listInput = z.strictObject({ QueueNamePrefix: z.string().default(''), ...pageMembers });

export function listQueues(state: State, input: z.infer<typeof listInput>) {
  const { QueueNamePrefix, MaxResults, NextToken } = input;
  const named = [...state.queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix));
  const { items, next } = pageOf(named, ({ name }) => name, { limit: MaxResults, after: NextToken });
  return { QueueUrls: items.map((queue) => urlOf(state, queue)), NextToken: next };
}

export const attributesInput = z.strictObject({
  QueueUrl: z.string(),
  AttributeNames: z.array(z.string()).default([]),
});

/** @throws InvalidAttributeName; UnsupportedOperation for an attribute that SQS has and this runtime has not */
export function getQueueAttributes(
  state: State,
  { QueueUrl, AttributeNames }: z.infer<typeof attributesInput>,
) {
  const all = attributesOf(state, queueOf(state, QueueUrl));
  const wanted = AttributeNames.includes('All') ? Object.keys(all) : AttributeNames;
  const absent = wanted.find((name) => ABSENT_ATTRIBUTES.has(name));
  if (absent) throw unsupported(`the attribute ${absent} of a queue`);
  const unknown = wanted.find((name) => !ATTRIBUTES.has(name));
  if (unknown) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name))) };
}

function attributesOf(state: State, queue: Queue): Record<string, string> {
  const counts = countsOf(state, queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(queue.visibilityTimeout),
    MessageRetentionPeriod: String(queue.retention),
    DelaySeconds: String(queue.delay),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWait),
    MaximumMessageSize: String(queue.maxBytes),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queue.redrive.arn,
        maxReceiveCount: queue.redrive.maxReceives,
      }),
    }),
  };
}

const ATTRIBUTES = new Set([
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'MaximumMessageSize',
  'RedrivePolicy',
]);

// The attributes that a queue on AWS has besides; `All` leaves them out.
const ABSENT_ATTRIBUTES = new Set([
  'Policy',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'FifoQueue',
  'ContentBasedDeduplication',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
]);

function countsOf(state: State, queue: Queue) {
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  const now = Date.now();
  for (const { id, visible } of inOrder(state, queue)) {
    const message = state.messages.get([queue.name, id]);
    if (!message || isExpired(queue, message, now)) continue;
    if (visible <= now) counts.visible++;
    else if (state.standings.get([queue.name, id])?.receives) counts.inFlight++;
    else counts.delayed++;
  }
  return counts;
}
