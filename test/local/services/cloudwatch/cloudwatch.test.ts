import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { cloudWatchService } from '../../../../local/services/cloudwatch/index.ts';
import { type FakeCloud, fakeCloud, make, temporaryFolder } from '../../../../local/testing.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic';

let folder: ReturnType<typeof temporaryFolder>;
let cloud: FakeCloud;
let service: Service;
beforeEach(() => {
  folder = temporaryFolder();
  cloud = fakeCloud(folder.path);
  service = cloud.add(cloudWatchService(cloud));
});
afterEach(async () => {
  await cloud.store.close();
  folder.remove();
});

const alarm = () =>
  make(service, 'AWS::CloudWatch::Alarm', {
    AlarmActions: [TOPIC],
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    MetricName: 'm',
    Namespace: 'n',
    Period: 60,
    Statistic: 'Sum',
    Threshold: 1,
  });
const policy = (statement: object) =>
  make(service, 'AWS::SNS::TopicPolicy', {
    Topics: [TOPIC],
    PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, ...statement } },
  });
const ofAccount = (account: string) => ({
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': account } },
});
const refusal = /the policy of arn:aws:sns:\S+ does not let the alarm \S+ tell it: allow sns:Publish/;

describe('the policy of a topic', () => {
  it('lets alarms tell it that it names, whichever is made first', async () => {
    await alarm();
    await policy(ofAccount('000000000000'));
    await alarm();
  });

  it.each([
    ['another service', { Principal: { Service: 'events.amazonaws.com' } }],
    ['alarms of another account', ofAccount('111111111111')],
    ['something else', { ...ofAccount('000000000000'), Action: 'sns:Subscribe' }],
  ])('that allows %s is refused beside an alarm, whichever is made first', async (_, statement) => {
    await alarm();
    await expect(async () => policy(statement)).rejects.toThrow(refusal);
    await expect(async () => alarm()).rejects.toThrow(refusal);
  });

  it('is not asked of an alarm on a topic without one, as the topic’s own lets the account in', async () => {
    await alarm();
  });

  it('with an operator that nothing here knows is refused', async () => {
    const Condition = { NumericLessThan: { 'aws:MultiFactorAuthAge': '1' } };
    await expect(async () => policy({ Principal: '*', Condition })).rejects.toThrow(
      'PolicyDocument.Statement',
    );
  });
});
