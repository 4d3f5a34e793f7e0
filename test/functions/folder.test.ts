import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { builtBy } from '../../functions/report/built-by.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { startDirect } from '../support/functions/direct.ts';
import { publish } from '../support/functions/publish.ts';
import { pulledState, type Steps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const commits = ['1', '2', '3', '4'].map((digit) => digit.repeat(40));
const { rule } = pulledState('refs/heads/x', {});
const ofFolder = { rule: { ...rule, pull: { ...rule.pull, path: 'services/api' } } };
const { pipeline: _, ...withoutPipeline } = ofFolder.rule;

/** A pull of a folder with this content; an artifact of an earlier commit may stand for it. */
async function pulled(ref: string, n: number, content: string, artifactOf = n): Promise<Pulled> {
  const [commit = '', artifactCommit = ''] = [commits[n - 1], commits[artifactOf - 1]];
  const artifact = await steps.putArtifact(artifactCommit);
  const { token, published } = await nextToken(pointerOf({ ...pulledState(ref, {}), ...ofFolder }));
  expect(published === '' || published.startsWith('commits/')).toBe(true);
  const pull = { token, commit, tip: commit, tipKey: artifact.key, content, ...artifact };
  return { ...pulledState(ref, pull), ...ofFolder, key: `k${token}` };
}

const start = (state: Pulled) => startPipeline({ executionArn: `arn:${state.pull.token}`, state });

describe('a folder that a push leaves as it is', () => {
  it('starts no pipeline again, and is told which one built it', async () => {
    const ref = 'refs/heads/same';
    const [first, second, third] = [
      await pulled(ref, 1, 'X'),
      await pulled(ref, 2, 'X', 1),
      await pulled(ref, 3, 'X', 1),
    ];
    await publish({ state: first });
    const { executionId } = await start(first);
    for (const state of [second, third]) {
      expect(await publish({ state })).toMatchObject({ outcome: 'Published', startPipeline: true });
      await expect(start(state)).rejects.toMatchObject({
        name: 'Unchanged',
        message: expect.stringContaining('services/api'),
      });
      expect(await steps.pointerCommit(state)).toBe(first.pull.commit);
      const report = { outcome: 'Unchanged', executionArn: 'arn:r', state } as const;
      expect(await builtBy(report)).toMatchObject({ name: 'deploy', executionId });
    }
  });

  it('is the newest all the same: an older push that changed it is Superseded', async () => {
    const ref = 'refs/heads/back';
    const [first, other, back] = [
      await pulled(ref, 1, 'X'),
      await pulled(ref, 2, 'Y'),
      await pulled(ref, 3, 'X', 1),
    ];
    await publish({ state: first });
    await start(first);
    await publish({ state: back });
    await expect(start(back)).rejects.toMatchObject({ name: 'Unchanged' });
    expect(await publish({ state: other })).toMatchObject({ outcome: 'Superseded', startPipeline: false });
    await expect(start(other)).rejects.toMatchObject({ name: 'Superseded' });
  });

  it('starts its pipeline when another content was built in between', async () => {
    const ref = 'refs/heads/reverted';
    const states = [await pulled(ref, 1, 'X'), await pulled(ref, 2, 'Y'), await pulled(ref, 3, 'X')];
    for (const state of states) {
      await publish({ state });
      await start(state);
    }
  });

  it('starts its pipeline when that of the earlier commit was refused', async () => {
    const ref = 'refs/heads/refused';
    const [first, second] = [await pulled(ref, 1, 'X'), await pulled(ref, 2, 'X', 1)];
    await publish({ state: first });
    steps.refusesToStart = { name: 'ConflictException', status: 400 };
    await expect(start(first)).rejects.toThrow();
    steps.refusesToStart = undefined;
    await publish({ state: second });
    expect((await start(second)).executionId).not.toBe('');
  });

  it('starts its pipeline when somebody asks for it, or has changed the rule’s pull', async () => {
    const ref = 'refs/heads/asked';
    const [first, second] = [await pulled(ref, 1, 'X'), await pulled(ref, 2, 'X', 1)];
    await publish({ state: first });
    await start(first);
    await start({ ...second, replayName: 'redelivery' });
    const third = await pulled(ref, 3, 'X', 1);
    const changed = { ...third.rule, pull: { ...third.rule.pull, lfs: true } };
    await start({ ...third, rule: changed, time: '2026-01-02T00:00:00Z' });
  });

  it('starts its pipeline on a ref that was deleted since', async () => {
    const ref = 'refs/heads/deleted';
    const first = await pulled(ref, 1, 'X');
    await publish({ state: first });
    await start(first);
    const { token } = await nextToken(pointerOf(first));
    await publish({ state: { ...first, pull: { ...first.pull, outcome: 'gone', token } } });
    const second = await pulled(ref, 2, 'X', 1);
    await publish({ state: second });
    expect((await start(second)).executionId).not.toBe('');
  });

  it('is Unchanged in a rule without a pipeline, and Published when it is asked for', async () => {
    const ref = 'refs/heads/no-pipeline';
    const without = (state: Pulled): Pulled => ({ ...state, rule: withoutPipeline });
    const [first, second] = [await pulled(ref, 1, 'X'), await pulled(ref, 2, 'X', 1)];
    expect(await publish({ state: without(first) })).toMatchObject({ outcome: 'Published' });
    expect(await publish({ state: without(second) })).toMatchObject({ outcome: 'Unchanged' });
    const asked = { ...without(second), replayName: 'again' };
    expect(await publish({ state: asked })).toMatchObject({ outcome: 'Published' });
  });
});

describe('a tip that has the folder no more', () => {
  it('takes the pointer with it, and leaves the delivered commit to its pipeline', async () => {
    const ref = 'refs/heads/removed';
    const first = await pulled(ref, 1, 'X');
    await publish({ state: first });
    const second = await pulled(ref, 2, 'Y');
    const state = { ...second, pull: { ...second.pull, tip: '9'.repeat(40), tipKey: '' } };
    expect(await publish({ state })).toMatchObject({ outcome: 'Published', startPipeline: true });
    expect(await steps.pointerCommit(state)).toBe('');
  });
});
