import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { makeResource } from '../../../../local/core/gate.ts';
import { pipesService } from '../../../../local/services/pipes/index.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import {
  type FakeCloud,
  fakeCloud,
  fakeService,
  permit,
  temporaryFolder,
} from '../../../../local/testing.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
const ENRICHMENT = 'arn:aws:lambda:us-east-1:000000000000:function:enrich';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:overflow';

const invocation = z.object({ FunctionName: z.literal(ENRICHMENT), Payload: z.string() });
const execution = z.object({ stateMachineArn: z.literal(MACHINE), input: z.string() });

describe('a pipe', () => {
  const folder = temporaryFolder();
  let cloud: FakeCloud;
  let inputs: unknown[];
  let records: unknown[];
  let enrich: (event: unknown) => { Payload: string; FunctionError?: string };

  async function open(sourceParameters: object = {}, VisibilityTimeout = 30): Promise<void> {
    cloud = fakeCloud(`${folder.path}/${randomUUID()}`);
    permit(cloud, 'arn:aws:iam::000000000000:role/pipe');
    cloud.add(
      fakeService('states', {
        StartExecution: (input) => void inputs.push(JSON.parse(execution.parse(input).input)),
      }),
    );
    cloud.add(
      fakeService('lambda', {
        Invoke: (input) => {
          const event: unknown = JSON.parse(invocation.parse(input).Payload);
          records.push(event);
          return { StatusCode: 200, ...enrich(event) };
        },
      }),
    );
    const sqs = cloud.add(sqsService(cloud));
    const pipes = cloud.add(pipesService(cloud));
    const make = (service: typeof sqs, type: string, properties: Record<string, unknown>) =>
      makeResource(service, { stackName: 'T', logicalId: 'L', type, properties, generatedName: 'T-L-1' });
    await make(sqs, 'AWS::SQS::Queue', { QueueName: 'dead' });
    await make(sqs, 'AWS::SQS::Queue', {
      QueueName: 'overflow',
      VisibilityTimeout,
      RedrivePolicy: { deadLetterTargetArn: QUEUE.replace('overflow', 'dead'), maxReceiveCount: 3 },
    });
    await make(pipes, 'AWS::Pipes::Pipe', {
      Name: 'overflow',
      Source: QUEUE,
      SourceParameters: { SqsQueueParameters: { BatchSize: 1 }, ...sourceParameters },
      Enrichment: ENRICHMENT,
      Target: MACHINE,
      TargetParameters: { StepFunctionStateMachineParameters: { InvocationType: 'FIRE_AND_FORGET' } },
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
    });
    await sqs.start?.();
    await pipes.start?.();
  }

  const send = (MessageBody: string) =>
    cloud.request('sqs', 'SendMessage', {
      QueueUrl: 'overflow',
      MessageBody,
      MessageAttributes: { RULE_ARN: { DataType: 'String', StringValue: 'the rule' } },
    });
  const held = async (QueueUrl: string) => {
    const answer = await cloud.request('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const { Attributes } = z.object({ Attributes: z.record(z.string(), z.string()) }).parse(answer);
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
  };
  const empty = () => vi.waitFor(async () => expect(await held('overflow')).toBe(0));

  beforeEach(async () => {
    inputs = [];
    records = [];
    enrich = () => ({ Payload: '[{"small":true}]' });
    await open();
  });
  afterEach(() => cloud.close());
  afterAll(() => folder.remove());

  it('sends what the enrichment makes of a message to the machine, as an array, and deletes the message', async () => {
    await send('{"large":true}');
    await vi.waitFor(() => expect(inputs).toEqual([[{ small: true }]]));
    expect(records).toMatchObject([
      [
        {
          body: '{"large":true}',
          attributes: { ApproximateReceiveCount: '1' },
          messageAttributes: { RULE_ARN: { stringValue: 'the rule', dataType: 'String' } },
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE,
          awsRegion: 'us-east-1',
        },
      ],
    ]);
    await empty();
  });

  it.each(['[]', '{}', '""', 'null', ''])('sends nothing for the empty answer %s', async (Payload) => {
    enrich = () => ({ Payload });
    await send('x');
    await vi.waitFor(() => expect(records).toHaveLength(1));
    await empty();
    expect(inputs).toEqual([]);
  });

  it('leaves a message that fails to its dead-letter queue, and says so once', async () => {
    await cloud.close();
    await open({}, 1);
    enrich = () => ({ Payload: '{"errorMessage":"no"}', FunctionError: 'Unhandled' });
    await send('poison');
    await vi.waitFor(async () => expect(await held('dead')).toBe(1));
    expect(records).toHaveLength(3);
    expect(cloud.warnings).toEqual([expect.stringContaining('failed: {"errorMessage":"no"}')]);
  });

  it('drops what its filter does not take', async () => {
    await cloud.close();
    const Pattern = JSON.stringify({ body: { kind: ['wanted'] } });
    await open({ FilterCriteria: { Filters: [{ Pattern }] } });
    await send('{"kind":"other"}');
    await send('not json');
    await send('{"kind":"wanted"}');
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
    await empty();
    expect(records).toMatchObject([[{ body: '{"kind":"wanted"}' }]]);
  });

  it('describes itself', async () => {
    expect(await cloud.request('pipes', 'DescribePipe', { Name: 'overflow' })).toMatchObject({
      CurrentState: 'RUNNING',
      Source: QUEUE,
      Target: MACHINE,
    });
    expect(await cloud.request('pipes', 'ListPipes')).toMatchObject({ Pipes: [{ Name: 'overflow' }] });
    await expect(cloud.request('pipes', 'DescribePipe', { Name: 'not' })).rejects.toMatchObject({
      status: 404,
    });
  });
});
