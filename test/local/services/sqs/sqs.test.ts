import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { makeResource } from '../../../../local/core/gate.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import { type FakeCloud, fakeCloud, temporaryFolder } from '../../../../local/testing.ts';
import { fillSoon } from '../../../support/local/fill-soon.ts';

// A loaded machine takes its time.
const PATIENCE = { timeout: 60_000 };
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';

const received = z.object({
  Messages: z
    .array(
      z.looseObject({
        MessageId: z.string(),
        ReceiptHandle: z.string(),
        Body: z.string(),
        MD5OfBody: z.string(),
        Attributes: z.record(z.string(), z.string()).optional(),
        MessageAttributes: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([]),
});

describe('SQS', () => {
  const folder = temporaryFolder();
  let cloud: FakeCloud;
  let state: string;
  let work: string;
  let dead: string;

  async function open(name = 'work'): Promise<void> {
    cloud = fakeCloud(state);
    const sqs = cloud.add(sqsService(cloud));
    const make = async (QueueName: string, properties: object = {}) => {
      const made = await makeResource(sqs, {
        stackName: 'Test',
        logicalId: QueueName,
        type: 'AWS::SQS::Queue',
        properties: { QueueName, ...properties },
        generatedName: QueueName,
      });
      return made?.ref ?? '';
    };
    dead = await make('dead');
    work = await make(name, { RedrivePolicy: { deadLetterTargetArn: DEAD, maxReceiveCount: 2 } });
    await sqs.start?.();
  }
  const send = (MessageBody: string, more: object = {}, QueueUrl = work) =>
    cloud.request('sqs', 'SendMessage', { QueueUrl, MessageBody, ...more });
  const receive = async (more: object = {}, QueueUrl = work) =>
    received.parse(
      await cloud.request('sqs', 'ReceiveMessage', { QueueUrl, AttributeNames: ['All'], ...more }),
    ).Messages;
  const counts = async (QueueUrl: string) =>
    z
      .object({ Attributes: z.record(z.string(), z.string()) })
      .transform(({ Attributes }) => [
        Attributes.ApproximateNumberOfMessages,
        Attributes.ApproximateNumberOfMessagesNotVisible,
        Attributes.ApproximateNumberOfMessagesDelayed,
      ])
      .parse(await cloud.request('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }));

  /** Sends a message that ends in the dead-letter queue. */
  const poison = async () => {
    await send('poison');
    for (let receives = 1; receives <= 3; receives++) await receive({ VisibilityTimeout: 0 });
  };
  const move = () => cloud.request('sqs', 'StartMessageMoveTask', { SourceArn: DEAD });
  const moved = (result: object) =>
    vi.waitFor(
      async () =>
        expect(await cloud.request('sqs', 'ListMessageMoveTasks', { SourceArn: DEAD })).toMatchObject({
          Results: [result],
        }),
      PATIENCE,
    );

  beforeEach(async () => {
    state = `${folder.path}/${randomUUID()}`;
    await open();
  });
  afterEach(() => cloud.close());
  afterAll(() => folder.remove());

  it('gives a message to one receiver, whole, until it is deleted', async () => {
    const MessageAttributes = { RULE_ARN: { DataType: 'String', StringValue: 'arn' } };
    await send('hello', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({
      Body: 'hello',
      MD5OfBody: createHash('md5').update('hello').digest('hex'),
      Attributes: { ApproximateReceiveCount: '1' },
      MessageAttributes,
    });
    expect(await receive()).toEqual([]);
    expect(await counts(work)).toEqual(['0', '1', '0']);
    await cloud.request('sqs', 'DeleteMessage', { QueueUrl: work, ReceiptHandle: message?.ReceiptHandle });
    expect(await counts(work)).toEqual(['0', '0', '0']);
  });

  it('knows the MD5 of attributes that AWS documents clients to check', async () => {
    const answer = await send('x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
    const bytes = Buffer.concat([
      Buffer.from([0, 0, 0, 1]),
      Buffer.from('a'),
      Buffer.from([0, 0, 0, 6]),
      Buffer.from('String'),
      Buffer.from([1]),
      Buffer.from([0, 0, 0, 1]),
      Buffer.from('b'),
    ]);
    expect(answer).toMatchObject({ MD5OfMessageAttributes: createHash('md5').update(bytes).digest('hex') });
  });

  it('keeps its messages through a restart', async () => {
    await send('kept');
    await cloud.close();
    await open();
    expect(await receive()).toMatchObject([{ Body: 'kept' }]);
  });

  it('hands a message to a waiting receiver at once', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('now');
    expect(await waiting).toMatchObject([{ Body: 'now' }]);
  });

  it('ends a wait with the service', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await cloud.close();
    expect(await waiting).toEqual([]);
    await open();
  });

  it('shows a message again when its visibility timeout ends', async () => {
    await send('again');
    await receive({ VisibilityTimeout: 1 });
    expect(await receive({ WaitTimeSeconds: 5 })).toMatchObject([
      { Attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });

  it('moves what was received too often to the dead-letter queue, and back when asked', async () => {
    await send('poison');
    await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });
    const waiting = receive({ WaitTimeSeconds: 20, VisibilityTimeout: 0 }, dead);
    expect(await receive()).toEqual([]);
    expect(await waiting).toMatchObject([
      {
        Body: 'poison',
        Attributes: {
          DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:work',
          // It goes on counting: two receives were in the other queue.
          ApproximateReceiveCount: '3',
        },
      },
    ]);
    await move();
    await moved({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
    expect(await receive()).toMatchObject([{ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('keeps a message whose queue is gone where it is', async () => {
    await poison();
    await cloud.close();
    await open('other');
    await move();
    await moved({ Status: 'FAILED', FailureReason: expect.stringContaining(':work') });
    expect(await receive({}, dead)).toMatchObject([{ Body: 'poison' }]);
  });

  it('moves what it can before a message that came from no queue, and counts it', async () => {
    await poison();
    await send('direct', {}, dead);
    await move();
    await moved({
      Status: 'FAILED',
      ApproximateNumberOfMessagesMoved: 1,
      FailureReason: expect.stringContaining('CouldNotDetermineMessageSource'),
    });
    expect(await receive()).toMatchObject([{ Body: 'poison' }]);
    expect(await receive({}, dead)).toMatchObject([{ Body: 'direct' }]);
  });

  it('moves messages once a full disk has room, without a restart', async () => {
    await poison();
    fillSoon(cloud);
    await move();
    await vi.waitFor(() =>
      expect(cloud.warnings).toEqual([
        'the messages of dead are moved on once that can be written: the disk is full',
      ]),
    );
    cloud.disk.full = false;
    await moved({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
    expect(await counts(work)).toEqual(['1', '0', '0']);
  });

  it('stops a move on a full disk too, and leaves it to the next start', async () => {
    await poison();
    fillSoon(cloud);
    await move();
    await vi.waitFor(() => expect(cloud.warnings).toHaveLength(1));
    await cloud.close();
    expect(cloud.warnings[1]).toContain('the messages of dead are moved on at the next start');
    await open();
    await moved({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
  });

  it('does not delete by a receipt handle that a later receive has made old', async () => {
    await send('kept');
    const [first] = await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });
    await cloud.request('sqs', 'DeleteMessage', { QueueUrl: work, ReceiptHandle: first?.ReceiptHandle });
    expect(await counts(work)).toEqual(['1', '0', '0']);
  });

  it('holds a delayed message back', async () => {
    await send('later', { DelaySeconds: 60 });
    expect(await receive()).toEqual([]);
    expect(await counts(work)).toEqual(['0', '0', '1']);
  });

  it('takes 1 MiB and no more', async () => {
    await send('x'.repeat(1_048_576));
    await expect(send('x'.repeat(1_048_577))).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('finds queues by name, and says which is not there', async () => {
    expect(await cloud.request('sqs', 'GetQueueUrl', { QueueName: 'work' })).toEqual({ QueueUrl: work });
    expect(await cloud.request('sqs', 'ListQueues')).toEqual({ QueueUrls: [dead, work] });
    await expect(send('x', {}, `${work}-not`)).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  });
});
