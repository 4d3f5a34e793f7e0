import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { FunctionError, invokeState, MACHINE, machine, ROLE, setUps } from '../../../support/local/states.ts';

const { setUp, folder, remove } = setUps();
afterAll(remove);

const two = {
  StartAt: 'First',
  States: {
    First: { ...invokeState('first'), End: undefined, Next: 'Second' },
    Second: invokeState('second'),
  },
};

describe('a restart', () => {
  it('goes on in the middle after kill -9', async () => {
    const path = folder();
    const script = fileURLToPath(new URL('../../../support/local/states-killed.ts', import.meta.url));
    const args = ['--import', 'tsx', script, path, JSON.stringify(two), ROLE, MACHINE];
    await expect(promisify(execFile)(process.execPath, args)).rejects.toMatchObject({ signal: 'SIGKILL' });
    const first = vi.fn();
    const { ended } = await setUp(two, { first, second: (event) => event }, {}, path);
    const arn = `${MACHINE.replace('stateMachine', 'execution')}:killed`;
    expect((await ended(arn)).output).toBe('{"from":"first"}');
    expect(first).not.toHaveBeenCalled();
  });

  it('goes on with the state that was in flight and its input', async () => {
    const path = folder();
    const first = vi.fn(() => ({ from: 'first' }));
    const before = await machine(path, two, { first, second: () => new Promise(() => {}) });
    const arn = await before.start({ a: 1 });
    await vi.waitFor(async () =>
      expect((await before.types(arn)).filter((t) => t === 'TaskScheduled')).toHaveLength(2),
    );
    await before.cloud.close();

    const second = vi.fn(() => 'done');
    const after = await setUp(two, { first, second }, {}, path);
    expect(await after.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).toHaveBeenCalledWith({ from: 'first' }, expect.anything());
    const events = await after.history(arn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ type }) => type === 'TaskStateEntered')).toHaveLength(2);
  });

  it('keeps the attempts that retries have used', async () => {
    const path = folder();
    const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1000, MaxAttempts: 1 }];
    const definition = { StartAt: 'A', States: { A: invokeState('f', { Retry: retry }) } };
    const f = vi.fn(() => new FunctionError({ errorType: 'Busy' }));
    const before = await machine(path, definition, { f });
    const arn = await before.start();
    await vi.waitFor(async () => expect(await before.types(arn)).toContain('TaskFailed'));
    await before.cloud.close();
    const after = await setUp(definition, { f }, {}, path);
    expect(await after.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(f).toHaveBeenCalledTimes(2);
  });

  it('ends a running execution by the definition it began with', async () => {
    const path = folder();
    const before = await machine(path, two, { first: () => 1, second: () => new Promise(() => {}) });
    const arn = await before.start();
    await vi.waitFor(async () => expect(await before.types(arn)).toContain('TaskSucceeded'));
    await before.cloud.close();
    const after = await setUp(
      { StartAt: 'Other', States: { Other: { Type: 'Succeed' } } },
      { second: () => 'old' },
      {},
      path,
    );
    expect((await after.ended(arn)).output).toBe('"old"');
    expect((await after.run({})).output).toBe('{}');
    expect(
      await after.cloud.request('states', 'DescribeStateMachineForExecution', { executionArn: arn }),
    ).toMatchObject({ definition: JSON.stringify(two) });
  });
});

describe('a redrive', () => {
  it('goes on at the failed state with its input', async () => {
    const first = vi.fn(() => ({ from: 'first' }));
    let broken = true;
    const { cloud, run, ended, types } = await setUp(two, {
      first,
      second: (event) => (broken ? new FunctionError({ errorType: 'Broken' }) : event),
    });
    const { executionArn } = await run();
    broken = false;
    const redrive = () => cloud.request('states', 'RedriveExecution', { executionArn, clientToken: 't' });
    const answer = await redrive();
    expect(await ended(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"from":"first"}',
      redriveCount: 1,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    expect(await ended(executionArn)).not.toHaveProperty('error', expect.anything());
    expect(await redrive()).toEqual(answer);
    expect(first).toHaveBeenCalledTimes(1);
    expect((await types(executionArn)).slice(-7)).toEqual([
      'ExecutionFailed',
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await expect(cloud.request('states', 'RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });

  it('is refused more than 14 days after the end', async () => {
    const broken = { first: () => new FunctionError({ errorType: 'Broken' }) };
    const { cloud, run, describe: described } = await setUp(two, broken);
    const { executionArn, stopDate = 0 } = await run();
    const days = 14 * 86_400;
    vi.useFakeTimers({ toFake: ['Date'], now: (stopDate + days - 60) * 1000 });
    expect(await described(executionArn)).toMatchObject({ redriveStatus: 'REDRIVABLE' });
    vi.setSystemTime((stopDate + days + 60) * 1000);
    const redriveStatusReason = 'Execution redrivable period exceeded';
    expect(await described(executionArn)).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason,
    });
    await expect(cloud.request('states', 'RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: `${redriveStatusReason}: '${executionArn}'`,
    });
    vi.useRealTimers();
  });
});
