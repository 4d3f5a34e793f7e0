import { afterAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { fakeService, make } from '../../../../local/testing.ts';
import { invokeState, one, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const fails = one({ Type: 'Fail', Error: 'Own', Cause: 'because' });

describe('the default bus is told', () => {
  it.each([
    ['SUCCEEDED', one({ Type: 'Succeed' }), { output: '{"a":1}', error: null }],
    ['FAILED', fails, { output: null, error: 'Own', cause: 'because' }],
    [
      'TIMED_OUT',
      { TimeoutSeconds: 1, ...one({ Type: 'Wait', Seconds: 60, End: true }) },
      { error: null, cause: null },
    ],
  ])('of an execution that is %s', async (status, definition, more) => {
    const { run, told } = await setUp(definition);
    const { executionArn } = await run({ a: 1 });
    await expect.poll(() => told).toHaveLength(1);
    const { Entries } = told[0] as { Entries: { Detail: string }[] };
    expect(Entries).toMatchObject([
      {
        Source: 'aws.states',
        DetailType: 'Step Functions Execution Status Change',
        Resources: [executionArn],
      },
    ]);
    expect(JSON.parse(Entries[0]?.Detail ?? '')).toMatchObject({
      executionArn,
      stateMachineArn: expect.stringMatching(/:stateMachine:m$/),
      status,
      input: '{"a":1}',
      stopDate: expect.any(Number),
      ...more,
    });
  });

  it('of one that was stopped', async () => {
    const { cloud, start, told } = await setUp(one({ Type: 'Wait', Seconds: 60, End: true }));
    const executionArn = await start();
    await cloud.request('states', 'StopExecution', { executionArn, error: 'Stopped' });
    expect(JSON.stringify(told)).toContain('ABORTED');
  });

  it('at the next start of what could not be told', async () => {
    const path = folder();
    const first = await setUp(fails, {}, {}, path);
    first.cloud.add(
      fakeService('events', {
        PutEvents: () => {
          throw new AwsError('InternalException', 'the disk is full', 500);
        },
      }),
    );
    const { executionArn } = await first.run();
    await expect.poll(() => first.cloud.warnings.join()).toContain('is told of the end');
    await first.cloud.close();
    const second = await setUp(fails, {}, {}, path);
    expect(JSON.stringify(second.told)).toContain(executionArn);
  });

  it('so that a rule of the default bus takes the event, which nobody else can put there', async () => {
    const { cloud, run } = await setUp(fails);
    const got: unknown[] = [];
    cloud.add(fakeService('sqs', { SendMessage: (input) => void got.push(input) }));
    const events = cloud.add(eventsService(cloud));
    await make(events, 'AWS::Events::Rule', {
      EventPattern: { source: ['aws.states'], detail: { status: ['FAILED'] } },
      Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }],
    });
    await events.start?.();
    const { executionArn } = await run();
    await expect.poll(() => JSON.stringify(got)).toContain(executionArn);
    const entry = { Source: 'aws.states', DetailType: 't', Detail: '{}' };
    expect(await cloud.request('events', 'PutEvents', { Entries: [entry] })).toMatchObject({
      Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }],
    });
  });
});

it("counts a function's time from its turn, however many wait in line", async () => {
  // As the pool of the runtime's Lambda: two at once, the others in line.
  let busy = 0;
  const line: (() => void)[] = [];
  const work = async () => {
    busy += 1;
    if (busy > 2) await new Promise<void>((resolve) => line.push(resolve));
    await new Promise((resolve) => setTimeout(resolve, 300));
    busy -= 1;
    line.shift()?.();
    return {};
  };
  const { start, ended } = await setUp(one(invokeState('f', { TimeoutSeconds: 1 })), { f: work });
  const all = await Promise.all(Array.from({ length: 16 }, () => start()));
  const statuses = await Promise.all(all.map(async (arn) => (await ended(arn)).status));
  expect(new Set(statuses)).toEqual(new Set(['SUCCEEDED']));
});
