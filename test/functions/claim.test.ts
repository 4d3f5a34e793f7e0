import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { claim } from '../../functions/claim/claim.ts';
import { publish } from '../../functions/publish/publish.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { recordOutcome } from '../../functions/report/record.ts';
import { retire } from '../../functions/retire/retire.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startsId } from '../../functions/shared/started.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
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
  const token = await nextToken(pointerOf(pulledState(ref, {})));
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

  it('by the same execution again is the same claim', async () => {
    const state = delivery();
    await claim({ executionArn: 'arn:me', state });
    expect((await claim({ executionArn: 'arn:me', state })).outcome).toBe('Claimed');
  });

  it('is on record with what the delivery is, until its time to live', async () => {
    const state = delivery();
    await claim({ executionArn: 'arn:me', state });
    expect(await steps.record('deliveries', state.key)).toMatchObject({
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
  });
});

describe('a ref that stands at the delivered commit', () => {
  it('is Unchanged, unless a pull is under way, its pipeline was not started, or it is a replay (I3)', async () => {
    const ref = 'refs/heads/unchanged';
    const state = await pulled(ref);
    const again = (more: Partial<Pulled> = {}) =>
      claim({ executionArn: `arn:${++deliveries}`, state: { ...state, key: `k${deliveries}`, ...more } });
    await publish({ state });
    expect((await again()).outcome).toBe('Claimed');
    await startPipeline({ executionArn: 'arn:1', state });
    expect((await again()).outcome).toBe('Unchanged');
    expect((await again({ replayName: 'again' })).outcome).toBe('Claimed');
    await nextToken(pointerOf(state));
    expect((await again()).outcome).toBe('Claimed');
  });
});

describe('a deletion', () => {
  it('removes the pointer, and is Superseded by a ref that is there again', async () => {
    const ref = 'refs/heads/topic';
    const state = await pulled(ref);
    expect(await publish({ state })).toMatchObject({ outcome: 'Published', startPipeline: true });
    const token = await nextToken(pointerOf(state));
    const gone = pulledState(ref, { outcome: 'gone', token });
    expect(await retire({ state: gone })).toMatchObject({ outcome: 'RefRetired', commit: '' });
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

  it('runs again for the same commit of a ref that was deleted since', async () => {
    const ref = 'refs/heads/deleted-since';
    const state = await pulled(ref);
    await publish({ state });
    await startPipeline({ executionArn: 'arn:before', state });
    const token = await nextToken(pointerOf(state));
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
