import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { documentText } from '../../core/iam/document.ts';
import { topicDocument } from '../../core/iam/topic-document.ts';
import { topicName } from './properties.ts';
import { refuseTemplate, type State, type Topic, topicArn, topicOf } from './tables.ts';

const policyText = documentText(topicDocument);

export const createInput = z.strictObject({
  Name: topicName,
  Attributes: z.strictObject({ Policy: policyText.optional() }).default({}),
});

/** @throws InvalidParameter for a topic that is there with another policy */
export async function createTopic(state: State, { Name, Attributes }: z.infer<typeof createInput>) {
  const topic = { name: Name, arn: topicArn(state.cloud, Name), policy: Attributes.Policy };
  refuseTemplate(state, topic.arn);
  const there = state.topics.get(Name);
  if (there && !isDeepStrictEqual(there.policy, topic.policy))
    throw new AwsError(
      'InvalidParameter',
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
  await keep(state, topic);
  return { TopicArn: topic.arn };
}

export const topicInput = z.strictObject({ TopicArn: z.string() });

export const attributeInput = topicInput.extend({
  AttributeName: z.string(),
  AttributeValue: z.string().default(''),
});

/** @throws NotFound, InvalidParameter for what is no policy; UnsupportedOperation for any other attribute */
export async function setTopicAttributes(
  state: State,
  { TopicArn, AttributeName, AttributeValue }: z.infer<typeof attributeInput>,
) {
  const topic = topicOf(state, TopicArn);
  if (AttributeName !== 'Policy') throw unsupported(`the attribute ${AttributeName} of a topic`);
  const { data: policy, error } = policyText.safeParse(AttributeValue);
  if (error)
    throw new AwsError('InvalidParameter', `Invalid parameter: Policy Error: ${z.prettifyError(error)}`);
  await keep(state, { ...topic, policy });
}

/** Removes a topic with its subscriptions. A topic that is not there is no error. */
export async function deleteTopic(state: State, { TopicArn }: z.infer<typeof topicInput>) {
  refuseTemplate(state, TopicArn);
  const [topic] = [...state.topics.entries()].filter(({ value }) => value.arn === TopicArn);
  if (!topic) return;
  const { name } = topic.value;
  await state.cloud.store.transaction(() => {
    for (const { key } of [...state.subscriptions.under([name])]) void state.subscriptions.remove(key);
    void state.topics.remove(name);
  });
  state.cloud.policies.remove(policyId(TopicArn));
}

export const listTopics = ({ topics }: State) => ({
  Topics: [...topics.entries()].map(({ value }) => ({ TopicArn: value.arn })),
});

async function keep(state: State, topic: Topic): Promise<void> {
  await state.topics.put(topic.name, topic);
  registerPolicy(state.cloud, topic);
}

/** What calls have made before is in force again. */
export function registerPolicies({ cloud, topics, fromTemplate }: State): void {
  for (const { value } of topics.entries()) if (!fromTemplate.has(value.arn)) registerPolicy(cloud, value);
}

const registerPolicy = ({ policies }: Cloud, { arn, policy = [] }: Topic): void =>
  policies.resource(policyId(arn), [arn], policy);

const policyId = (arn: string): string => `sns-policy/${arn}`;
