import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Statement } from '../../core/iam/document.ts';
import type { Collection } from '../../core/store.ts';

/** A topic that a call has made. */
export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly policy?: readonly Statement[] | undefined;
}

/** A queue that gets what is published. */
export interface Subscription {
  /** `TOPIC_ARN:UUID` */
  readonly arn: string;
  readonly queueArn: string;
}

export interface State {
  readonly cloud: Cloud;
  /** by name */
  readonly topics: Collection<Topic>;
  /** by `[topic, id]` */
  readonly subscriptions: Collection<Subscription>;
  /** ARNs of the template's topics, which tell nobody here */
  readonly fromTemplate: Set<string>;
}

export const stateOf = (cloud: Cloud): State => ({
  cloud,
  topics: cloud.store.collection('sns/topics'),
  subscriptions: cloud.store.collection('sns/subscriptions'),
  fromTemplate: new Set(),
});

export const topicArn = ({ region, account }: Cloud, name: string): string =>
  `arn:aws:sns:${region}:${account}:${name}`;

/** @throws NotFound; UnsupportedOperation for a topic of the template */
export function topicOf(state: State, arn: string): Topic {
  refuseTemplate(state, arn);
  const topic = state.topics.get(arn.split(':')[5] ?? '');
  if (topic?.arn !== arn) throw new AwsError('NotFound', `Topic does not exist: ${arn}`, 404);
  return topic;
}

/** @throws UnsupportedOperation for a topic of the template */
export function refuseTemplate({ fromTemplate }: State, arn: string): void {
  if (fromTemplate.has(arn)) throw unsupported(`a call of the topic ${arn}, which the template defines`);
}

/** The subscriptions of a topic, with their ids. */
export const subscriptionsOf = ({ subscriptions }: State, { name }: Topic): Subscription[] =>
  [...subscriptions.under([name])].map(({ value }) => value);
