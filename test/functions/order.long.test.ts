import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { retire } from '../../functions/retire/retire.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { publish } from '../support/functions/publish.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps?.close());

const sha = (n: number): string => n.toString(16).padStart(40, '0');
let refs = 0;

/** Deliveries of one ref, each looked up at its turn and published in a group with others, in any order. */
const schedule = fc
  .array(
    fc.record({
      // what the host has at the ref when this delivery looks; 0 is nothing
      tip: fc.nat({ max: 4 }),
      // the delivered commit is an older one
      late: fc.boolean(),
      group: fc.nat({ max: 3 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .chain((deliveries) =>
    fc.tuple(
      fc.constant(deliveries),
      fc.shuffledSubarray(
        deliveries.map((_, index) => index),
        { minLength: deliveries.length },
      ),
    ),
  );

async function lookUp(ref: string, { tip, late }: { tip: number; late: boolean }): Promise<Pulled> {
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  if (tip === 0) return pulledState(ref, { outcome: 'gone', token, commit: sha(9) });
  const delivered = late ? sha(tip + 8) : sha(tip);
  const artifact = await steps.putArtifact(delivered);
  const newest = await steps.putArtifact(sha(tip));
  return pulledState(ref, { token, commit: delivered, tip: sha(tip), tipKey: newest.key, ...artifact });
}

/** Runs the groups one after the other, and what is in one at the same time. */
async function inGroups<T>(
  items: readonly T[],
  groupOf: (item: T) => number,
  run: (item: T) => Promise<unknown>,
) {
  for (const group of [0, 1, 2, 3])
    await Promise.all(items.filter((item) => groupOf(item) === group).map(run));
}

describe('pulls that overtake each other', () => {
  it('leave the pointer at what the host had when the last of them looked (I4)', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ([deliveries, order]) => {
        const ref = `refs/heads/pointer-${++refs}`;
        const states: Pulled[] = [];
        for (const delivery of deliveries) states.push(await lookUp(ref, delivery));
        const shuffled = order.map((index) => ({
          state: states[index],
          group: deliveries[index]?.group ?? 0,
        }));
        await inGroups(
          shuffled,
          ({ group }) => group,
          async ({ state }) => state && publish({ state }),
        );
        const last = states.at(-1);
        if (last) expect(await steps.pointerCommit(last)).toBe(last.pull.tip);
      }),
      { numRuns: 30 },
    );
  });

  it('start no pipeline on an older commit after a newer one (I5)', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ([deliveries, order]) => {
        const ref = `refs/heads/pipeline-${++refs}`;
        const states: Pulled[] = [];
        for (const [index, delivery] of deliveries.entries())
          states.push(await lookUp(ref, { ...delivery, tip: index + 1, late: false }));
        steps.started.length = 0;
        const shuffled = order.map((index) => ({
          state: states[index],
          index,
          group: deliveries[index]?.group ?? 0,
        }));
        await inGroups(
          shuffled,
          ({ group }) => group,
          async ({ state, index }) => state && started(`execution-${ref}-${index}`, state),
        );
        const commits = steps.started.map((key) => Number.parseInt(key.slice(8, 48), 16));
        expect(commits).toEqual([...commits].sort((a, b) => a - b));
        expect(commits.at(-1)).toBe(deliveries.length);
      }),
      { numRuns: 30 },
    );
  });
});

it('rules that take the same commit do not supersede each other, whichever looked later; a ref that moves on does', async () => {
  const ref = `refs/heads/shared-${++refs}`;
  const first = await lookUp(ref, { tip: 1, late: false });
  const second = await lookUp(ref, { tip: 1, late: false });
  expect(await publish({ state: second })).toMatchObject({ outcome: 'Published', startPipeline: true });
  expect(await publish({ state: first })).toMatchObject({ outcome: 'Published', startPipeline: true });
  await publish({ state: await lookUp(ref, { tip: 2, late: false }) });
  expect(await publish({ state: first })).toMatchObject({ outcome: 'Superseded', startPipeline: false });
});

it('deletions of the same ref do not supersede each other, whichever looked later', async () => {
  const ref = `refs/heads/deleted-${++refs}`;
  const first = await lookUp(ref, { tip: 0, late: false });
  const second = await lookUp(ref, { tip: 0, late: false });
  expect(await retire({ state: second })).toMatchObject({ outcome: 'RefRetired' });
  expect(await retire({ state: first })).toMatchObject({ outcome: 'RefRetired' });
});

/** As the machine does: a busy ref is tried again, a superseded delivery is not started. */
async function started(executionArn: string, state: Pulled): Promise<void> {
  for (;;) {
    try {
      await startPipeline({ executionArn, state });
      return;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'Superseded') return;
      if (error.name !== 'RefBusy') throw error;
    }
  }
}
