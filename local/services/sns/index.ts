import * as z from 'zod';
import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { subscriptionSchema, topicSchema } from './properties.ts';
import { publish, publishInput } from './publish.ts';
import * as subscriptions from './subscriptions.ts';
import { type State, stateOf, topicArn } from './tables.ts';
import * as topics from './topics.ts';

/** SNS: topics that calls make, with queues as subscribers. The template's topics are checked and tell nobody. */
export function snsService(cloud: Cloud): Service {
  const state = stateOf(cloud);
  return {
    name: 'sns',
    query: true,
    invalidInput: 'InvalidParameter',
    operations: operations(state),
    resources: resources(state),
    start: async () => topics.registerPolicies(state),
  };
}

const operations = (state: State): Service['operations'] => ({
  CreateTopic: operation(topics.createInput, (input) => topics.createTopic(state, input)),
  SetTopicAttributes: operation(topics.attributeInput, (input) => topics.setTopicAttributes(state, input)),
  DeleteTopic: operation(topics.topicInput, (input) => topics.deleteTopic(state, input)),
  ListTopics: operation(z.strictObject({}), () => topics.listTopics(state)),
  Subscribe: operation(subscriptions.subscribeInput, (input) => subscriptions.subscribe(state, input)),
  Unsubscribe: operation(
    subscriptions.unsubscribeInput,
    (input) => subscriptions.unsubscribe(state, input),
    ({ SubscriptionArn }) => [
      { action: 'Unsubscribe', resource: SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(':')) },
    ],
  ),
  ListSubscriptionsByTopic: operation(topics.topicInput, (input) =>
    subscriptions.listSubscriptions(state, input),
  ),
  Publish: operation(publishInput, (input) => publish(state, input)),
});

const resources = ({ cloud, fromTemplate }: State): Service['resources'] => ({
  'AWS::SNS::Topic': resourceType(
    topicSchema,
    ({ TopicName }, { generatedName }) => {
      const arn = topicArn(cloud, TopicName ?? generatedName);
      fromTemplate.add(arn);
      return { ref: arn, attributes: { TopicArn: arn, TopicName: TopicName ?? generatedName } };
    },
    (_resource, { ref }) => void fromTemplate.delete(ref),
  ),
  'AWS::SNS::Subscription': resourceType(
    subscriptionSchema,
    (_properties, { generatedName }) => ({ ref: generatedName }),
    () => undefined,
  ),
});
