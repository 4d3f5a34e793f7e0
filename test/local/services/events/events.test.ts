import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { AwsError } from '../../../../local/core/aws-error.ts';
import type { Resource, Service } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { StateNotWritten } from '../../../../local/core/not-written.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { type FakeCloud, fakeCloud, fakeService, temporaryFolder } from '../../../../local/testing.ts';
import { fillSoon } from '../../../support/local/fill-soon.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/hooks';
const ARCHIVE = 'arn:aws:events:us-east-1:000000000000:archive/all';

// A loaded machine takes its time.
const PATIENCE = { timeout: 60_000 };

const putResult = z.object({
  FailedEntryCount: z.number(),
  Entries: z.array(z.object({ EventId: z.string().optional(), ErrorCode: z.string().optional() })),
});

describe('EventBridge', () => {
  const folder = temporaryFolder();
  let cloud: FakeCloud;
  let inputs: unknown[];
  let letters: { MessageBody: string; MessageAttributes: Record<string, { StringValue: string }> }[];
  let startExecution: (input: unknown) => unknown;
  let state = '';

  const resource = (type: string, properties: Record<string, unknown>): Resource => ({
    stackName: 'Test',
    logicalId: 'It',
    type,
    properties,
    generatedName: 'Test-It-1',
  });

  const make = (service: Service, type: string, properties: Record<string, unknown>) =>
    makeResource(service, resource(type, properties));

  const target = (more: object = {}) => ({
    Id: 'machine',
    Arn: MACHINE,
    RoleArn: 'arn:aws:iam::1:role/r',
    ...more,
  });

  async function open(
    targetOptions: object = {},
    pattern: object | string = { source: ['hookline'] },
    names = ['every'],
    beforeStart: () => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    cloud = fakeCloud(state);
    cloud.add(fakeService('states', { StartExecution: (input) => startExecution(input) }));
    cloud.add(
      fakeService('sqs', { SendMessage: (input) => void letters.push(input as (typeof letters)[number]) }),
    );
    const events = cloud.add(eventsService(cloud));
    await make(events, 'AWS::Events::EventBus', { Name: 'hooks' });
    await make(events, 'AWS::Events::Archive', { ArchiveName: 'all', SourceArn: BUS, RetentionDays: 7 });
    for (const Name of names)
      await make(events, 'AWS::Events::Rule', {
        Name,
        EventBusName: 'hooks',
        EventPattern: pattern,
        Targets: [target(targetOptions)],
      });
    await beforeStart();
    await events.start?.();
  }

  const put = async (detail: object, more: object = {}) =>
    putResult.parse(
      await cloud.request('events', 'PutEvents', {
        Entries: [
          {
            Source: 'hookline',
            DetailType: 'webhook',
            Detail: JSON.stringify(detail),
            EventBusName: 'hooks',
            ...more,
          },
        ],
      }),
    );

  const queued = () => [...cloud.store.collection('events/queue').entries()].length;

  beforeEach(async () => {
    state = `${folder.path}/${randomUUID()}`;
    inputs = [];
    letters = [];
    startExecution = (input) => {
      inputs.push(JSON.parse(z.object({ input: z.string() }).parse(input).input));
      return {};
    };
    await open();
  });
  afterEach(() => cloud.close());
  afterAll(() => folder.remove());

  it('brings an event to the targets of the rules that match it', async () => {
    const { Entries } = await put({ n: 1 });
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
    expect(inputs[0]).toMatchObject({
      id: Entries[0]?.EventId,
      source: 'hookline',
      'detail-type': 'webhook',
      region: 'us-east-1',
      detail: { n: 1 },
    });
  });

  it('refuses each bad entry on its own', async () => {
    const entry = { Source: 'hookline', DetailType: 'webhook', Detail: '{}', EventBusName: 'hooks' };
    const answer = await cloud.request('events', 'PutEvents', {
      Entries: [
        entry,
        { ...entry, Detail: '[1]' },
        { ...entry, Source: undefined },
        { ...entry, Source: 'aws.ec2' },
        { ...entry, Detail: '{' },
        { ...entry, Source: 'x'.repeat(257) },
        { ...entry, DetailType: 'x'.repeat(129) },
        { ...entry, Source: 'x'.repeat(256), DetailType: 'x'.repeat(128) },
      ],
    });
    const { FailedEntryCount, Entries } = putResult.parse(answer);
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
      undefined,
    ]);
  });

  it('takes 1 MB and no more', async () => {
    const detail = (bytes: number) => ({ x: 'x'.repeat(bytes - 'hooklinewebhook{"x":""}'.length) });
    expect((await put(detail(1024 * 1024))).FailedEntryCount).toBe(0);
    await expect(put(detail(1024 * 1024 + 1))).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('keeps the numbers of a detail that JavaScript cannot hold', async () => {
    let text = '';
    startExecution = (input) => {
      text = z.object({ input: z.string() }).parse(input).input;
    };
    await put({}, { Detail: '{"n":12345678901234567890}' });
    await vi.waitFor(() => expect(text).toContain('"n":12345678901234567890'));
  });

  it('brings an event that was accepted before the end after the next start', async () => {
    startExecution = () => {
      throw new Error('not yet');
    };
    await put({ n: 2 });
    await cloud.close();
    startExecution = (input) => void inputs.push(input);
    await open();
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
  });

  it('tries again after a fault that may pass', async () => {
    let attempts = 0;
    startExecution = () => {
      attempts++;
      if (attempts < 2) throw new AwsError('ThrottlingException', 'rate exceeded', 400);
    };
    await put({});
    await vi.waitFor(() => expect(attempts).toBe(2));
    expect(letters).toEqual([]);
  });

  it('sends what the target refuses to the dead-letter queue at once, the event whole', async () => {
    await cloud.close();
    await open({ DeadLetterConfig: { Arn: DEAD } });
    startExecution = () => {
      throw new AwsError('InvalidExecutionInput', 'input is larger than 262144 bytes');
    };
    const { Entries } = await put({ n: 3 });
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    expect(JSON.parse(letters[0]?.MessageBody ?? '')).toMatchObject({
      id: Entries[0]?.EventId,
      detail: { n: 3 },
    });
    const attributes = Object.entries(letters[0]?.MessageAttributes ?? {}).map(([name, it]) => [
      name,
      it.StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/hooks/every',
      TARGET_ARN: MACHINE,
      ERROR_CODE: 'SDK_CLIENT_ERROR',
      ERROR_MESSAGE: 'InvalidExecutionInput: input is larger than 262144 bytes',
      RETRY_ATTEMPTS: '0',
    });
  });

  it('writes as escapes what JSON may hold and SQS does not take', async () => {
    await cloud.close();
    await open({ DeadLetterConfig: { Arn: DEAD } });
    startExecution = () => {
      throw new AwsError('InvalidExecutionInput', 'input is larger than 262144 bytes');
    };
    await put({ text: 'ü😀\ufffe\uffff' });
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    const [{ MessageBody } = { MessageBody: '' }] = letters;
    expect(MessageBody).toContain('{"text":"ü😀\\ufffe\\uffff"}');
    expect(JSON.parse(MessageBody)).toMatchObject({ detail: { text: 'ü😀\ufffe\uffff' } });
  });

  it('brings an event or its dead letter within seconds of there being room on a full disk', async () => {
    await cloud.close();
    await open({ DeadLetterConfig: { Arn: DEAD }, RetryPolicy: { MaximumRetryAttempts: 0 } });
    const full = (): never => {
      throw new StateNotWritten('the disk is full');
    };
    const refuse = vi.fn((): never => {
      throw new AwsError('InvalidExecutionInput', 'input is larger than 262144 bytes');
    });
    const SendMessage = vi.fn((input: unknown) => void letters.push(input as (typeof letters)[number]));
    cloud.add(fakeService('sqs', { SendMessage: SendMessage.mockImplementationOnce(full) }));
    startExecution = refuse.mockImplementationOnce(full);
    await put({ n: 1 });
    await vi.waitFor(() => expect(letters).toHaveLength(1), PATIENCE);
    expect(letters[0]?.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: 'SDK_CLIENT_ERROR' } });
    expect([refuse.mock.calls.length, SendMessage.mock.calls.length]).toEqual([2, 2]);
  });

  it('sends to the dead-letter queue what has used up its retries', async () => {
    await cloud.close();
    await open({ DeadLetterConfig: { Arn: DEAD }, RetryPolicy: { MaximumRetryAttempts: 1 } });
    startExecution = () => {
      throw new AwsError('ServiceUnavailable', 'try later', 503);
    };
    await put({});
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    expect(letters[0]?.MessageAttributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      RETRY_ATTEMPTS: { StringValue: '1' },
    });
  });

  it('hands an event to a function and does not wait for it: what fails there is Lambda’s to try again', async () => {
    await cloud.close();
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    await open({ Arn, RoleArn: undefined, DeadLetterConfig: { Arn: DEAD } });
    const calls: unknown[] = [];
    cloud.add(
      fakeService('lambda', {
        Invoke: (input) => {
          calls.push(input);
          return { StatusCode: 202, FunctionError: 'Unhandled', Payload: '{}' };
        },
      }),
    );
    await put({ n: 1 });
    await vi.waitFor(() => expect(queued()).toBe(0));
    expect(calls).toEqual([expect.objectContaining({ FunctionName: Arn, InvocationType: 'Event' })]);
    expect(letters).toEqual([]);
  });

  it('says so when an event is lost for want of a dead-letter queue', async () => {
    startExecution = () => {
      throw new AwsError('StateMachineDoesNotExist', 'no such machine');
    };
    await put({});
    await vi.waitFor(() => expect(cloud.warnings[0]).toContain('has no dead-letter queue'));
  });

  it('loses an event whose dead-letter queue is not there, and says so', async () => {
    await cloud.close();
    await open({ DeadLetterConfig: { Arn: DEAD } });
    startExecution = () => {
      throw new AwsError('StateMachineDoesNotExist', 'no such machine');
    };
    const SendMessage = () => {
      throw new AwsError('QueueDoesNotExist', 'no such queue');
    };
    cloud.add(fakeService('sqs', { SendMessage }));
    await put({});
    await vi.waitFor(() => expect(queued()).toBe(0));
    expect(cloud.warnings[0]).toMatch(/there is no queue arn:aws:sqs:\S+:dead: the event is lost/);
  });

  it('passes on what the input transformer makes', async () => {
    await cloud.close();
    await open({
      InputTransformer: {
        InputPathsMap: { n: '$.detail.n', none: '$.detail.none', replay: '$.replay-name' },
        InputTemplate:
          '{"n":<n>,"none":<none>,"replay":<replay>,"text":"n is <n>","rule":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>"}',
      },
    });
    await put({ n: 'a word' });
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
    expect(inputs[0]).toEqual({
      n: 'a word',
      none: '',
      replay: '',
      text: 'n is a word',
      rule: 'every',
      arn: 'arn:aws:events:us-east-1:000000000000:rule/hooks/every',
    });
  });

  it('escapes a text outside of quotes only, as EventBridge does', async () => {
    await cloud.close();
    await open({
      InputTransformer: {
        InputPathsMap: { n: '$.detail.n' },
        InputTemplate: '{"escaped":<n>,"name":"<n>","rule":"mine"}',
      },
    });
    const n = 'a","rule":"other","z":"';
    await put({ n });
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
    expect(inputs[0]).toEqual({ escaped: n, name: 'a', z: '', rule: 'mine' });
  });

  it('delivers nothing where an object stands in the quotes of a JSON template', async () => {
    await cloud.close();
    await open({
      InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '{"name":"<n>"}' },
    });
    await put({ n: { a: 1 } });
    await put({ n: 'a' });
    await vi.waitFor(() => expect(inputs).not.toEqual([]));
    expect(inputs).toEqual([{ name: 'a' }]);
  });

  it('writes the event in the names that EventBridge gives a transformer', async () => {
    await cloud.close();
    await open({
      InputTransformer: { InputTemplate: '{"event":<aws.events.event>,"whole":<aws.events.event.json>}' },
    });
    await put({ n: 1 });
    await vi.waitFor(() => expect(inputs).toHaveLength(1));
    const [input] = inputs;
    expect(input).toMatchObject({
      event: { detailType: 'webhook', source: 'hookline' },
      whole: { 'detail-type': 'webhook', detail: { n: 1 } },
    });
    expect(input).not.toHaveProperty(['event', 'detail']);
    expect(input).not.toHaveProperty(['event', 'detail-type']);
  });

  it('does not bring events to a rule that is switched off, not even after a restart', async () => {
    await cloud.request('events', 'DisableRule', { Name: 'every', EventBusName: 'hooks' });
    await cloud.close();
    await open();
    expect(
      await cloud.request('events', 'DescribeRule', { Name: 'every', EventBusName: 'hooks' }),
    ).toMatchObject({
      State: 'DISABLED',
    });
    await put({ n: 4 });
    await cloud.request('events', 'EnableRule', { Name: 'every', EventBusName: 'hooks' });
    await put({ n: 5 });
    await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { n: 5 } }]));
  });

  describe('archive and replay', () => {
    const replay = (name: string, more: object = {}) =>
      cloud.request('events', 'StartReplay', {
        ReplayName: name,
        EventSourceArn: ARCHIVE,
        EventStartTime: 0,
        EventEndTime: Date.now() / 1000 + 1,
        Destination: { Arn: BUS },
        ...more,
      });
    const completed = (ReplayName: string) =>
      vi.waitFor(
        async () =>
          expect(await cloud.request('events', 'DescribeReplay', { ReplayName })).toMatchObject({
            State: 'COMPLETED',
          }),
        PATIENCE,
      );

    it('counts what the archive holds', async () => {
      await put({ n: 1 });
      await put({ n: 2 });
      const archive = await cloud.request('events', 'DescribeArchive', { ArchiveName: 'all' });
      expect(archive).toMatchObject({ EventCount: 2, State: 'ENABLED', EventSourceArn: BUS });
    });

    it('brings every archived event again, with the name of the replay, and does not archive it again', async () => {
      const many = Array.from({ length: 230 }, (_, n) => n);
      for (const n of many) await put({ n });
      await vi.waitFor(() => expect(inputs).toHaveLength(230));
      inputs = [];
      expect(await replay('again')).toMatchObject({ State: 'STARTING' });
      await completed('again');
      await vi.waitFor(() => expect(inputs).toHaveLength(230));
      const seen = z
        .array(z.object({ 'replay-name': z.literal('again'), detail: z.object({ n: z.number() }) }))
        .parse(inputs);
      expect(seen.map(({ detail }) => detail.n).sort((a, b) => a - b)).toEqual(many);
      const archive = await cloud.request('events', 'DescribeArchive', { ArchiveName: 'all' });
      expect(archive).toMatchObject({ EventCount: 230 });
    });

    it('replays only the time that was asked for', async () => {
      await put({ n: 1 }, { Time: 1_000_000 });
      await put({ n: 2 }, { Time: 2_000_000 });
      await put({ n: 3 }, { Time: 3_000_000 });
      await vi.waitFor(() => expect(inputs).toHaveLength(3));
      inputs = [];
      await replay('middle', { EventStartTime: 1_500_000, EventEndTime: 2_000_000 });
      await completed('middle');
      await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { n: 2 } }]));
    });

    it('refuses a name that was used, an archive that is not there and another bus', async () => {
      await replay('one');
      await expect(replay('one')).rejects.toMatchObject({ code: 'ResourceAlreadyExistsException' });
      await expect(replay('two', { EventSourceArn: `${ARCHIVE}-not` })).rejects.toMatchObject({
        code: 'ValidationException',
      });
      await expect(
        replay('three', { Destination: { Arn: BUS.replace('hooks', 'default') } }),
      ).rejects.toMatchObject({ code: 'ValidationException' });
      await completed('one');
    });

    it('goes on once a full disk has room, without a restart', async () => {
      await put({ n: 1 });
      await vi.waitFor(() => expect(queued()).toBe(0));
      inputs = [];
      fillSoon(cloud);
      await replay('full');
      await vi.waitFor(() =>
        expect(cloud.warnings).toEqual([
          'the replay full goes on once that can be written: the disk is full',
        ]),
      );
      cloud.disk.full = false;
      await completed('full');
      await vi.waitFor(() => expect(inputs).toMatchObject([{ 'replay-name': 'full' }]));
    });

    it('stops on a full disk too, and is left to the next start', async () => {
      await put({ n: 1 });
      await vi.waitFor(() => expect(queued()).toBe(0));
      fillSoon(cloud);
      await replay('full');
      await vi.waitFor(() => expect(cloud.warnings).toHaveLength(1));
      await cloud.close();
      expect(cloud.warnings[1]).toContain('the replay full goes on at the next start');
      await open();
      await completed('full');
    });

    it('goes on after a restart', async () => {
      for (let n = 0; n < 120; n++) await put({ n });
      await vi.waitFor(() => expect(inputs).toHaveLength(120));
      inputs = [];
      await replay('cut');
      await cloud.close();
      await open();
      await completed('cut');
      await vi.waitFor(() => expect(inputs).toHaveLength(120));
    });
  });

  it('keeps the rules that the API makes', async () => {
    const EventPattern = JSON.stringify({ detail: { wanted: [true] } });
    await cloud.request('events', 'PutRule', { Name: 'mine', EventBusName: 'hooks', EventPattern });
    await cloud.request('events', 'PutTargets', { Rule: 'mine', EventBusName: 'hooks', Targets: [target()] });
    await cloud.close();
    await open({}, { source: ['nobody'] });
    await put({ wanted: false });
    await put({ wanted: true });
    await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { wanted: true } }]));
    expect(await cloud.request('events', 'ListRules', { EventBusName: 'hooks' })).toMatchObject({
      Rules: [{ Name: 'every' }, { Name: 'mine', EventPattern }],
    });
  });

  it('brings the events of services that start before it to the rules that the API has made too', async () => {
    const EventPattern = JSON.stringify({ detail: { wanted: [true] } });
    await cloud.request('events', 'PutRule', { Name: 'mine', EventBusName: 'hooks', EventPattern });
    await cloud.request('events', 'PutTargets', { Rule: 'mine', EventBusName: 'hooks', Targets: [target()] });
    await cloud.close();
    await open({}, { source: ['nobody'] }, ['every'], () => put({ wanted: true }));
    await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { wanted: true } }]));
  });

  it('takes no events for a rule that was removed, and brings those it has taken to their target, even after a restart', async () => {
    startExecution = () => {
      throw new AwsError('ServiceUnavailable', 'not yet', 503);
    };
    await put({ n: 1 });
    await cloud.close();
    startExecution = (input) => inputs.push(JSON.parse(z.object({ input: z.string() }).parse(input).input));
    await open({}, { source: ['hookline'] }, []);
    await put({ n: 2 });
    await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { n: 1 } }]));
  });

  it('takes a template’s pattern as a text too, which may hold a null', async () => {
    startExecution = (input) => inputs.push(JSON.parse(z.object({ input: z.string() }).parse(input).input));
    await open({}, '{"source":["hookline"],"detail":{"base":[null]}}');
    await put({ base: 'x' });
    await put({ base: null });
    await vi.waitFor(() => expect(inputs).toMatchObject([{ detail: { base: null } }]));
  });

  it('refuses a kind of target that it does not carry out', async () => {
    const events = eventsService(cloud);
    const rule = {
      Name: 'bad',
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'topic', Arn: 'arn:aws:sns:us-east-1:000000000000:topic' }],
    };
    await expect(make(events, 'AWS::Events::Rule', rule)).rejects.toThrow(
      'does not support the rule target arn:aws:sns',
    );
  });
});
