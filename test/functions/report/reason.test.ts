import { afterAll, beforeAll, expect, it } from 'vitest';
import { claim } from '../../../functions/claim/claim.ts';
import { report } from '../../../functions/report/report.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { outcomes } from '../../../statemachine/outcomes.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { publish } from '../../support/functions/publish.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const COMMIT = 'a'.repeat(40);
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:hookline:me';
const reason = 'no changed file matches src/** (git diff 1234567..89abcde)';

it('a commit that the pull finds filtered out is on record with the reason, and moves nothing', async () => {
  const pull = { outcome: 'filtered', token: 0, commit: COMMIT, bytes: '', reason } as const;
  const state = { ...pulledState('refs/heads/main', pull, { status: true }), reason: 'left open', key: 'k' };
  steps.executions.set(executionArn, 'RUNNING');
  await claim({ executionArn, state });
  const published = await publish({ state });
  expect(published).toEqual({ outcome: 'Ignored', commit: COMMIT, pointer: '', startPipeline: false });
  expect(await steps.record('refs', pointerOf(state))).toBeUndefined();
  await report({ outcome: outcomes.ignored, executionArn, state });
  expect(await steps.record('deliveries', 'k')).toMatchObject({ outcome: 'Ignored', reason });
  expect(steps.results.at(-1)?.Detail).toMatchObject({ outcome: 'Ignored', reason });
});

it('a delivery that its rule ignores at once is on record with the reason, and no commit status', async () => {
  const { pull: _, ...known } = pulledState('refs/heads/main', { commit: COMMIT }, { status: true });
  const state = {
    ...known,
    route: 'ignored' as const,
    reason: 'no changed file matches src/**',
    key: 'at-once',
  };
  await claim({ executionArn, state });
  expect(await report({ outcome: outcomes.ignored, executionArn, state })).toMatchObject({ status: 'off' });
  expect(await steps.record('deliveries', 'at-once')).toMatchObject({ reason: state.reason });
});
