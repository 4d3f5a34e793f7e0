import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { retire } from '../../../functions/retire/retire.ts';
import { recordClosed } from '../../../functions/shared/closed-requests.ts';
import { withLease } from '../../../functions/shared/lease.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { pipelineNameOf } from '../../../functions/shared/pipeline-name.ts';
import { readRef, recordClosed as recordRequestClosed } from '../../../functions/shared/ref-record.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { codePipelineError } from '../../support/functions/answer-calls.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { publish } from '../../support/functions/publish.ts';
import { pulledState, type StartOfPipeline, type Steps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
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
const recordOf = async ({ delivery: { host, repository, ref } }: Pulled) =>
  (await steps.record('refs', startsId(host, repository.fullName, ref)))?.started;
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

  it('has its commit started again though the options of the rule’s pull have changed since, whose tokens begin anew', async () => {
    const ref = 'refs/heads/back-by-options';
    // Another look-up before: the start’s token is higher than any by the other options.
    await lookedUp(ref);
    await lookedUp(ref);
    const first = await lookedUp(ref);
    await start('arn:before', first);
    const by = async (commit: string) => {
      const { rule } = first;
      const other = { rule: { ...rule, pull: { ...rule.pull, lfs: true } } };
      const { token } = await nextToken(pointerOf({ ...first, ...other }));
      const state = await lookedUp(ref, commit);
      return { ...state, ...other, pull: { ...state.pull, token } };
    };
    await retire({ state: await by('') });
    expect(await start('arn:back', await by(COMMIT))).toMatchObject({ name: 'deploy' });
    await expect(start('arn:again', await by(COMMIT))).rejects.toMatchObject({ name: 'Unchanged' });
  });

  it('has not when it has come back to another one, though the first delivery is told of again (I10)', async () => {
    const ref = 'refs/heads/back-elsewhere';
    await deletedSince(ref);
    await expect(start('arn:told', await lookedUp(ref, COMMIT, OTHER))).rejects.toMatchObject({
      name: 'Unchanged',
    });
  });
});

it('a commit is not started again because the options of the rule’s pull have changed (I10)', async () => {
  const state = await lookedUp('refs/heads/other-options');
  await start('arn:before', state);
  const rule = { ...state.rule, pull: { ...state.rule.pull, lfs: true } };
  const { token } = await nextToken(pointerOf({ ...state, rule }));
  const again = { ...state, rule, pull: { ...state.pull, token } };
  await expect(start('arn:again', again)).rejects.toMatchObject({ name: 'Unchanged' });
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
      expect(await recordOf(told)).toMatchObject({ deploy: { commit: OTHER } });
    },
  );
});

describe('a commit that is told of again', () => {
  it('starts nothing, and what this telling knows of its place stays on record', async () => {
    const state = await lookedUp('refs/heads/told-place');
    await start('arn:first', state);
    const delivery = { ...state.delivery, pushedAt: 1_700_000_000, before: OTHER };
    await expect(start('arn:told', { ...state, delivery })).rejects.toMatchObject({
      name: 'Unchanged',
      message: `rule default has started deploy on ${COMMIT} of refs/heads/told-place before; redeliver it to start it again`,
    });
    expect(await recordOf(state)).toMatchObject({ deploy: { pushedAt: 1_700_000_000, before: OTHER } });
  });
});

describe('a pipeline of its own', () => {
  const own = (each: 'branch' | 'pull-request') => ({
    pipeline: { name: 'deploy', prefix: 'deploy-', each, limit: 5, variables: {} },
  });
  const owned = async (name: string, each: 'branch' | 'pull-request'): Promise<Pulled> => {
    const state = await lookedUp(`refs/heads/${name}`);
    return { ...state, rule: { ...state.rule, ...own(each) } };
  };

  it('is not made for a branch that was deleted since the look-up', async () => {
    const state = await owned('deleted', 'branch');
    await retire({ state: await lookedUp('refs/heads/deleted', '') });
    await expect(start('arn:deleted', state)).rejects.toMatchObject({
      name: 'Superseded',
      message: `refs/heads/deleted was deleted after ${COMMIT} was told of`,
    });
  });

  const closings: readonly [string, string][] = [
    ['in that second', '2026-01-01T00:00:00Z'],
    ['in the middle of it', '2026-01-01T00:00:00.500Z'],
    ['later', '2026-01-01T00:00:01Z'],
  ];
  const requested = async (ref: string): Promise<Pulled> => {
    const { delivery, ...state } = await owned(ref, 'pull-request');
    const head = { ref: 'topic', commit: COMMIT };
    const request = { action: 'opened', draft: false, merged: false, fork: false, base: 'main', head };
    return { ...state, delivery: { ...delivery, pullRequest: { ...request, number: 7 } } };
  };

  it.each(closings)('is not published either for a request that was closed %s', async (title, closed) => {
    const told = await requested(`unpublished ${title}`.replaceAll(' ', '-'));
    await recordRequestClosed(pointerOf(told), closed);
    expect(await publish({ state: told })).toMatchObject({ outcome: 'RefGone', startPipeline: false });
    const reopened = { ...told, time: '2026-01-01T00:00:02Z' };
    expect(await publish({ state: reopened })).toMatchObject({ outcome: 'Published' });
  });

  it('is published and started where the request was opened again in the second of its close', async () => {
    const told = await requested('reopened');
    const { pullRequest } = told.delivery;
    const delivery = { ...told.delivery, pullRequest: pullRequest && { ...pullRequest, action: 'reopened' } };
    await recordRequestClosed(pointerOf(told), told.time);
    const id = startsId('github.com', 'acme/app', 'refs/heads/reopened');
    await withLease(id, 'arn:ends', () =>
      recordClosed(id, 'arn:ends', pipelineNameOf(told), { time: told.time }),
    );
    expect(await publish({ state: { ...told, delivery } })).toMatchObject({ outcome: 'Published' });
    // Its pipeline would be made, which this CodePipeline cannot.
    await expect(start('arn:reopened', { ...told, delivery })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
    });
  });

  it.each(closings)('is not made for a request that was closed %s', async (_title, closed) => {
    const told = await requested('closed');
    const id = startsId('github.com', 'acme/app', 'refs/heads/closed');
    const name = pipelineNameOf(told);
    await withLease(id, 'arn:ends', () => recordClosed(id, 'arn:ends', name, { time: closed }));
    await expect(start('arn:closed', told)).rejects.toMatchObject({
      name: 'Superseded',
      message: `pull request 7 was closed after ${COMMIT} was told of`,
    });
  });
});

