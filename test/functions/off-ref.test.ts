import { afterAll, beforeAll, expect, it } from 'vitest';
import { claim } from '../../functions/claim/claim.ts';
import { report } from '../../functions/report/report.ts';
import { startDirect } from '../support/functions/direct.ts';
import { publish } from '../support/functions/publish.ts';
import { pulledState, type Steps } from '../support/functions/steps.ts';

const [TIP, FOREIGN] = ['a'.repeat(40), 'b'.repeat(40)];
const executionArn = 'arn:aws:states:us-east-1:0:execution:hookline:off-ref';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

it.each(['stop', 'start'] as const)(
  'a commit that its ref does not hold is not built by `superseded: %s`, and the pointer follows the ref',
  async (superseded) => {
    const { key: tipKey } = await steps.putArtifact(TIP);
    const pull = { outcome: 'off-ref', token: 1, commit: FOREIGN, tip: TIP, tipKey } as const;
    const ref = `refs/heads/${superseded}`;
    const state = { ...pulledState(ref, pull, { superseded }), key: superseded };
    await expect(publish({ state })).rejects.toMatchObject({
      name: 'CommitNotOnRef',
      message: `commit ${FOREIGN} is not on ${ref}, which is at ${TIP}: a forced push took it off, or it was never there; push it to have it built`,
    });
    expect(await steps.pointerCommit(state)).toBe(TIP);
    await claim({ executionArn, state });
    const error = {
      Error: 'CommitNotOnRef',
      Cause: JSON.stringify({ errorType: 'CommitNotOnRef', errorMessage: 'is not on it' }),
    };
    await report({ outcome: 'Superseded', executionArn, state: { ...state, error } });
    expect(await steps.record('deliveries', state.key)).toMatchObject({
      outcome: 'Superseded',
      error: 'CommitNotOnRef',
      message: 'is not on it',
    });
  },
);

it('a commit that its ref does not hold leaves the pointer where the tip becomes no artifact', async () => {
  const { key: tipKey } = await steps.putArtifact(TIP);
  const ref = 'refs/heads/unmade';
  const moved = { outcome: 'pulled', token: 1, commit: TIP, key: tipKey, tip: TIP, tipKey } as const;
  await publish({ state: pulledState(ref, moved) });
  const state = pulledState(ref, { outcome: 'off-ref', token: 2, commit: FOREIGN });
  await expect(publish({ state })).rejects.toMatchObject({
    name: 'CommitNotOnRef',
    message: `commit ${FOREIGN} is not on ${ref}: a forced push took it off, or it was never there; push it to have it built`,
  });
  expect(await steps.pointerCommit(state)).toBe(TIP);
});
