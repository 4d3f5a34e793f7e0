import { afterAll, describe, expect, it } from 'vitest';
import { FunctionError, invokeState, one, setUps } from '../../../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

const failing = (errorType: string) => new FunctionError({ errorType, errorMessage: 'no' });
const done = { Type: 'Pass', End: true };

describe('a retry', () => {
  it('runs the task again and shows each attempt', async () => {
    const calls: unknown[] = [];
    const state = invokeState('f', {
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxDelaySeconds: 1, JitterStrategy: 'FULL' }],
    });
    const { run, types } = await setUp(one(state), {
      f: () => (calls.push(1) < 3 ? failing('Busy') : 'done'),
    });
    const ended = await run();
    expect(ended.output).toBe('"done"');
    const attempt = ['TaskScheduled', 'TaskStarted'];
    expect(await types(ended.executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...[...attempt, 'TaskFailed'],
      ...[...attempt, 'TaskFailed'],
      ...[...attempt, 'TaskSucceeded'],
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('counts each retrier on its own and tells the context', async () => {
    const seen: unknown[] = [];
    const retry = (name: string) => ({
      ErrorEquals: [name],
      MaxAttempts: 1,
      MaxDelaySeconds: 1,
      JitterStrategy: 'FULL',
    });
    const state = invokeState('f', {
      Parameters: { FunctionName: 'f', Payload: { 'count.$': '$$.State.RetryCount' } },
      Retry: [retry('A'), retry('States.TaskFailed')],
    });
    const errors = ['A', 'B', 'A'];
    const { run } = await setUp(one(state), {
      f: (event) => failing(errors[seen.push(event) - 1] ?? 'none'),
    });
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'A' });
    expect(seen).toEqual([{ count: 0 }, { count: 1 }, { count: 2 }]);
  });
});

describe('a catcher', () => {
  const caught = (ErrorEquals: string[], more: object = {}) => ({
    StartAt: 'A',
    States: {
      A: {
        ...invokeState('f', { Catch: [{ ErrorEquals, Next: 'B', ResultPath: '$.error' }] }),
        Next: 'B',
        End: undefined,
        ...more,
      },
      B: done,
    },
  });

  it("goes on with the error beside the state's input", async () => {
    const { run, types } = await setUp(caught(['Busy']), { f: () => failing('Busy') });
    const ended = await run({ a: 1 });
    expect(JSON.parse(ended.output ?? '')).toEqual({
      a: 1,
      error: { Error: 'Busy', Cause: '{"errorType":"Busy","errorMessage":"no"}' },
    });
    expect((await types(ended.executionArn)).slice(4)).toEqual([
      'TaskFailed',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('gives an empty text for a cause that there is not', async () => {
    const { run } = await setUp(caught(['States.Timeout'], { TimeoutSeconds: 1 }), {
      f: () => new Promise(() => {}),
    });
    expect(JSON.parse((await run({})).output ?? '')).toEqual({
      error: { Error: 'States.Timeout', Cause: '' },
    });
  });

  it.each([
    ['States.ALL', 'Anything', 'SUCCEEDED'],
    ['States.TaskFailed', 'Anything', 'SUCCEEDED'],
    ['Other', 'Anything', 'FAILED'],
    ['States.ALL', 'States.Runtime', 'FAILED'],
    ['States.ALL', 'States.DataLimitExceeded', 'FAILED'],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded', 'SUCCEEDED'],
    ['States.TaskFailed', 'States.Timeout', 'FAILED'],
    ['States.Timeout', 'States.Timeout', 'SUCCEEDED'],
  ])('for %s takes %s: %s', async (name, error, status) => {
    const { run } = await setUp(caught([name]), { f: () => failing(error) });
    expect((await run()).status).toBe(status);
  });

  it.each([
    ['Parameters', { Parameters: { FunctionName: 'f', 'Payload.$': '$.none' } }],
    ['ResultSelector', { ResultSelector: { 'x.$': '$.none' } }],
    [
      'an intrinsic function',
      { Parameters: { FunctionName: 'f', 'Payload.$': "States.Format('{}', $.none)" } },
    ],
  ])('does not take a path that is missing in %s', async (_, missing) => {
    const names = ['States.ALL', 'States.ParameterPathFailure', 'States.IntrinsicFailure', 'States.Runtime'];
    for (const name of names) {
      const { run } = await setUp(caught([name], missing), { f: () => 'done' });
      expect(await run()).toMatchObject({
        status: 'FAILED',
        error: 'States.Runtime',
        cause: expect.stringMatching(/executing the state 'A' .entered at the event id #2.*'\$\.none'/),
      });
    }
  });

  it("takes a task's result that is too large for States.ALL too", async () => {
    const { run, types } = await setUp(caught(['States.ALL']), { f: () => 'é'.repeat(131_072) });
    const ended = await run();
    expect(JSON.parse(ended.output ?? '')).toMatchObject({ error: { Error: 'States.DataLimitExceeded' } });
    expect((await types(ended.executionArn)).slice(4, 6)).toEqual(['TaskFailed', 'TaskStateExited']);
  });

  it('does not take what a task is given that is too large', async () => {
    const { run } = await setUp(caught(['States.ALL']), { f: () => 'little' });
    const ended = await run('x'.repeat(262_144 - 2));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

describe('limits', () => {
  it('fails a task whose answer is over 256 KiB', async () => {
    const { run } = await setUp(one(invokeState('f')), { f: () => 'é'.repeat(131_072) });
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('fails a task that is to be given more than 256 KiB, with what its Parameters put around the input', async () => {
    const input = 'x'.repeat(262_144 - 2);
    const { run } = await setUp(one(invokeState('f')), { f: () => 'little' });
    expect(await run(input)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    const bare = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true };
    const whole = await setUp(one(bare), { f: () => 'little' });
    expect(await whole.run(input)).toMatchObject({ status: 'SUCCEEDED', output: '"little"' });
  });

  it('fails a task that takes longer than its TimeoutSeconds', async () => {
    const { run, types } = await setUp(one(invokeState('f', { TimeoutSeconds: 1 })), {
      f: () => new Promise(() => {}),
    });
    const ended = await run();
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
    expect((await types(ended.executionArn)).slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
  });

  it("ends an execution that takes longer than the machine's TimeoutSeconds", async () => {
    const wait = { Type: 'Wait', Seconds: 1000, End: true };
    const { run, types } = await setUp({ ...one(wait), TimeoutSeconds: 1 });
    const ended = await run();
    expect(ended).toMatchObject({ status: 'TIMED_OUT', error: undefined, cause: undefined });
    expect((await types(ended.executionArn)).slice(-2)).toEqual(['WaitStateAborted', 'ExecutionTimedOut']);
  });
});
