import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { claim } from '../../functions/claim/claim.ts';
import { bodyClaim } from '../../functions/claim/record.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { recordOutcome } from '../../functions/report/record.ts';
import { retire } from '../../functions/retire/retire.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { aroundCall } from '../support/functions/around-call.ts';
import { startDirect } from '../support/functions/direct.ts';
import { publish } from '../support/functions/publish.ts';
import { openedRequest, pulledState, type Steps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const COMMIT = 'a'.repeat(40);
let deliveries = 0;
const delivery = (more: Partial<Pulled> = {}): Pulled => ({
  ...pulledState('refs/heads/main', { commit: COMMIT }),
  key: `default#github.com#${++deliveries}#`,
  ...more,
});

async function pulled(ref: string, commit = COMMIT): Promise<Pulled> {
  const artifact = await steps.putArtifact(commit);
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  return pulledState(ref, { token, commit, tip: commit, tipKey: artifact.key, ...artifact });
}

describe('a claim (I2)', () => {
  it('is taken once, however many executions try at the same time', async () => {
    const state = delivery();
    const arns = Array.from({ length: 8 }, (_, n) => `arn:execution:${state.key}-${n}`);
    for (const arn of arns) steps.executions.set(arn, 'RUNNING');
    const claimed = await Promise.all(arns.map((executionArn) => claim({ executionArn, state })));
    expect(claimed.filter(({ outcome }) => outcome === 'Claimed')).toHaveLength(1);
    const [winner] = claimed.filter(({ outcome }) => outcome === 'Claimed');
    for (const each of claimed) expect(each.executionArn).toBe(winner?.executionArn);
  });

  it.each([
    ['RUNNING', 'Duplicate'],
    ['SUCCEEDED', 'Duplicate'],
    ['PENDING_REDRIVE', 'Duplicate'],
    ['FAILED', 'Claimed'],
    ['TIMED_OUT', 'Claimed'],
    ['ABORTED', 'Claimed'],
    ['', 'Claimed'],
  ])('of a delivery whose execution is %s ends in %s', async (status, outcome) => {
    const state = delivery();
    const first = `arn:first:${state.key}`;
    steps.executions.set(first, status);
    await claim({ executionArn: first, state });
    expect(await claim({ executionArn: 'arn:second', state })).toEqual({
      outcome,
      executionArn: outcome === 'Claimed' ? 'arn:second' : first,
    });
  });

  it('whose record went before it could be read is tried again', async () => {
    const state = delivery();
    await claim({ executionArn: 'arn:first', state });
    steps.executions.set('arn:first', 'FAILED');
    const again = aroundCall('Get', { instead: {} }, () => claim({ executionArn: 'arn:second', state }));
    expect(await again).toEqual({ outcome: 'Claimed', executionArn: 'arn:second' });
  });

  it('by the same execution again is the same claim', async () => {
    const state = delivery();
    await claim({ executionArn: 'arn:me', state });
    expect((await claim({ executionArn: 'arn:me', state })).outcome).toBe('Claimed');
  });

  it('is on record with what the delivery is, until its time to live', async () => {
    const state = delivery();
    await claim({ executionArn: 'arn:me', state });
    const record = await steps.record('deliveries', state.key);
    const days = (Number(record?.expires) - Date.now() / 1000) / 86_400;
    expect(days).toBeGreaterThan(89);
    expect(days).toBeLessThan(91);
    expect(record).toMatchObject({
      executionArn: 'arn:me',
      rule: 'default',
      host: 'github.com',
      repository: 'acme/app',
      ref: 'refs/heads/main',
      commit: COMMIT,
      event: 'push',
      receivedAt: '2026-01-01T00:00:00Z',
      day: '2026-01-01',
    });
  });

  it('keeps when it was taken, whatever is reported since; one that takes it over begins anew', async () => {
    const state = delivery();
    const claimedAt = async () =>
      z.object({ claimedAt: z.iso.datetime() }).parse(await recordOf(state)).claimedAt;
    const recordOf = ({ key }: Pulled) => steps.record('deliveries', key);
    await claim({ executionArn: 'arn:first', state });
    const first = await claimedAt();
    await recordOutcome(state.key, 'arn:first', 'PullFailed', {});
    expect(await claimedAt()).toBe(first);
    expect(await recordOf(state)).toMatchObject({ outcome: 'PullFailed' });
    steps.executions.set('arn:first', 'FAILED');
    await claim({ executionArn: 'arn:second', state });
    expect(Date.parse(await claimedAt())).toBeGreaterThan(Date.parse(first));
    expect(await recordOutcome(state.key, 'arn:first', 'PullFailed', {})).toBeUndefined();
    expect(await recordOf(state)).not.toHaveProperty('outcome');
  });
});

describe('a delivery that asks for nothing', () => {
  const asking = (route: Pulled['route'], reason: string): Pulled =>
    delivery({ route, reason, bodyHash: 'e'.repeat(64) });

  it.each([
    ['ping', 'Pong', undefined],
    ['ignored', 'Ignored', 'no clause names it'],
  ] as const)(
    'as a %s has its outcome on record and on the bus once it is claimed',
    async (route, outcome, reason) => {
      const state = asking(route, 'no clause names it');
      steps.results.length = 0;
      expect(await claim({ executionArn: 'arn:me', state })).toEqual({ outcome, executionArn: 'arn:me' });
      const record = await steps.record('deliveries', state.key);
      expect(record).toMatchObject({ executionArn: 'arn:me', outcome, status: 'off' });
      expect(record?.reason).toBe(reason);
      expect(steps.results).toMatchObject([
        { DetailType: 'delivery ended', Detail: { outcome, reason: reason ?? '', executionArn: 'arn:me' } },
      ]);
    },
  );

  it('is told of again by an execution that was cut off after its claim', async () => {
    const state = asking('ignored', 'because');
    steps.results.length = 0;
    await claim({ executionArn: 'arn:me', state });
    expect(await claim({ executionArn: 'arn:me', state })).toMatchObject({ outcome: 'Ignored' });
    expect(steps.results).toHaveLength(2);
  });

  it('that another execution has claimed is a duplicate, of which nobody is told', async () => {
    const state = asking('ping', '');
    steps.executions.set('arn:me', 'SUCCEEDED');
    await claim({ executionArn: 'arn:me', state });
    steps.results.length = 0;
    expect(await claim({ executionArn: 'arn:other', state })).toEqual({
      outcome: 'Duplicate',
      executionArn: 'arn:me',
    });
    expect(steps.results).toEqual([]);
    expect(await steps.record('deliveries', state.key)).toMatchObject({ executionArn: 'arn:me' });
  });
});

describe('a commit to which a ref has come back', () => {
  it('is not unchanged while its pipeline was last started on another one', async () => {
    const ref = 'refs/heads/came-back';
    const build = async (commit: string) => {
      const state = await pulled(ref, commit);
      await publish({ state });
      await startPipeline({ executionArn: `arn:${commit}`, state });
    };
    await build(COMMIT);
    await build('b'.repeat(40));
    const back = await pulled(ref);
    await publish({ state: back });
    const again = { ...back, key: `default#github.com#${++deliveries}#` };
    expect((await claim({ executionArn: 'arn:back', state: again })).outcome).toBe('Claimed');
    await startPipeline({ executionArn: 'arn:back', state: back });
    const told = { ...back, key: `default#github.com#${++deliveries}#` };
    expect((await claim({ executionArn: 'arn:told', state: told })).outcome).toBe('Unchanged');
  });
});

describe('one signed body', () => {
  const BODY = { bodyHash: 'f'.repeat(64) };
  /** The same body under a delivery id of its own, at a ref of the test. */
  const told = (ref: string, more: Partial<Pulled> = {}): Pulled => ({
    ...pulledState(`refs/heads/${ref}`, { commit: COMMIT }),
    key: `default#github.com#told-${++deliveries}#`,
    bodyHash: `${BODY.bodyHash}${ref}`,
    ...more,
  });
  it('whose execution has not recorded its delivery yet is no duplicate of itself', async () => {
    const state = { ...told('unrecorded'), bodyHash: 'e'.repeat(64) };
    steps.executions.set('arn:slow', 'RUNNING');
    expect(await bodyClaim(state, 'arn:slow').take()).toBe(true);
    expect(await claim({ executionArn: 'arn:second', state })).toEqual({
      ...{ outcome: 'Duplicate', executionArn: 'arn:slow' },
    });
    expect(await steps.record('deliveries', state.key)).toBeUndefined();
  });

  const claimed = async (state: Pulled, status = 'RUNNING') => {
    const executionArn = `arn:body:${state.key}`;
    steps.executions.set(executionArn, status);
    return claim({ executionArn, state });
  };

  it('is taken once, whatever delivery ids it bears, and each of them is on record (I11)', async () => {
    const [first, second] = [told('one'), told('one')];
    const { executionArn } = await claimed(first, 'SUCCEEDED');
    expect(await claimed(second)).toMatchObject({ outcome: 'Duplicate', executionArn });
    expect(await steps.record('deliveries', second.key)).toMatchObject({
      outcome: 'Duplicate',
      executionArn: `arn:body:${second.key}`,
    });
    expect(await steps.record('deliveries', first.key)).not.toHaveProperty('outcome');
  });

  it('is taken once, however many delivery ids come at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => claimed(told('race'))));
    expect(results.filter(({ outcome }) => outcome === 'Claimed')).toHaveLength(1);
  });

  it('of a delivery that failed may be brought by another, and by one that was a Duplicate before', async () => {
    const [first, second] = [told('failed'), told('failed')];
    await claimed(first);
    expect((await claimed(second)).outcome).toBe('Duplicate');
    steps.executions.set(`arn:body:${first.key}`, 'FAILED');
    steps.executions.set('arn:again', 'RUNNING');
    expect(await claim({ executionArn: 'arn:again', state: second })).toMatchObject({ outcome: 'Claimed' });
    expect(await steps.record('deliveries', second.key)).not.toHaveProperty('outcome');
    expect((await claimed(told('failed'))).outcome).toBe('Duplicate');
  });

  it.each<[string, Partial<Pulled>]>([
    ['a replay', { replayName: 'replay-1' }],
    ['another rule', { rule: { ...pulledState('refs/heads/x', {}).rule, name: 'other' } }],
    ['another rule that was renamed', { rule: { ...pulledState('refs/heads/x', {}).rule, was: ['other'] } }],
    ['another event', { delivery: { ...pulledState('refs/heads/x', {}).delivery, event: 'create' } }],
    ['an execution of the release before, which knows no body', { bodyHash: undefined }],
  ])('is taken again by %s', async (what, more) => {
    await claimed(told(what), 'SUCCEEDED');
    expect((await claimed(told(what, more))).outcome).toBe('Claimed');
  });

  it.each([
    ['ping', 'Pong'],
    ['ignored', 'Ignored'],
  ] as const)('may come as often as it likes as a %s, which asks for nothing', async (route, outcome) => {
    await claimed(told(route), 'SUCCEEDED');
    for (const _ of [1, 2]) expect((await claimed(told(route, { route }))).outcome).toBe(outcome);
  });

  it('of a delivery that was on record before bodies were is a Duplicate by the delivery’s id', async () => {
    const state = told('upgraded');
    await claimed({ ...state, bodyHash: undefined }, 'SUCCEEDED');
    expect(await claim({ executionArn: 'arn:after', state })).toMatchObject({ outcome: 'Duplicate' });
    expect(await steps.record('deliveries', state.key)).toMatchObject({
      executionArn: `arn:body:${state.key}`,
    });
  });

  it('stands in no list, and goes with the deliveries', async () => {
    const state = told('kept');
    await claimed(state);
    const id = `body#default#github.com#push#${state.bodyHash}#`;
    const { expires } = z.object({ expires: z.number() }).parse(await steps.record('deliveries', id));
    expect(await steps.record('deliveries', id)).not.toHaveProperty('day');
    const { expires: ofDelivery } = (await steps.record('deliveries', state.key)) ?? {};
    // The two are written one after the other.
    expect(Math.abs(expires - Number(ofDelivery))).toBeLessThan(3600);
  });
});

