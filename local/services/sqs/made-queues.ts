import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { documentText, resourceDocument } from '../../core/iam/document.ts';
import { checkQueuePolicy } from './queue-policy.ts';
import { queueFrom, queueName } from './queues.ts';
import { type MadeQueue, queueOf, type State, urlOf } from './tables.ts';

const policyText = documentText(resourceDocument.superRefine(checkQueuePolicy));

export const createInput = z.strictObject({
  QueueName: queueName,
  Attributes: z.strictObject({ Policy: policyText.optional() }).default({}),
});

/** @throws QueueNameExists for a queue that is there with another policy; UnsupportedOperation for one of the template */
export async function createQueue(state: State, { QueueName, Attributes }: z.infer<typeof createInput>) {
  const made: MadeQueue = { name: QueueName, policy: Attributes.Policy };
  const there = state.made.get(QueueName);
  if (!there && state.queues.has(QueueName)) throw ofTemplate(QueueName);
  if (there && !isDeepStrictEqual(there.policy, made.policy))
    throw new AwsError(
      'QueueNameExists',
      `the queue ${QueueName} exists with another policy: set its attributes`,
    );
  await keep(state, made);
  return { QueueUrl: urlOf(state, queueOf(state, QueueName)) };
}

export const attributesInput = z.strictObject({
  QueueUrl: z.string(),
  Attributes: z.strictObject({ Policy: policyText }),
});

/** @throws QueueDoesNotExist; UnsupportedOperation for a queue of the template */
export async function setQueueAttributes(
  state: State,
  { QueueUrl, Attributes }: z.infer<typeof attributesInput>,
): Promise<void> {
  const { name } = queueOf(state, QueueUrl);
  if (!state.made.get(name)) throw ofTemplate(name);
  await keep(state, { name, policy: Attributes.Policy });
}

async function keep(state: State, made: MadeQueue): Promise<void> {
  await state.made.put(made.name, made);
  register(state, made);
}

/** What calls have made before is there again, but for a queue whose name the template has now. */
export async function registerMade(state: State): Promise<void> {
  for (const { value } of [...state.made.entries()]) {
    if (state.queues.has(value.name)) await state.made.remove(value.name);
    else register(state, value);
  }
}

function register(state: State, { name, policy = [] }: MadeQueue): void {
  const queue = queueFrom(state, name);
  state.queues.set(name, queue);
  registerPolicy(state.cloud, queue.arn, policy);
}

const registerPolicy = ({ policies }: Cloud, arn: string, policy: NonNullable<MadeQueue['policy']>): void =>
  policies.resource(`sqs-policy/${arn}`, [arn], policy);

const ofTemplate = (name: string): AwsError =>
  unsupported(`a change to the queue ${name}, which the template defines`);
