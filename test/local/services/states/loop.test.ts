import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { setUps } from '../../../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

const loop = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Next: 'B' },
    B: { Type: 'Choice', Choices: [{ Variable: '$.never', IsPresent: true, Next: 'C' }], Default: 'A' },
    C: { Type: 'Succeed' },
  },
};
const map = {
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      End: true,
    },
    Caught: { Type: 'Pass', End: true },
  },
};
const full = {
  status: 'FAILED',
  error: 'States.Runtime',
  cause: 'the execution reached the maximum number of history events (25000)',
};

describe('a machine that never waits', () => {
  it('lets the process do its other work, and can be stopped', async () => {
    const { cloud, start, describe } = await setUp(loop);
    const executionArn = await start();
    await turn();
    expect((await describe(executionArn)).status).toBe('RUNNING');
    await cloud.request('states', 'StopExecution', { executionArn });
    expect((await describe(executionArn)).status).toBe('ABORTED');
  });

  it('fails at the 25,000th event of its history, and cannot be redriven', async () => {
    const { cloud, start, ended, history } = await setUp(loop);
    const executionArn = await start();
    expect(await ended(executionArn)).toMatchObject({
      ...full,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution history event limit exceeded',
    });
    const [last] = await history(executionArn, { reverseOrder: true, maxResults: 1 });
    expect(last).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
    await expect(cloud.request('states', 'RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });

  it.each([0, 1])('fails so in a Map too, whatever it catches: MaxConcurrency %s', async (MaxConcurrency) => {
    const M = { ...map.States.M, MaxConcurrency };
    const { start, ended } = await setUp({ ...map, States: { ...map.States, M } });
    expect(await ended(await start(Array.from({ length: 10_000 }, () => 1)))).toMatchObject(full);
  });
});
