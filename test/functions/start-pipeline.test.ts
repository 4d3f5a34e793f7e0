import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { retire } from '../../functions/retire/retire.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps({ inMemory: true });
});
afterEach(() => {
  steps.refusesToStart = undefined;
});
afterAll(() => steps?.close());

const [COMMIT, OTHER] = ['a'.repeat(40), 'b'.repeat(40)] as const;

/** A look-up that found `tip` at the ref, for a delivery of `commit`. */
async function lookedUp(ref: string, commit: string = COMMIT, tip: string = commit): Promise<Pulled> {
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  if (commit === '') return pulledState(ref, { token, outcome: 'gone' });
  const artifact = await steps.putArtifact(commit);
  return pulledState(ref, { token, commit, tip, tipKey: artifact.key, ...artifact });
}
const start = (executionArn: string, state: Pulled) => startPipeline({ executionArn, state });

describe('a ref that was deleted after a start', () => {
  const deletedSince = async (ref: string) => {
    await start('arn:before', await lookedUp(ref));
    await retire({ state: await lookedUp(ref, '') });
  };

  it('has its commit started again when it has come back to the commit', async () => {
    await deletedSince('refs/heads/back');
    expect(await start('arn:back', await lookedUp('refs/heads/back'))).toMatchObject({ name: 'deploy' });
  });

  it('has not when it has come back to another one, though the first delivery is told of again (I10)', async () => {
    const ref = 'refs/heads/back-elsewhere';
    await deletedSince(ref);
    await expect(start('arn:told', await lookedUp(ref, COMMIT, OTHER))).rejects.toMatchObject({
      name: 'Unchanged',
    });
  });
});

describe('a ref that had another commit since a start', () => {
  const ref = (name: string) => `refs/heads/${name}`;
  const startedBoth = async (name: string) => {
    const first = await lookedUp(ref(name));
    await start('arn:first', first);
    await start('arn:other', await lookedUp(ref(name), OTHER));
    return first;
  };

  it('has its commit started again when a push has brought it back', async () => {
    await startedBoth('forced-back');
    const back = await lookedUp(ref('forced-back'));
    expect(await start('arn:back', back)).toMatchObject({ name: 'deploy' });
  });

  it.each(['stop', 'start'] as const)(
    'has not when the first delivery is told of again, with superseded: %s (I5, I10)',
    async (superseded) => {
      const name = `told-again-${superseded}`;
      await startedBoth(name);
      const told = await lookedUp(ref(name), COMMIT, OTHER);
      await expect(start('arn:told', { ...told, rule: { ...told.rule, superseded } })).rejects.toMatchObject({
        name: superseded === 'start' ? 'Unchanged' : 'Superseded',
      });
    },
  );
});

describe('a start that failed', () => {
  const recordOf = async ({ delivery: { host, repository, ref } }: Pulled) =>
    (await steps.record('refs', startsId(host, repository.fullName, ref)))?.started;

  it.each([400, 409])(
    'with status %i leaves nothing on record: CodePipeline has started nothing',
    async (status) => {
      const state = await lookedUp(`refs/heads/refused-${status}`);
      steps.refusesToStart = { name: 'SomeException', status };
      await expect(start('arn:refused', state)).rejects.toMatchObject({ name: 'SomeException' });
      expect(await recordOf(state)).toEqual({});
    },
  );

  it.each([500, 503])('with status %i stays on record: CodePipeline may have started it', async (status) => {
    const state = await lookedUp(`refs/heads/broken-${status}`);
    steps.refusesToStart = { name: 'SomeException', status };
    await expect(start('arn:broken', state)).rejects.toMatchObject({ name: 'SomeException' });
    expect(await recordOf(state)).toMatchObject({
      deploy: { starts: [{ commit: COMMIT, executionId: '' }] },
    });
  });
});
