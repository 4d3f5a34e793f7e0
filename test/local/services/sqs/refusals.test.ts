import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import { fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const LET_IN = {
  ...{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' },
  Principal: { Service: 'events.amazonaws.com' },
};

describe('SQS refuses', () => {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  let sqs: Service;
  const make = async (properties: Record<string, unknown>, type = 'AWS::SQS::Queue') =>
    makeResource(sqs, { stackName: 'T', logicalId: 'L', type, properties, generatedName: 'queue' });
  const refusal = (member: string) => ({
    code: 'UnsupportedOperation',
    message: expect.stringMatching(new RegExp(`\\b${member}\\b`)),
  });

  beforeAll(async () => {
    sqs = cloud.add(sqsService(cloud));
    await make({});
  });
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  const QueueUrl = 'queue';
  const message = { QueueUrl, MessageBody: 'x' };
  it.each([
    ['SendMessage', message, { MessageDeduplicationId: '1' }],
    ['SendMessage', message, { MessageGroupId: '1' }],
    ['SendMessage', message, { MessageSystemAttributes: {} }],
    ['SendMessage', message, { Nonsense: 1 }],
    ['ReceiveMessage', { QueueUrl }, { ReceiveRequestAttemptId: '1' }],
    ['GetQueueUrl', { QueueName: 'queue' }, { QueueOwnerAWSAccountId: '1' }],
    ['StartMessageMoveTask', { SourceArn: 'arn' }, { MaxNumberOfMessagesPerSecond: 1 }],
    ['CreateQueue', { QueueName: 'made' }, { tags: {} }],
    ['CreateQueue', { QueueName: 'made' }, { Attributes: { DelaySeconds: '1' } }],
    ['SetQueueAttributes', { QueueUrl }, { Attributes: { DelaySeconds: '1' } }],
    ['DeleteMessage', { QueueUrl, ReceiptHandle: 'x' }, { Nonsense: 1 }],
  ])('what it does not carry out of %s', async (operation, input, more) => {
    const [member = ''] = Object.keys(more);
    await expect(cloud.request('sqs', operation, { ...input, ...more })).rejects.toMatchObject(
      refusal(member),
    );
  });

  it.each(['SendMessageBatch', 'ChangeMessageVisibility', 'PurgeQueue'])(
    'the operation %s, which it has not',
    async (operation) => {
      await expect(cloud.request('sqs', operation, { QueueUrl })).rejects.toMatchObject(refusal(operation));
    },
  );

  it('to make or change a queue of the template', async () => {
    const Attributes = { Policy: JSON.stringify({ Statement: [LET_IN] }) };
    await expect(cloud.request('sqs', 'CreateQueue', { QueueName: 'queue' })).rejects.toMatchObject(
      refusal('queue'),
    );
    await expect(cloud.request('sqs', 'SetQueueAttributes', { QueueUrl, Attributes })).rejects.toMatchObject(
      refusal('queue'),
    );
  });

  it('to make a queue twice with two policies, and a policy that SQS refuses', async () => {
    const create = (...Statement: object[]) =>
      cloud.request('sqs', 'CreateQueue', {
        ...{ QueueName: 'made', Attributes: { Policy: JSON.stringify({ Statement }) } },
      });
    await create(LET_IN);
    await create(LET_IN);
    await expect(create({ ...LET_IN, Effect: 'Deny' })).rejects.toMatchObject({ code: 'QueueNameExists' });
    await expect(create({ ...LET_IN, Action: 'sqs:Nonsense' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('an unknown member of an attribute', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringListValues: ['x'] } };
    await expect(
      cloud.request('sqs', 'SendMessage', { ...message, MessageAttributes }),
    ).rejects.toMatchObject(refusal('MessageAttributes.a.StringListValues'));
  });

  it("a wrong value with SQS's own error code", async () => {
    const wrong = { code: 'InvalidParameterValue' };
    await expect(
      cloud.request('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 }),
    ).rejects.toMatchObject(wrong);
    const attributes = Array.from({ length: 11 }, (_, n) => [
      `a${n}`,
      { DataType: 'String', StringValue: 'x' },
    ]);
    await expect(
      cloud.request('sqs', 'SendMessage', { ...message, MessageAttributes: Object.fromEntries(attributes) }),
    ).rejects.toMatchObject(wrong);
  });

  it.each([
    ['SendMessage', { QueueUrl }, 'MessageBody'],
    ['SendMessage', { QueueUrl, MessageBody: '' }, 'The request must contain the parameter MessageBody.'],
    ['ReceiveMessage', {}, 'QueueUrl'],
  ])('an input of %s without what it must have: %j', async (operation, input, member) => {
    await expect(cloud.request('sqs', operation, input)).rejects.toMatchObject({
      code: 'MissingParameter',
      message: expect.stringContaining(member),
    });
  });

  const text = { DataType: 'String', StringValue: 'x' };
  it.each([
    ['AWS.Own', text],
    ['amazon.own', text],
    ['.dot', text],
    ['two..dots', text],
    ['a b', text],
    ['number', { DataType: 'Number', StringValue: 'abc' }],
    ['nothing', { DataType: 'String' }],
    ['bytes', { DataType: 'Binary', StringValue: 'x' }],
  ])('the attribute %s of a message: %j', async (name, attribute) => {
    const sent = cloud.request('sqs', 'SendMessage', {
      ...message,
      MessageAttributes: { [name]: attribute },
    });
    await expect(sent).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('an attribute of a queue that is not here, and one that no queue has', async () => {
    const ask = (name: string) =>
      cloud.request('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: [name] });
    await expect(ask('KmsMasterKeyId')).rejects.toMatchObject(refusal('KmsMasterKeyId'));
    await expect(ask('Colour')).rejects.toMatchObject({ code: 'InvalidAttributeName' });
  });

  it.each(['FifoQueue', 'ContentBasedDeduplication', 'RedriveAllowPolicy', 'NoSuchProperty'])(
    'the property %s of a queue',
    async (name) => {
      await expect(make({ [name]: true })).rejects.toMatchObject(refusal(name));
    },
  );

  it('an unknown property of a queue policy or a redrive policy', async () => {
    await expect(make({ Queues: [], Nonsense: 1 }, 'AWS::SQS::QueuePolicy')).rejects.toMatchObject(
      refusal('Nonsense'),
    );
    const RedrivePolicy = { deadLetterTargetArn: 'arn', maxReceiveCount: 1, nonsense: 1 };
    await expect(make({ RedrivePolicy })).rejects.toMatchObject(refusal('RedrivePolicy.nonsense'));
  });

  it('a dead-letter queue that is not there', async () => {
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:none';
    await expect(make({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 3 } })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining(deadLetterTargetArn),
    });
  });

  it('nothing of what only encrypts or labels a queue', async () => {
    await make({ SqsManagedSseEnabled: false, KmsMasterKeyId: 'alias/aws/sqs', Tags: [] });
  });
});