describe('a ref that stands at the delivered commit', () => {
  it('is Unchanged, unless a pull is under way, no start of its pipeline is certain, or it is a replay (I3)', async () => {
    const ref = 'refs/heads/unchanged';
    const state = await pulled(ref);
    const again = (more: Partial<Pulled> = {}) =>
      claim({ executionArn: `arn:${++deliveries}`, state: { ...state, key: `k${deliveries}`, ...more } });
    await publish({ state });
    expect((await again()).outcome).toBe('Claimed');
    steps.refusesToStart = { name: 'InternalFailure', status: 500 };
    await expect(startPipeline({ executionArn: 'arn:1', state })).rejects.toThrow();
    steps.refusesToStart = undefined;
    expect((await again()).outcome).toBe('Claimed');
    await startPipeline({ executionArn: 'arn:1', state });
    expect((await again()).outcome).toBe('Unchanged');
    for (const more of [{ replayName: 'again' }, { route: 'retire' as const }])
      expect((await again(more)).outcome).toBe('Claimed');
    await nextToken(pointerOf(state));
    expect((await again()).outcome).toBe('Claimed');
  });

  it('is Unchanged for a request whose close takes nothing down', async () => {
    const state = await pulled('refs/heads/unchanged-request');
    await publish({ state });
    await startPipeline({ executionArn: 'arn:request', state });
    const claimed = async (rule: Partial<Pulled['rule']>) => {
      const pullRequest = openedRequest(COMMIT);
      const again = {
        ...delivery({ rule: { ...state.rule, ...rule } }),
        delivery: { ...state.delivery, pullRequest },
      };
      return (await claim({ executionArn: `arn:${again.key}`, state: again })).outcome;
    };
    expect(await claimed({})).toBe('Unchanged');
    expect(await claimed({ 'on-delete': { pipeline: 'teardown', variables: {} } })).toBe('Unchanged');
    expect(await claimed({ 'on-close': { pipeline: 'teardown', variables: {} } })).toBe('Claimed');
  });

  it('is claimed for a request that is open again, though no close was told of: a late one goes by what was taken', async () => {
    const state = await pulled('refs/heads/reopened');
    await publish({ state });
    await startPipeline({ executionArn: 'arn:opened', state });
    const claimed = async (action: string) => {
      const pullRequest = { ...openedRequest(COMMIT), action };
      const told = { ...delivery({ rule: state.rule }), delivery: { ...state.delivery, pullRequest } };
      return (await claim({ executionArn: `arn:${told.key}`, state: told })).outcome;
    };
    expect(await claimed('synchronize')).toBe('Unchanged');
    expect(await claimed('reopened')).toBe('Claimed');
  });

  it('is claimed where the ref was deleted since a start by other options of the pull, whose tokens begin anew', async () => {
    const ref = 'refs/heads/other-options';
    for (const _ of [1, 2, 3]) await pulled(ref);
    const first = await pulled(ref);
    await startPipeline({ executionArn: 'arn:before', state: first });
    const rule = { ...first.rule, pull: { ...first.rule.pull, lfs: true } };
    const looked = async (more: Partial<Pulled['pull']> = {}): Promise<Pulled> => {
      const { token } = await nextToken(pointerOf({ ...first, rule }));
      return { ...first, rule, pull: { ...first.pull, token, ...more } };
    };
    const claimed = async (state: Pulled) => {
      const told = { ...delivery({ rule }), delivery: state.delivery };
      return (await claim({ executionArn: `arn:${told.key}`, state: told })).outcome;
    };
    const same = await looked();
    await publish({ state: same });
    expect(await claimed(same)).toBe('Unchanged');
    await retire({ state: await looked({ outcome: 'gone', tip: '', tipKey: '' }) });
    const back = await looked();
    await publish({ state: back });
    expect(await claimed(back)).toBe('Claimed');
  });

  it('is Unchanged for a rule without a pipeline once it is published, unless it is a replay (I3)', async () => {
    const state = await pulled('refs/heads/unchanged-artifact');
    const { pipeline: _, ...rule } = state.rule;
    const again = (more: Partial<Pulled> = {}) =>
      claim({
        executionArn: `arn:${++deliveries}`,
        state: { ...state, rule, key: `k${deliveries}`, ...more },
      });
    expect((await again()).outcome).toBe('Claimed');
    await publish({ state });
    expect((await again()).outcome).toBe('Unchanged');
    expect((await again({ replayName: 'again' })).outcome).toBe('Claimed');
  });
});

