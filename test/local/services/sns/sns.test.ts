import {
  CreateTopicCommand,
  DeleteTopicCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { snsService } from '../../../../local/services/sns/index.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import { type Served, serve, temporaryFolder } from '../../../../local/testing.ts';
import { allowing, type BusTarget, busTarget, RULE_ARN } from '../../../support/local/bus-target.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:team';
const POLICY = allowing('events', 'sns:Publish', TOPIC, {
  Condition: { ArnEquals: { 'aws:SourceArn': RULE_ARN } },
});

let folder: ReturnType<typeof temporaryFolder>;
let bus: BusTarget;
let sns: Service;
let served: Served;
let client: SNSClient;
const open = async () => {
  bus = await busTarget([sqsService, (cloud) => (sns = snsService(cloud)), eventsService], folder.path);
  served = await serve([sns]);
  client = new SNSClient(served.client);
};
const shut = async () => {
  client.destroy();
  await served.close();
  await bus.close();
};
beforeEach(async () => {
  folder = temporaryFolder();
  await open();
});
afterEach(async () => {
  await shut();
  folder.remove();
});

const create = (Policy = POLICY) =>
  client.send(new CreateTopicCommand({ Name: 'team', Attributes: { Policy } }));
const subscribe = (Endpoint: string) =>
  client.send(
    new SubscribeCommand({
      ...{ TopicArn: TOPIC, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } },
    }),
  );
const bodies = async (queue: string) => (await bus.messages(queue)).map(({ Body }) => Body);

describe('SNS', () => {
  it('sends what is published to each queue that subscribes, as it is, and goes on doing so after a restart', async () => {
    expect(await create()).toMatchObject({ TopicArn: TOPIC });
    await subscribe(await bus.queue('one', 'sns'));
    const { SubscriptionArn } = await subscribe(await bus.queue('two', 'sns'));
    await shut();
    await open();
    const Message = '{"a":"<ü&>"}';
    expect(await client.send(new PublishCommand({ TopicArn: TOPIC, Message }))).toMatchObject({
      MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect([await bodies('one'), await bodies('two')]).toEqual([[Message], [Message]]);

    expect(await client.send(new ListTopicsCommand({}))).toMatchObject({ Topics: [{ TopicArn: TOPIC }] });
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    const left = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    expect(left.Subscriptions).toMatchObject([{ Protocol: 'sqs', Endpoint: expect.stringMatching(/:one$/) }]);
    await client.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    expect((await client.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    await expect(client.send(new PublishCommand({ TopicArn: TOPIC, Message }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('makes a topic and a subscription once', async () => {
    await create();
    await create();
    const queue = await bus.queue('one', 'sns');
    const { SubscriptionArn } = await subscribe(queue);
    expect(await subscribe(queue)).toMatchObject({ SubscriptionArn });
    await expect(create(allowing('events', 'sns:Publish', '*'))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('is the target of a rule whose events its policy lets in', async () => {
    await create();
    await subscribe(await bus.queue('one', 'sns'));
    await bus.target({
      Arn: TOPIC,
      InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '"a is <a>"' },
    });
    await bus.tell({ a: 'b' });
    await vi.waitFor(async () => expect(await bodies('one')).toEqual(['"a is b"']));
  });

  it('without such a policy, the event goes to the dead letters', async () => {
    await create(
      allowing('events', 'sns:Publish', TOPIC, { Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } }),
    );
    await bus.target({ Arn: TOPIC });
    await bus.tell({ a: 'b' });
    await vi.waitFor(async () =>
      expect(await bus.messages('dead')).toMatchObject([
        {
          Body: expect.stringContaining('"detail":{"a":"b"}'),
          MessageAttributes: {
            ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
            ERROR_MESSAGE: { StringValue: expect.stringContaining('AuthorizationError') },
            TARGET_ARN: { StringValue: TOPIC },
          },
        },
      ]),
    );
    const { cloud } = bus;
    await bus.target({ Arn: TOPIC, DeadLetterConfig: undefined });
    await bus.tell({ a: 'c' });
    await vi.waitFor(() => expect(cloud.warnings.at(-1)).toMatch(/sns:Publish.*the event is lost/));

    const policy = { TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue: POLICY };
    await client.send(new SetTopicAttributesCommand(policy));
    await subscribe(await bus.queue('one', 'sns'));
    await bus.tell({ a: 'd' });
    await vi.waitFor(async () => expect(await bodies('one')).toEqual([expect.stringContaining('"a":"d"')]));
  });

  it('says that a message is lost whose queue does not let it send', async () => {
    await create();
    await subscribe(await bus.queue('one'));
    await subscribe(await bus.queue('two', 'sns'));
    await client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'x' }));
    expect(bus.cloud.warnings.at(-1)).toMatch(/could not send to \S+:one \(AccessDenied.*lost/);
    expect(await bodies('two')).toEqual(['x']);
  });

  it('has its publisher try again where a queue fails', async () => {
    await create();
    await subscribe(await bus.queue('one', 'sns'));
    const { cloud } = bus;
    const call = vi.spyOn(cloud, 'call').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'x' }))).rejects.toThrow(
      'disk is full',
    );
    call.mockRestore();
  });
});
