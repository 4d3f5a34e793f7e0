import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { AwsError } from '../../../../local/core/aws-error.ts';
import type { Service } from '../../../../local/core/cloud.ts';
import { StateNotWritten } from '../../../../local/core/not-written.ts';
import { type EventQueue, eventQueue } from '../../../../local/services/lambda/asynchronous.ts';
import type { LambdaFunction } from '../../../../local/services/lambda/function.ts';
import { lambdaService } from '../../../../local/services/lambda/index.ts';
import { logsService } from '../../../../local/services/logs/index.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import {
  type FakeCloud,
  fakeCloud,
  fakeService,
  make,
  serve,
  temporaryFolder,
} from '../../../../local/testing.ts';

const received = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() });

const folder = temporaryFolder();
let cloud: FakeCloud;
let state = '';

beforeEach(() => {
  state = `${folder.path}/${randomUUID()}`;
  cloud = fakeCloud(state);
});
afterEach(() => cloud.close());
afterAll(() => folder.remove());

describe('an asynchronous invocation', () => {
  let queue: EventQueue;
  let requests: string[] = [];
  let failures = 0;
  let isStopping = false;
  const queues = new Map<string, string>();
  const failure = { errorType: 'Error', errorMessage: 'sorry' };

  function open(fn: Partial<LambdaFunction> = {}): void {
    queue = eventQueue({
      cloud,
      waits: [10, 20],
      stopping: () => isStopping,
      queues,
      find: (reference) => {
        if (reference === 'none')
          throw new AwsError('ResourceNotFoundException', 'there is no function none');
        return { ...fn, name: reference } as LambdaFunction;
      },
      run: async (_fn, { requestId }) => {
        requests.push(requestId);
        failures -= 1;
        return failures >= 0 ? { failure, memory: 1 } : { payload: '{}', memory: 1 };
      },
    });
    queue.start();
  }
  const waiting = () => [...cloud.store.collection('lambda/events').entries()].length;

  beforeEach(() => {
    requests = [];
    failures = 0;
    isStopping = false;
    queues.clear();
    open();
  });
  afterEach(() => queue.stop());

  it('of a function that fails is tried twice more, with the same id', async () => {
    failures = 2;
    await queue.add({ reference: 'f', payload: '{}' });
    await vi.waitFor(() => expect(waiting()).toBe(0));
    expect(requests).toHaveLength(3);
    expect(new Set(requests).size).toBe(1);
    expect(cloud.warnings).toEqual([]);
  });

  it('of a function that fails three times is lost, and the terminal hears of it', async () => {
    failures = 100;
    await queue.add({ reference: 'f', payload: '{}' });
    await vi.waitFor(() => expect(waiting()).toBe(0));
    expect(requests).toHaveLength(3);
    expect(cloud.warnings).toEqual([expect.stringMatching(/^f did not take an event.*Error: sorry.*lost$/)]);
  });

  describe('of a function with a queue for what it fails to do', () => {
    const event = { detail: { executionArn: 'a', text: 'ä"\n' } };
    const role = 'arn:aws:iam::000000000000:role/f';
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const records = async () => {
      const { Messages = [] } = received.parse(
        await cloud.request('sqs', 'ReceiveMessage', { QueueUrl: `${cloud.endpoint}/000000000000/failed` }),
      );
      return Messages.map(({ Body }): unknown => JSON.parse(Body));
    };

    beforeEach(async () => {
      await make(cloud.add(sqsService(cloud)), 'AWS::SQS::Queue', { QueueName: 'failed' });
      queues.set('f', 'arn:aws:sqs:us-east-1:000000000000:failed');
      await queue.stop();
    });

    it('goes there once there is room, where a full disk did not take it', async () => {
      let full = true;
      const sent: unknown[] = [];
      const SendMessage = (input: unknown) => {
        if (!full) return void sent.push(input);
        full = false;
        throw new StateNotWritten('the disk is full');
      };
      cloud.add(fakeService('sqs', { SendMessage }));
      open({ arn, role });
      failures = 100;
      await queue.add({ reference: 'f', payload: JSON.stringify(event) });
      await vi.waitFor(() => expect(waiting()).toBe(0), { timeout: 60_000 });
      expect(sent).toHaveLength(1);
    });

    it('goes there when it has failed for good, whole, and can be sent again', async () => {
      open({ arn, role });
      failures = 3;
      await queue.add({ reference: 'f', payload: JSON.stringify(event) });
      await vi.waitFor(() => expect(waiting()).toBe(0));
      expect(await records()).toEqual([
        {
          version: '1.0',
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          requestContext: {
            requestId: requests[0],
            functionArn: `${arn}:$LATEST`,
            condition: 'RetriesExhausted',
            approximateInvokeCount: 3,
          },
          requestPayload: event,
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: failure,
        },
      ]);
      expect(cloud.warnings).toEqual([
        expect.stringMatching(/Error: sorry.* the event is in arn:\S+:failed$/),
      ]);
    });

    it('goes there at once when it may not run at all', async () => {
      open({ arn, role, concurrency: 0 });
      await queue.add({ reference: 'f', payload: JSON.stringify(event) });
      await vi.waitFor(() => expect(waiting()).toBe(0));
      expect(await records()).toMatchObject([{ requestPayload: event }]);
      expect(requests).toEqual([]);
    });

    it('stays out of it when it does well at last', async () => {
      open({ arn, role });
      failures = 2;
      await queue.add({ reference: 'f', payload: '{}' });
      await vi.waitFor(() => expect(waiting()).toBe(0));
      expect(await records()).toEqual([]);
    });

    it('is lost when the queue does not take it, and the terminal hears of it', async () => {
      open({ arn, role });
      queues.set('f', 'arn:aws:sqs:us-east-1:000000000000:gone');
      failures = 3;
      await queue.add({ reference: 'f', payload: '{}' });
      await vi.waitFor(() => expect(waiting()).toBe(0));
      expect(cloud.warnings).toEqual([
        expect.stringMatching(/gone does not take it either .*the event is lost$/),
      ]);
    });
  });

  it('of a function that is gone, or may not run at all, is lost at once', async () => {
    await queue.add({ reference: 'none', payload: '{}' });
    await vi.waitFor(() => expect(waiting()).toBe(0));
    await queue.stop();
    open({ concurrency: 0 });
    await queue.add({ reference: 'f', payload: '{}' });
    await vi.waitFor(() => expect(waiting()).toBe(0));
    expect(requests).toEqual([]);
    expect(cloud.warnings).toHaveLength(2);
  });

  it('that the end of the process interrupts is made by the next start, and is no failure of the function', async () => {
    isStopping = true;
    failures = 1;
    await queue.add({ reference: 'f', payload: '{}' });
    await queue.stop();
    expect(waiting()).toBe(1);
    isStopping = false;
    open();
    await vi.waitFor(() => expect(waiting()).toBe(0));
    expect(requests).toHaveLength(2);
  });

  it('that has gone well is not made again, also at the end of the process', async () => {
    isStopping = true;
    await queue.add({ reference: 'f', payload: '{}' });
    await queue.stop();
    expect(waiting()).toBe(0);
  });
});