describe('a deletion', () => {
  it('removes the pointer, and is Superseded by a ref that is there again', async () => {
    const ref = 'refs/heads/topic';
    const state = await pulled(ref);
    expect(await publish({ state })).toMatchObject({ outcome: 'Published', startPipeline: true });
    const { token } = await nextToken(pointerOf(state));
    const gone = pulledState(ref, { outcome: 'gone', token });
    expect(await retire({ state: gone })).toEqual({
      ...{ outcome: 'RefRetired', commit: '', startPipeline: false },
      pointer: pointerOf(state),
    });
    expect(await steps.pointerCommit(state)).toBe('');
    expect(await retire({ state: await pulled(ref) })).toMatchObject({
      outcome: 'Superseded',
      commit: COMMIT,
    });
    expect(await steps.pointerCommit(state)).toBe(COMMIT);
  });
});

describe('a pipeline', () => {
  it('is started again for a superseded delivery only when the rule says so', async () => {
    const ref = 'refs/heads/superseded';
    const older = await pulled(ref, 'b'.repeat(40));
    const newer = await pulled(ref);
    await startPipeline({ executionArn: 'arn:newer', state: newer });
    await expect(startPipeline({ executionArn: 'arn:older', state: older })).rejects.toMatchObject({
      name: 'Superseded',
      message: `${ref} has a newer commit ${COMMIT} that takes the pipeline of ${'b'.repeat(40)}`,
    });
    const asked = { ...older, rule: { ...older.rule, superseded: 'start' as const } };
    expect(await startPipeline({ executionArn: 'arn:older', state: asked })).toMatchObject({
      name: 'deploy',
    });
    expect(await steps.record('refs', startsId('github.com', 'acme/app', ref))).toMatchObject({
      started: { deploy: { token: newer.pull.token, commit: COMMIT } },
    });
  });

  it('is started once for a commit, whoever tells of it again, and once more for each replay (I10)', async () => {
    const state = await pulled('refs/heads/told-twice');
    steps.started.length = 0;
    const told = (executionArn: string, replayName = '') =>
      startPipeline({ executionArn, state: { ...state, replayName } });
    const first = await told('arn:1');
    await expect(told('arn:2')).rejects.toMatchObject({ name: 'Unchanged' });
    expect(await told('arn:1')).toEqual(first);
    await told('arn:3', 'replay');
    await expect(told('arn:4', 'replay')).rejects.toMatchObject({ name: 'Unchanged' });
    const other = { ...state, rule: { ...state.rule, name: 'other' } };
    await startPipeline({ executionArn: 'arn:5', state: other });
    expect(steps.started).toHaveLength(3);
  });

  it('is not started again while a replay of it cannot start the pipeline', async () => {
    const state = await pulled('refs/heads/replay-fails');
    await startPipeline({ executionArn: 'arn:first', state });
    const broken = aroundCall(
      'StartPipelineExecution',
      { before: () => Promise.reject(new Error('cut off')) },
      () => startPipeline({ executionArn: 'arn:replay', state: { ...state, replayName: 'again' } }),
    );
    await expect(broken).rejects.toThrow('cut off');
    await expect(startPipeline({ executionArn: 'arn:late', state })).rejects.toMatchObject({
      name: 'Unchanged',
    });
  });

  it('is not started again by a rule that was renamed since', async () => {
    const ref = 'refs/heads/renamed';
    const before = await pulled(ref);
    const rule = { ...before.rule, name: 'new', was: [before.rule.name] };
    const renamed = (state: Pulled): Pulled => ({ ...state, rule });
    await publish({ state: before });
    await startPipeline({ executionArn: 'arn:before', state: before });
    const told = { executionArn: 'arn:renamed', state: { ...renamed(before), key: 'renamed' } };
    expect((await claim(told)).outcome).toBe('Unchanged');
    await expect(startPipeline(told)).rejects.toMatchObject({ name: 'Unchanged' });
    const older = { ...(await pulled(ref, 'b'.repeat(40))), time: '2025-12-31T00:00:00Z' };
    const state = renamed({ ...older, pull: { ...older.pull, tip: COMMIT } });
    expect((await publish({ state })).outcome).toBe('Superseded');
  });

  it('runs again for the same commit of a ref that was deleted since', async () => {
    const ref = 'refs/heads/deleted-since';
    const state = await pulled(ref);
    await publish({ state });
    await startPipeline({ executionArn: 'arn:before', state });
    const { token } = await nextToken(pointerOf(state));
    await retire({ state: pulledState(ref, { outcome: 'gone', token }) });
    const again = await pulled(ref);
    await publish({ state: again });
    expect((await claim({ executionArn: 'arn:told', state: { ...again, key: 'told' } })).outcome).toBe(
      'Claimed',
    );
    expect(await startPipeline({ executionArn: 'arn:again', state: again })).toMatchObject({
      name: 'deploy',
    });
  });

  it('without one open S3 source of the bucket is named, and what to change', async () => {
    const { pipeline } = steps;
    const state = await pulled('refs/heads/source');
    steps.pipeline = { name: 'deploy', stages: [] };
    await expect(startPipeline({ executionArn: 'arn:1', state })).rejects.toMatchObject({
      name: 'PipelineSource',
      message: 'pipeline deploy has 0 S3 sources of bucket artifacts; give it exactly one',
    });
    steps.pipeline = pipeline;
  });
});

