import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { snsService } from '../../../../local/services/sns/index.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import { make } from '../../../../local/testing.ts';
import { allowing, type BusTarget, busTarget } from '../../../support/local/bus-target.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:team';

let bus: BusTarget;
let sns: Service;
beforeAll(async () => {
  bus = await busTarget([sqsService, (cloud) => (sns = snsService(cloud)), eventsService]);
  await bus.cloud.request('sns', 'CreateTopic', { Name: 'team' });
});
afterAll(() => bus.close());

describe('SNS refuses', () => {
  const request = (operation: string, input: object) => bus.cloud.request('sns', operation, input);
  const subscription = {
    TopicArn: TOPIC,
    Protocol: 'sqs',
    Endpoint: 'arn:aws:sqs:us-east-1:000000000000:one',
  };
  const raw = { Attributes: { RawMessageDelivery: 'true' } };

  it.each([
    [
      'Subscribe',
      { ...subscription, ...raw, Protocol: 'email', Endpoint: 'a@example.com' },
      'protocol email',
    ],
    ['Subscribe', { ...subscription, ...raw, Protocol: 'https', Endpoint: 'https://a' }, 'protocol https'],
    ['Subscribe', subscription, 'RawMessageDelivery=true'],
    [
      'Subscribe',
      { ...subscription, Attributes: { RawMessageDelivery: 'false' } },
      'RawMessageDelivery=true',
    ],
    ['Subscribe', { ...subscription, Attributes: { ...raw.Attributes, FilterPolicy: '{}' } }, 'FilterPolicy'],
    ['CreateTopic', { Name: 'other', Attributes: { DisplayName: 'x' } }, 'DisplayName'],
    ['CreateTopic', { Name: 'other', Tags: [] }, 'Tags'],
    ['SetTopicAttributes', { TopicArn: TOPIC, AttributeName: 'DisplayName' }, 'DisplayName'],
    ['Publish', { TopicArn: TOPIC, Message: 'x', Subject: 'y' }, 'Subject'],
    ['PublishBatch', {}, 'PublishBatch'],
    ['GetTopicAttributes', { TopicArn: TOPIC }, 'GetTopicAttributes'],
  ])('by its name what it does not carry out of %s: %j', async (operation, input, named) => {
    await expect(request(operation, input)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(named),
    });
  });

  it.each([
    ['CreateTopic', { Name: 'a b' }],
    ['CreateTopic', { Name: 'team.fifo' }],
    ['CreateTopic', { Name: 'other', Attributes: { Policy: '{' } }],
    ['CreateTopic', { Name: 'other', Attributes: { Policy: allowing('events', 'sqs:SendMessage') } }],
    ['CreateTopic', { Name: 'other', Attributes: { Policy: allowing('nobody', 'sns:Publish') } }],
    ['SetTopicAttributes', { TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue: '{}' }],
    ['Subscribe', { ...subscription, ...raw, Endpoint: 'https://queue' }],
    ['Subscribe', { ...subscription, ...raw, Endpoint: `${subscription.Endpoint}.fifo` }],
    ['Publish', { TopicArn: TOPIC, Message: '' }],
    ['Publish', { TopicArn: TOPIC, Message: 'x'.repeat(262_145) }],
  ])('as SNS does: %s %j', async (operation, input) => {
    await expect(request(operation, input)).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  it('calls of a topic of the template', async () => {
    const { ref } = await make(sns, 'AWS::SNS::Topic', { TopicName: 'alarms' });
    expect(ref).toBe('arn:aws:sns:us-east-1:000000000000:alarms');
    const refused = { code: 'UnsupportedOperation', message: expect.stringContaining(ref) };
    await expect(request('Publish', { TopicArn: ref, Message: 'x' })).rejects.toMatchObject(refused);
    await expect(request('CreateTopic', { Name: 'alarms' })).rejects.toMatchObject(refused);
    await expect(request('DeleteTopic', { TopicArn: ref })).rejects.toMatchObject(refused);
  });
});
