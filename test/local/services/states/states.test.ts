import { afterAll, describe, expect, it, vi } from 'vitest';
import { FunctionError, invokeState, MACHINE, one, setUps } from '../../../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

describe('an execution', () => {
  it("succeeds with the function's answer and writes its history", async () => {
    const { run, history } = await setUp(one(invokeState('f')), { f: (event) => ({ got: event }) });
    const ended = await run({ a: 1 });
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"got":{"a":1}}',
      redriveStatus: 'NOT_REDRIVABLE',
    });
    const events = await history(ended.executionArn);
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSucceeded'],
      [6, 5, 'TaskStateExited'],
      [7, 6, 'ExecutionSucceeded'],
    ]);
    expect(events[2]?.taskScheduledEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'us-east-1',
      parameters: '{"FunctionName":"f","Payload":{"a":1}}',
    });
  });

  it('hands a function an object where the Payload is null', async () => {
    const { run } = await setUp(one(invokeState('f', { Parameters: { FunctionName: 'f', Payload: null } })), {
      f: (event) => ({ got: event }),
    });
    expect((await run()).output).toBe('{"got":{}}');
  });

  it("calls as the machine's role", async () => {
    const { run } = await setUp(one(invokeState('f')), { f: (_, call) => call.principal.arn });
    expect((await run()).output).toBe('"arn:aws:iam::000000000000:role/machine"');
  });

  it("fails with the function's own error", async () => {
    const failure = { errorType: 'Rejected', errorMessage: 'the signature is wrong' };
    const { run, types } = await setUp(one(invokeState('f')), { f: () => new FunctionError(failure) });
    const ended = await run();
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: 'Rejected',
      cause: JSON.stringify(failure),
      redriveStatus: 'REDRIVABLE',
    });
    expect((await types(ended.executionArn)).slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
  });

  it('names the error of the service', async () => {
    const { run } = await setUp(one(invokeState('none')));
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'Lambda.ResourceNotFoundException' });
  });
});

describe('starting', () => {
  const waiting = one({ Type: 'Wait', Seconds: 1000, End: true });

  it('is idempotent for the same name and input of a running execution', async () => {
    const { start } = await setUp(waiting);
    const [first, second] = await Promise.all([start({ a: 1 }, 'n'), start({ a: 1 }, 'n')]);
    expect(second).toBe(first);
    await expect(start({ a: 2 }, 'n')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('refuses the name of an ended execution', async () => {
    const { start, ended } = await setUp(one({ Type: 'Succeed' }));
    await ended(await start({}, 'n'));
    await expect(start({}, 'n')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('takes 256 KiB and no more', async () => {
    const { start } = await setUp(waiting);
    await start('x'.repeat(262_142));
    await expect(start('x'.repeat(262_143))).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it.each([
    ['InvalidName', { name: 'a b' }],
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidExecutionInput', { input: `${'['.repeat(130_000)}${']'.repeat(130_000)}` }],
    ['StateMachineDoesNotExist', { stateMachineArn: `${MACHINE}2` }],
    ['InvalidArn', { stateMachineArn: 'nonsense' }],
  ])('answers %s, and begins nothing', async (code, input) => {
    const { cloud } = await setUp(waiting);
    await expect(
      cloud.request('states', 'StartExecution', { stateMachineArn: MACHINE, ...input }),
    ).rejects.toMatchObject({ code });
    expect([...cloud.store.collection('states/executions').entries()]).toEqual([]);
  });
});

describe('stopping', () => {
  it('aborts what the execution waits for, once', async () => {
    const { cloud, start, types, describe } = await setUp(one({ Type: 'Wait', Seconds: 1000, End: true }));
    const executionArn = await start();
    await vi.waitFor(async () => expect(await types(executionArn)).toContain('WaitStateEntered'));
    const stop = { executionArn, error: 'Enough', cause: 'said so' };
    const answer = await cloud.request('states', 'StopExecution', stop);
    expect(await describe(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'said so',
    });
    expect(await types(executionArn)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateAborted',
      'ExecutionAborted',
    ]);
    expect(await cloud.request('states', 'StopExecution', stop)).toEqual(answer);
  });
});