describe('a refused start of the newest commit', () => {
  const refused = { name: 'SomeException', status: 400 };
  const newestOf = async (state: Pulled) => (await readRef(pointerOf(state))).taken[state.rule.name]?.commit;

  it('makes the last built one the newest again, to which nothing goes back', async () => {
    const [built, newer] = [await lookedUp('refs/heads/built'), await lookedUp('refs/heads/built', OTHER)];
    await publish({ state: built });
    await start('arn:built', built);
    await publish({ state: newer });
    steps.refusesToStart = refused;
    await expect(start('arn:newer', newer)).rejects.toMatchObject({ name: refused.name });
    expect(await newestOf(newer)).toBe(COMMIT);
  });

  it('leaves none where the last built one is another rule’s', async () => {
    const [built, newer] = [
      await lookedUp('refs/heads/of-other'),
      await lookedUp('refs/heads/of-other', OTHER),
    ];
    await start('arn:of-other', { ...built, rule: { ...built.rule, name: 'other' } });
    await publish({ state: newer });
    steps.refusesToStart = refused;
    await expect(start('arn:of-newer', newer)).rejects.toMatchObject({ name: refused.name });
    expect(await newestOf(newer)).toBeUndefined();
  });
});

describe('the variables of a start', () => {
  it.each<[string, Record<string, string>, StartOfPipeline['variables']]>([
    ['are those of the rule, filled in', { REF: '{branch}' }, [{ name: 'REF', value: 'variables' }]],
    ['are none of a rule without any', {}, undefined],
  ])('%s', async (title, variables, expected) => {
    let asked: StartOfPipeline | undefined;
    steps.onStart = (call) => {
      asked = call;
    };
    const state = await lookedUp('refs/heads/variables');
    await start(title, {
      ...state,
      rule: { ...state.rule, name: title, pipeline: { name: 'deploy', variables } },
    });
    steps.onStart = () => {};
    expect(asked?.variables).toEqual(expected);
  });
});

describe('a start that failed', () => {
  it.each([400, 409])(
    'with status %i leaves nothing on record: CodePipeline has started nothing',
    async (status) => {
      const state = await lookedUp(`refs/heads/refused-${status}`);
      steps.refusesToStart = { name: 'SomeException', status };
      await expect(start('arn:refused', state)).rejects.toMatchObject({ name: 'SomeException' });
      expect(await recordOf(state)).toEqual({});
    },
  );

  it('for want of a source leaves nothing on record', async () => {
    const { pipeline } = steps;
    steps.pipeline = { name: 'deploy', stages: [] };
    const state = await lookedUp('refs/heads/no-source');
    await expect(start('arn:no-source', state)).rejects.toMatchObject({ name: 'PipelineSource' });
    steps.pipeline = pipeline;
    expect(await recordOf(state)).toEqual({});
  });

  it('by a second try of the SDK stays on record: the first may have started it', async () => {
    const state = await lookedUp('refs/heads/tried-twice');
    const refused = { before: () => Promise.reject(codePipelineError('SomeException', 2)) };
    const tried = aroundCall('StartPipelineExecution', refused, () => start('arn:tried', state));
    await expect(tried).rejects.toMatchObject({ name: 'SomeException' });
    expect(await recordOf(state)).toMatchObject({
      deploy: { starts: [{ commit: COMMIT, executionId: '' }] },
    });
  });

  it.each([500, 503])('with status %i stays on record: CodePipeline may have started it', async (status) => {
    const state = await lookedUp(`refs/heads/broken-${status}`);
    steps.refusesToStart = { name: 'SomeException', status };
    await expect(start('arn:broken', state)).rejects.toMatchObject({ name: 'SomeException' });
    expect(await recordOf(state)).toMatchObject({
      deploy: { starts: [{ commit: COMMIT, executionId: '' }] },
    });
  });
});
