import * as z from 'zod';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import { topicDocument } from '../../core/iam/topic-document.ts';
import { alarmSchema } from './alarm.ts';

const topicPolicySchema = z.strictObject({
  PolicyDocument: topicDocument,
  Topics: z.array(z.string()).min(1),
});

const PUBLISH = 'sns:Publish';

/**
 * Alarms, none of which rings here, and the policies of the topics that they tell. A topic with a policy of its own lets
 * nobody publish whom the policy does not name: an alarm of such a topic would tell nobody, which AWS says in the alarm's
 * history alone.
 */
export function cloudWatchService(cloud: Cloud): Service {
  const topicsOf = new Map<string, readonly string[]>();
  const withPolicy = new Map<string, readonly string[]>();
  const check = (): void => {
    const guarded = new Set([...withPolicy.values()].flat());
    for (const [alarm, topics] of topicsOf)
      for (const topic of topics)
        if (guarded.has(topic) && !mayTell(cloud, alarm, topic))
          throw new Error(
            `the policy of ${topic} does not let the alarm ${alarm} tell it: allow ${PUBLISH} to cloudwatch.amazonaws.com there`,
          );
  };
  const makeAlarm = (given: z.infer<typeof alarmSchema>, { generatedName }: Resource): Provisioned => {
    const arn = `arn:aws:cloudwatch:${cloud.region}:${cloud.account}:alarm:${generatedName}`;
    const told = [...given.AlarmActions, ...given.InsufficientDataActions, ...given.OKActions];
    topicsOf.set(
      arn,
      told.filter((action) => action.split(':')[2] === 'sns'),
    );
    check();
    return { ref: generatedName, attributes: { Arn: arn } };
  };
  const makePolicy = (
    { PolicyDocument, Topics }: z.infer<typeof topicPolicySchema>,
    { generatedName }: Resource,
  ): Provisioned => {
    cloud.policies.resource(generatedName, Topics, PolicyDocument);
    withPolicy.set(generatedName, Topics);
    check();
    return { ref: generatedName, attributes: { Id: generatedName } };
  };
  return {
    name: 'cloudwatch',
    operations: {},
    resources: {
      'AWS::CloudWatch::Alarm': resourceType(alarmSchema, makeAlarm, ({ generatedName }) => {
        topicsOf.delete(`arn:aws:cloudwatch:${cloud.region}:${cloud.account}:alarm:${generatedName}`);
      }),
      'AWS::SNS::TopicPolicy': resourceType(topicPolicySchema, makePolicy, ({ generatedName }) => {
        withPolicy.delete(generatedName);
        cloud.policies.remove(generatedName);
      }),
    },
  };
}

const mayTell = (cloud: Cloud, alarm: string, topic: string): boolean =>
  cloud.policies.allows(cloud.acting('cloudwatch.amazonaws.com', alarm), PUBLISH, topic);
