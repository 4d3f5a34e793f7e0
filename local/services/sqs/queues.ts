import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { inOrder, isExpired } from './order.ts';
import { type Queue, queueOf, type State, urlOf } from './tables.ts';

// CloudFormation may hand numbers over as text.
const seconds = z.coerce.number().int().min(0);
const redrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1),
});

// Defaults: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const queueProperties = z.object({
  QueueName: z.string().regex(/^[\w-]{1,80}$/, 'a queue name holds 1 to 80 of A-Z a-z 0-9 _ -'),
  VisibilityTimeout: seconds.max(43_200).default(30),
  MessageRetentionPeriod: seconds.min(60).max(1_209_600).default(345_600),
  DelaySeconds: seconds.max(900).default(0),
  ReceiveMessageWaitTimeSeconds: seconds.max(20).default(0),
  MaximumMessageSize: z.coerce.number().int().min(1024).max(1_048_576).default(1_048_576),
  RedrivePolicy: redrivePolicy.optional(),
});

/** Encryption, tags and who may redrive to it change nothing that a caller of this runtime could see. */
export function provisionQueue(state: State, { properties, generatedName }: Resource): Provisioned {
  if (String(properties.FifoQueue) === 'true') throw unsupported(`the FIFO queue ${generatedName}`);
  const given = queueProperties.parse({ QueueName: generatedName.slice(-80), ...properties });
  const name = given.QueueName;
  const queue: Queue = {
    name,
    arn: `arn:aws:sqs:${state.cloud.region}:${state.cloud.account}:${name}`,
    visibilityTimeout: given.VisibilityTimeout,
    retention: given.MessageRetentionPeriod,
    delay: given.DelaySeconds,
    receiveWait: given.ReceiveMessageWaitTimeSeconds,
    maxBytes: given.MaximumMessageSize,
    redrive: given.RedrivePolicy && {
      arn: given.RedrivePolicy.deadLetterTargetArn,
      maxReceives: given.RedrivePolicy.maxReceiveCount,
    },
  };
  state.queues.set(name, queue);
  const url = urlOf(state, queue);
  return { ref: url, attributes: { Arn: queue.arn, QueueName: name, QueueUrl: url } };
}

export function getQueueUrl(state: State, input: unknown) {
  const { QueueName } = z.object({ QueueName: z.string() }).parse(input);
  return { QueueUrl: urlOf(state, queueOf(state, QueueName)) };
}

const listInput = z.object({
  QueueNamePrefix: z.string().default(''),
  MaxResults: z.number().int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
});

export function listQueues(state: State, input: unknown) {
  const { QueueNamePrefix, MaxResults, NextToken = '' } = listInput.parse(input);
  const names = [...state.queues.keys()].filter((name) => name.startsWith(QueueNamePrefix)).sort();
  const rest = names.filter((name) => name > NextToken);
  const page = rest.slice(0, MaxResults);
  const QueueUrls = page.map((name) => urlOf(state, queueOf(state, name)));
  return { QueueUrls, ...(rest.length > page.length && { NextToken: page.at(-1) }) };
}

export function listDeadLetterSourceQueues(state: State, input: unknown) {
  const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(input);
  const { arn } = queueOf(state, QueueUrl);
  const sources = [...state.queues.values()].filter(({ redrive }) => redrive?.arn === arn);
  return { queueUrls: sources.map((queue) => urlOf(state, queue)) };
}

export function getQueueAttributes(state: State, input: unknown) {
  const { QueueUrl, AttributeNames } = z
    .object({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) })
    .parse(input);
  const all = attributesOf(state, queueOf(state, QueueUrl));
  const wanted = AttributeNames.includes('All') ? Object.keys(all) : AttributeNames;
  const unknown = wanted.find((name) => !known.has(name));
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

const known = new Set([
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
