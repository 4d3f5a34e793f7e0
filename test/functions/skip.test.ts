import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asked } from '../../events/asked.ts';
import { claim } from '../../functions/claim/claim.ts';
import { publish } from '../../functions/publish/publish.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { report } from '../../functions/report/report.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { aroundCall } from '../support/functions/around-call.ts';
import { startDirect } from '../support/functions/direct.ts';
import { openedRequest, pulledState, type Steps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const commitOf = (push: number) => String(push).repeat(40);
const RULE = { name: 'skipping', superseded: 'skip' } as const;

/** The ref of one test, to which commits 1, 2, 3 are pushed, one second after the other. */
function branch(name: string) {
  const ref = `refs/heads/${name}`;
  const arn = (push: number) => `arn:${name}:${push}`;
  const push = (number: number, more: Partial<Pulled> = {}): Pulled => {
    const state = pulledState(ref, { commit: commitOf(number) }, RULE);
    const delivery = {
      ...state.delivery,
      pushedAt: 1_700_000_000 + number,
      ...(number > 1 ? { before: commitOf(number - 1) } : {}),
    };
    return {
      ...state,
      asked: { values: [], giveWay: 'skipping' },
      delivery,
      key: `${name}-${number}`,
      ...more,
    };
  };
  const claims = async (number: number, more: Partial<Pulled> = {}) => {
    steps.executions.set(arn(number), 'RUNNING');
    return claim({ executionArn: arn(number), state: push(number, more) });
  };
  const claimed = async () => (await nextToken(pointerOf(push(1)))).claimed.skipping;
  /** The build found the ref at another push, which the rule has claimed. */
  const givesWay = async (number: number, tip: number): Promise<Pulled> => {
    const { token } = await nextToken(pointerOf(push(1)));
    const pull = {
      outcome: 'behind',
      token,
      commit: commitOf(number),
      tip: commitOf(tip),
      bytes: '',
    } as const;
    const state = push(number);
    return { ...state, pull: { ...state.pull, ...pull, reason: 'it had moved on' } };
  };
  const publishes = async (number: number, state: Pulled) => publish({ executionArn: arn(number), state });
  /** Pulls a push as the tip of the ref. */
  const pulls = async (number: number): Promise<Pulled> => {
    const artifact = await steps.putArtifact(commitOf(number));
    const { token } = await nextToken(pointerOf(push(1)));
    const state = push(number);
    const pull = { token, tip: commitOf(number), tipKey: artifact.key, ...artifact };
    return { ...state, pull: { ...state.pull, ...pull } };
  };
  const ends = (number: number, status: string) => steps.executions.set(arn(number), status);
  return { arn, push, claims, claimed, givesWay, publishes, pulls, ends };
}

describe('what a rule with `superseded: skip` has claimed of a ref', () => {
  it('is the newest of its deliveries, in whatever order they come', async () => {
    const { claims, claimed } = branch('order');
    expect((await claims(1)).outcome).toBe('Claimed');
    expect((await claims(1)).outcome).toBe('Claimed');
    for (const [push, newest] of [
      [2, 2],
      [1, 2],
      [3, 3],
    ] as const) {
      await claims(push);
      expect(await claimed()).toBe(commitOf(newest));
    }
  });

  it('is none that the host of a request sends again, which was told of before it', async () => {
    const { push, claims, claimed } = branch('sent-again');
    const told = (number: number, updatedAt: string, time = updatedAt) => {
      const { pushedAt: _, before: __, ...delivery } = push(number).delivery;
      const pullRequest = { ...openedRequest(commitOf(number)), updatedAt };
      return { time, delivery: { ...delivery, pullRequest } };
    };
    await claims(2, told(2, '2026-01-01T00:00:30Z'));
    await claims(1, told(1, '2026-01-01T00:00:00Z', '2026-01-01T00:15:00Z'));
    expect(await claimed()).toBe(commitOf(2));
  });

  it('waits for what may follow where its event comes at most 5 s from that of another one', async () => {
    const { claims } = branch('burst');
    const at = (time: string) => ({ time });
    expect(await claims(1, at('2026-01-01T00:00:00Z'))).toMatchObject({ outcome: 'Claimed' });
    expect(await claims(2, at('2026-01-01T00:00:05Z'))).toMatchObject({ outcome: 'Following' });
    expect(await claims(1, { ...at('2026-01-01T00:00:03Z'), key: 'late' })).toMatchObject({
      outcome: 'Following',
    });
    expect(await claims(3, at('2026-01-01T00:00:11Z'))).toMatchObject({ outcome: 'Claimed' });
  });

  const unclaimed: readonly [string, Asked][] = [
    ['a rule that does not skip, or of a replay', { values: [] }],
    ['what git has yet to compare', { values: [], giveWay: 'skipping', paths: ['a'] }],
    ['what git has yet to leave out', { values: [], giveWay: 'skipping', 'paths-ignore': ['a'] }],
    ['a commit whose message is not known yet', { values: [], giveWay: 'skipping', skip: ['ci-words'] }],
  ];
  it.each(unclaimed)('has nothing of %s', async (title, asked) => {
    const { claims, claimed } = branch(title.replaceAll(' ', '-'));
    await claims(1, { asked });
    expect(await claimed()).toBeUndefined();
  });

  it('has nothing of a duplicate', async () => {
    const { claims, claimed, arn, push } = branch('duplicate');
    await claims(1);
    expect(await claim({ executionArn: arn(9), state: { ...push(9), key: push(1).key } })).toMatchObject({
      outcome: 'Duplicate',
    });
    expect(await claimed()).toBe(commitOf(1));
  });
});

describe('a delivery whose build gave way to a newer one', () => {
  it('waits while that one runs, and is Superseded once the rule has taken it, without an artifact', async () => {
    const { claims, givesWay, publishes, pulls, arn } = branch('newest-built');
    await claims(1);
    await claims(2);
    const behind = await givesWay(1, 2);
    await expect(publishes(1, behind)).rejects.toMatchObject({
      name: 'NewerUnderWay',
      message: `${commitOf(2)} of refs/heads/newest-built is pulled in place of ${commitOf(1)}, which is looked at again`,
    });
    const newest = await pulls(2);
    expect(await publishes(2, newest)).toMatchObject({ outcome: 'Published', startPipeline: true });
    expect(await publishes(1, behind)).toMatchObject({ outcome: 'Superseded', startPipeline: false });
    await startPipeline({ executionArn: arn(2), state: newest });
    await report({ outcome: 'Superseded', executionArn: arn(1), state: behind });
    const recorded = await steps.record('deliveries', behind.key);
    expect(recorded).toMatchObject({ outcome: 'Superseded', reason: 'it had moved on' });
    expect(recorded).not.toHaveProperty('artifactKey');
  });

  it('waits for one that waits for its redrive', async () => {
    const { claims, givesWay, publishes, ends } = branch('redriven');
    await claims(1);
    await claims(2);
    ends(2, 'PENDING_REDRIVE');
    await expect(publishes(1, await givesWay(1, 2))).rejects.toMatchObject({ name: 'NewerUnderWay' });
  });

  it('moves no pointer: the tip is its own delivery’s to publish (I4)', async () => {
    const { claims, givesWay, publishes, pulls, push } = branch('pointer');
    await claims(1);
    await publishes(1, await pulls(1));
    await claims(2);
    await claims(3);
    await expect(publishes(2, await givesWay(2, 3))).rejects.toMatchObject({ name: 'NewerUnderWay' });
    expect(await steps.pointerCommit(push(1))).toBe(commitOf(1));
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED', ''])(
    'is pulled itself when the newer one has ended (%s) and was not taken, and older ones give way to it (I10)',
    async (status) => {
      const { claims, claimed, givesWay, publishes, ends } = branch(`newest-${status}`);
      for (const push of [1, 2, 3]) await claims(push);
      const [first, second] = [await givesWay(1, 3), await givesWay(2, 3)];
      ends(3, status);
      expect(await publishes(2, second)).toMatchObject({ outcome: 'Behind', startPipeline: false });
      expect(await claimed()).toBe(commitOf(2));
      await expect(publishes(1, first)).rejects.toMatchObject({ name: 'NewerUnderWay' });
      // Whoever is looked at first, the newest is built.
      ends(2, 'FAILED');
      expect(await publishes(1, first)).toMatchObject({ outcome: 'Behind' });
      ends(2, 'RUNNING');
      expect(await publishes(2, second)).toMatchObject({ outcome: 'Behind' });
      expect(await claimed()).toBe(commitOf(2));
    },
  );

  it('is pulled itself where the rule has claimed no other one, and where it holds the claim', async () => {
    const { claims, claimed, givesWay, publishes } = branch('no-other');
    const behind = await givesWay(1, 2);
    expect(await publishes(1, behind)).toMatchObject({ outcome: 'Behind' });
    await claims(1);
    expect(await publishes(1, behind)).toMatchObject({ outcome: 'Behind' });
    expect(await claimed()).toBe(commitOf(1));
  });

  it('waits for one of which nothing says which is newer: two that took the claim in turn would never be built', async () => {
    const { claims, claimed, givesWay, push, arn } = branch('in-turn');
    const unknown = { pushedAt: undefined, before: undefined };
    const told = (number: number) => ({ delivery: { ...push(number).delivery, ...unknown } });
    await claims(1, told(1));
    await claims(2, told(2));
    const first = await givesWay(1, 3);
    const behind = { ...first, ...told(1) };
    await expect(publish({ executionArn: arn(1), state: behind })).rejects.toMatchObject({
      name: 'NewerUnderWay',
    });
    expect(await claimed()).toBe(commitOf(2));
  });

  it('is Superseded by one that was taken between two looks', async () => {
    const { claims, givesWay, publishes, pulls, ends } = branch('between');
    await claims(1);
    await claims(2);
    const [behind, newest] = [await givesWay(1, 2), await pulls(2)];
    ends(2, 'SUCCEEDED');
    let looks = 0;
    const published = () => (looks++ === 0 ? publishes(2, newest) : undefined);
    const answer = await aroundCall(
      'DescribeExecution',
      { before: async () => void (await published()) },
      () => publishes(1, behind),
    );
    expect(answer).toMatchObject({ outcome: 'Superseded' });
  });
});

it('a pull whose tip becomes no artifact leaves the pointer, and its own commit is built (I4, I10)', async () => {
  const { claims, publishes, pulls, push } = branch('unmakeable');
  await claims(1);
  await publishes(1, await pulls(1));
  const state = await pulls(2);
  const unmade = { ...state, pull: { ...state.pull, tip: '', tipKey: '' } };
  expect(await publishes(2, unmade)).toMatchObject({ outcome: 'Published', startPipeline: true });
  expect(await steps.pointerCommit(push(1))).toBe(commitOf(1));
});
