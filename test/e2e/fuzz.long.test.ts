import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { outcomes } from '../../statemachine/outcomes.ts';
import { DOORS } from '../support/fuzz/doors.ts';
import { fuzz, pushSome } from '../support/fuzz/fuzz.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';

const RUNS = 150;

let hookline: Hookline;
beforeAll(async () => {
  hookline = await startHookline();
  await pushSome(hookline);
});
afterAll(async () => {
  await hookline?.remove();
});

it.each(Object.keys(DOORS))(
  'no request of a stranger crashes the door %s',
  async (door) => {
    const seed = Date.now() % 2 ** 31;
    console.info(`door ${door}, seed ${seed}`);
    await fuzz(hookline, door, { seed, runs: RUNS });
  },
  300_000,
);

const listSchema = z.object({
  executions: z.array(z.looseObject({ executionArn: z.string(), status: z.string() })),
});

it('and every delivery that the door took comes to an outcome', async () => {
  const { runtime, outputs } = hookline;
  const input = { stateMachineArn: outputs.stateMachineArn };
  for (;;) {
    const { executions } = listSchema.parse(await runtime.call('states', 'ListExecutions', input));
    if (executions.every(({ status }) => status !== 'RUNNING')) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const known: readonly string[] = Object.values(outcomes);
  // Every input names its rule.
  const ended = await hookline.ended('"rule"');
  // A request to the console may have stopped one, whose last state is none of the outcomes.
  expect(ended.filter(({ outcome, error }) => !known.includes(outcome) && error !== 'Stopped')).toEqual([]);
}, 300_000);
