import '../../support/interleave/silence.ts';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { once } from '../../../functions/shared/once.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps({ inMemory: true });
});
afterAll(() => steps?.close());

const context = { getRemainingTimeInMillis: () => 15_000 } as Context;
const asked = (executionArn?: string) => ({ executionArn });

it('a step happens once for each of its keys, and answers what it has answered', async () => {
  const work = vi.fn(async ({ executionArn }: { executionArn?: string | undefined }) => ({ executionArn }));
  const [step, other] = [once('step', 'executionArn', work), once('other', 'executionArn', work)];
  for (let times = 0; times < 2; times += 1) {
    // Only the key counts: what else the machine tells may differ from call to call.
    const input = { ...asked('one'), state: times };
    expect(await step(input, context)).toEqual({ executionArn: 'one' });
    expect(work).toHaveBeenCalledTimes(1);
  }
  await step(asked('two'), context);
  await other(asked('one'), context);
  expect(work).toHaveBeenCalledTimes(3);
});

it('a step that threw may run again', async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error('cut off')).mockResolvedValue('done');
  const step = once('thrown', 'executionArn', work);
  await expect(step(asked('one'), context)).rejects.toThrow('cut off');
  expect(await step(asked('one'), context)).toBe('done');
});

it('a step without its key is refused', async () => {
  const work = vi.fn();
  await expect(once('keyless', 'executionArn', work)(asked(), context)).rejects.toThrow();
  expect(work).not.toHaveBeenCalled();
});

it('a step that another call is at throws what the machine tries again', async () => {
  const step = once('at-it', 'executionArn', async () => again());
  const again = (): Promise<unknown> =>
    once('at-it', 'executionArn', async () => 'twice')(asked('one'), context);
  await expect(step(asked('one'), context)).rejects.toMatchObject({
    name: 'IdempotencyAlreadyInProgressError',
  });
});

/** Works so many seconds from now. */
async function later<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
  return work().finally(() => clock.mockRestore());
}

it('a step that was cut off may run again when its function has had its time', async () => {
  let isAtIt = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    isAtIt = resolve;
  });
  const endless = once('cut-off', 'executionArn', () => {
    isAtIt();
    return new Promise<never>(() => undefined);
  });
  void endless(asked('one'), { ...context, getRemainingTimeInMillis: () => 300_000 });
  await begun;
  const again = once('cut-off', 'executionArn', async () => 'done');
  await expect(later(0, () => again(asked('one'), context))).rejects.toMatchObject({
    name: 'IdempotencyAlreadyInProgressError',
  });
  expect(await later(301, () => again(asked('one'), context))).toBe('done');
});

it('what a step has answered is kept for a day', async () => {
  const work = vi.fn(async () => 'done');
  const step = once('kept', 'executionArn', work);
  for (const [hours, calls] of [
    [0, 1],
    [23, 1],
    [25, 2],
  ] as const) {
    await later(hours * 3600, () => step(asked('one'), context));
    expect(work).toHaveBeenCalledTimes(calls);
  }
});