describe('a pipeline that is named after its repository', () => {
  const named = { name: 'b-{name}-{branch}', prefix: 'b-', variables: {} };
  const rule = { ...pulledState('refs/heads/named', {}).rule, pipeline: named };

  it('is started once for a commit, under its own name', async () => {
    const state = { ...(await pulled('refs/heads/named')), rule };
    const starts: string[] = [];
    steps.onStart = ({ pipeline }) => starts.push(pipeline);
    await publish({ state });
    expect(await startPipeline({ executionArn: 'arn:named', state })).toMatchObject({ name: 'b-app-named' });
    steps.onStart = () => {};
    expect(starts).toEqual(['b-app-named']);
    const again = { ...state, key: 'named-again' };
    expect((await claim({ executionArn: 'arn:named-again', state: again })).outcome).toBe('Unchanged');
  });

  it('is PipelineMissing where its name cannot be made, and says what to change', async () => {
    const state = { ...(await pulled('refs/heads/a/b')), rule };
    await publish({ state });
    expect((await claim({ executionArn: 'arn:slash', state: { ...state, key: 'slash' } })).outcome).toBe(
      'Claimed',
    );
    await expect((async () => startPipeline({ executionArn: 'arn:slash', state }))()).rejects.toMatchObject({
      name: 'PipelineMissing',
      message: expect.stringMatching(
        /is "b-app-a\/b", .*; change `pipeline.name` of rule default, or its match$/,
      ),
    });
  });
});