describe('Invoke with the type Event', () => {
  const source = 'import { writeFileSync } from "node:fs"; export const handler = async (event) =>';

  async function withFunction(): Promise<Service> {
    const code = `${state}-code`;
    mkdirSync(code);
    writeFileSync(`${code}/index.mjs`, `${source} writeFileSync(event.path, JSON.stringify(event));`);
    await cloud.close();
    cloud = fakeCloud(state, { 'code.zip': { path: code, packaging: 'zip' } });
    cloud.add(logsService(cloud));
    const lambda = cloud.add(lambdaService(cloud));
    await make(lambda, 'AWS::Lambda::Function', {
      FunctionName: 'f',
      Code: { S3Key: 'code.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/f',
    });
    await lambda.start?.();
    return lambda;
  }
  const invoke = (payload: object) =>
    cloud.request('lambda', 'Invoke', {
      FunctionName: 'f',
      InvocationType: 'Event',
      Payload: JSON.stringify(payload),
    });

  it('answers 202 when the event is on disk, and the function runs', async () => {
    await withFunction();
    const path = `${state}-ran`;
    expect(await invoke({ path })).toEqual({ StatusCode: 202, Payload: '' });
    await vi.waitFor(() => expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ path }));
  });

  it('answers a client of the SDK with the status and no payload', async () => {
    const served = await serve([await withFunction()]);
    const client = new LambdaClient(served.client);
    const Payload = JSON.stringify({ path: '/dev/null' });
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload }),
    );
    expect(answer.StatusCode).toBe(202);
    expect(answer.Payload?.length ?? 0).toBe(0);
    client.destroy();
    await served.close();
  });

  it('takes 1 MB and no more', async () => {
    await withFunction();
    const sized = (size: number) => invoke({ path: '/dev/null', more: 'x'.repeat(size - 30) });
    await sized(1024 * 1024);
    await expect(sized(1024 * 1024 + 1)).rejects.toMatchObject({ code: 'RequestTooLargeException' });
  });
});

describe('AWS::Lambda::EventInvokeConfig', () => {
  const role = 'arn:aws:iam::000000000000:role/f';
  const queue = 'arn:aws:sqs:us-east-1:000000000000:failed';
  const config = {
    FunctionName: 'f',
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination: queue } },
  };

  async function withFunction(): Promise<Service> {
    const lambda = cloud.add(lambdaService(cloud));
    cloud.policies.trust(role, []);
    await make(lambda, 'AWS::Lambda::Function', {
      FunctionName: 'f',
      Code: { ZipFile: 'exports.handler = async () => {}' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: role,
    });
    return lambda;
  }
  const allow = (action: string) =>
    cloud.policies.identity('own', [role], [{ Effect: 'Allow', Action: [action], Resource: [queue] }]);

  it('is refused for a role that may not send to the queue, as by Lambda', async () => {
    const lambda = await withFunction();
    allow('sqs:ReceiveMessage');
    const making = (async () => make(lambda, 'AWS::Lambda::EventInvokeConfig', config))();
    await expect(making).rejects.toThrow(
      /function f does not have permissions to call SendMessage on \S+:failed/,
    );
    allow('sqs:SendMessage');
    await make(lambda, 'AWS::Lambda::EventInvokeConfig', config);
  });

  it.each([
    { MaximumRetryAttempts: 1 },
    { DestinationConfig: { OnSuccess: { Destination: queue } } },
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:topic' } } },
    { DestinationConfig: { OnFailure: { Destination: `${queue}.fifo` } } },
    { Qualifier: 'live' },
  ])('has nothing else: %j', async (other) => {
    const lambda = await withFunction();
    allow('sqs:SendMessage');
    await expect(
      (async () => make(lambda, 'AWS::Lambda::EventInvokeConfig', { ...config, ...other }))(),
    ).rejects.toThrow(/MaximumRetryAttempts|OnSuccess|standard queue|Qualifier/);
  });
});
