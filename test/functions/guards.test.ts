import '../support/interleave/silence.ts';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { claim } from '../../functions/claim/claim.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { retire } from '../../functions/retire/retire.ts';
import { withLease } from '../../functions/shared/lease.ts';
import { logger } from '../../functions/shared/logged.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { repairPointer } from '../../functions/shared/pointer.ts';
import { readRef, recordPublished } from '../../functions/shared/ref-record.ts';
import { recordNewest } from '../../functions/shared/taken.ts';
import { handler } from '../../functions/start-pipeline/index.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { aroundCall } from '../support/functions/around-call.ts';
import { startDirect } from '../support/functions/direct.ts';
import { publish } from '../support/functions/publish.ts';
import { openedRequest, pulledState, type StartOfPipeline, type Steps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const [FIRST, OLDER, NEWER] = ['1'.repeat(40), 'a'.repeat(40), 'b'.repeat(40)] as const;

/** A look-up that found this commit at the ref, or that the ref was gone. */
async function lookedUp(ref: string, commit: string): Promise<Pulled> {
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  if (commit === '') return pulledState(ref, { token, outcome: 'gone' });
  const artifact = await steps.putArtifact(commit);
  return pulledState(ref, { token, commit, tip: commit, tipKey: artifact.key, ...artifact });
}

const record = (state: Pulled): Promise<void> => {
  const { token, tip: commit, tipKey: key } = state.pull;
  return recordPublished(pointerOf(state), { token, commit, key });
};

/** What Publish and Retire do of the pointer. */
async function move(state: Pulled): Promise<void> {
  await record(state);
  await repairPointer(pointerOf(state));
}

it('a ref whose tip has no more the folder that the rule takes has nothing on record, and no pointer', async () => {
  const ref = 'refs/heads/folder-is-gone';
  await move(await lookedUp(ref, OLDER));
  const state = await lookedUp(ref, NEWER);
  await publish({ state: { ...state, pull: { ...state.pull, tipKey: '' } } });
  const { published } = await readRef(pointerOf(state));
  expect(published).toEqual({ token: state.pull.token, commit: '', key: '' });
  expect(await steps.pointerCommit(state)).toBe('');
});

describe('a pointer that another step moves in between (I4)', () => {
  it.each([
    ['is not there', []],
    ['shows an earlier commit', [FIRST]],
  ])('never shows the older commit, when it %s', async (title, before) => {
    const ref = `refs/heads/copy ${title}`.replaceAll(' ', '-');
    for (const commit of before) await move(await lookedUp(ref, commit));
    const [older, newer] = [await lookedUp(ref, OLDER), await lookedUp(ref, NEWER)];
    await aroundCall(
      'CopyObject',
      {
        before: () => move(newer),
        after: async () => expect(await steps.pointerCommit(older)).toBe(NEWER),
      },
      () => move(older),
    );
  });

  it('is not removed by a deletion that the ref has outlived, not for a moment', async () => {
    const ref = 'refs/heads/removed';
    await move(await lookedUp(ref, FIRST));
    const [gone, newer] = [await lookedUp(ref, ''), await lookedUp(ref, NEWER)];
    await aroundCall(
      'DeleteObject',
      {
        before: () => move(newer),
        after: async () => expect(await steps.pointerCommit(newer)).toBe(NEWER),
      },
      () => move(gone),
    );
  });

  it('is looked at again after the copy: who recorded a newer one may have died before copying', async () => {
    const ref = 'refs/heads/second-look';
    const [older, newer] = [await lookedUp(ref, OLDER), await lookedUp(ref, NEWER)];
    await aroundCall('CopyObject', { before: () => record(newer) }, () => move(older));
    expect(await steps.pointerCommit(newer)).toBe(NEWER);
  });
});

describe('what another step has recorded in between', () => {
  it('stays: two rules take a commit of a ref at the same time (I10)', async () => {
    const state = await lookedUp('refs/heads/two-rules', OLDER);
    const other = { ...state, rule: { ...state.rule, name: 'other' } };
    const before = async () => void (await recordNewest(other));
    await aroundCall('Update', { before }, () => recordNewest(state));
    expect((await readRef(pointerOf(state))).taken).toMatchObject({
      [state.rule.name]: { commit: OLDER },
      other: { commit: OLDER },
    });
  });

  it('makes a deletion Superseded: the ref was looked up later, and is there again (I4)', async () => {
    const ref = 'refs/heads/there-again';
    const [gone, newer] = [await lookedUp(ref, ''), await lookedUp(ref, NEWER)];
    await move(newer);
    expect(await retire({ state: gone })).toMatchObject({ outcome: 'Superseded', commit: NEWER });
  });
});

describe('what is not built', () => {
  const always = (state: Pulled): Pulled => ({ ...state, rule: { ...state.rule, superseded: 'start' } });

  it('starts no pipeline, though its rule starts superseded ones: a ref that is gone', async () => {
    const state = always(await lookedUp('refs/heads/gone-start', ''));
    expect(await publish({ state })).toEqual({
      outcome: 'RefGone',
      commit: '',
      pointer: pointerOf(state),
      startPipeline: false,
    });
  });

  it('starts no pipeline and moves nothing: what the rule does not take (I10)', async () => {
    const taken = always(await lookedUp('refs/heads/filtered', OLDER));
    const state: Pulled = { ...taken, pull: { ...taken.pull, outcome: 'filtered' } };
    expect(await publish({ state })).toEqual({
      outcome: 'Ignored',
      commit: OLDER,
      pointer: '',
      startPipeline: false,
    });
    expect(await steps.pointerCommit(state)).toBe('');
  });

  it('is what its rule has a newer one of, unless the rule starts superseded ones (I5)', async () => {
    const [older, newer] = [
      await lookedUp('refs/heads/superseded', OLDER),
      await lookedUp('refs/heads/superseded', NEWER),
    ];
    expect(await publish({ state: newer })).toMatchObject({ outcome: 'Published', startPipeline: true });
    expect(await publish({ state: older })).toMatchObject({ outcome: 'Superseded', startPipeline: false });
    expect(await publish({ state: always(older) })).toMatchObject({
      outcome: 'Superseded',
      startPipeline: true,
    });
  });
});

it('a request of which no end is on record is published', async () => {
  const state = await lookedUp('refs/pull/7/head', OLDER);
  const delivery = { ...state.delivery, pullRequest: openedRequest(OLDER) };
  expect(await publish({ state: { ...state, delivery } })).toMatchObject({ outcome: 'Published' });
});

describe('a lease (I5)', () => {
  it('is nobody else’s while its owner works', async () => {
    const second = () => withLease('held', 'arn:second', async () => 1);
    await withLease('held', 'arn:first', () => expect(second()).rejects.toMatchObject({ name: 'RefBusy' }));
    expect(await second()).toBe(1);
  });

  it('is given back by its owner alone: one that has ended is another’s by now', async () => {
    const id = 'lease-of-another';
    const lock = async () => (await steps.record('refs', id))?.lock;
    await withLease(id, 'arn:first', async () => {
      // The first has run longer than its lease: to the second one it is a lease that has ended.
      const { now } = Date;
      Date.now = () => now() + 3_600_000;
      try {
        await takeFor(id, 'arn:second');
      } finally {
        Date.now = now;
      }
    });
    expect(await lock()).toMatchObject({ owner: 'arn:second' });
  });

  /** Takes a lease and never gives it back, as who dies does. */
  async function takeFor(id: string, owner: string): Promise<void> {
    let isTaken = (): void => undefined;
    const taken = new Promise<void>((resolve) => {
      isTaken = resolve;
    });
    void withLease(id, owner, () => {
      isTaken();
      return new Promise<never>(() => undefined);
    });
    await taken;
  }
});

describe('a delivery that failed (I2)', () => {
  async function failed(key: string): Promise<Pulled> {
    const state = { ...(await lookedUp('refs/heads/failed', OLDER)), key };
    steps.executions.set('arn:failed', 'FAILED');
    await claim({ executionArn: 'arn:failed', state });
    for (const arn of ['arn:first', 'arn:second']) steps.executions.set(arn, 'RUNNING');
    return state;
  }

  it('is taken over by one of those who saw that it failed', async () => {
    const state = await failed('taken-over#github.com#1#');
    const second = await aroundCall(
      'DescribeExecution',
      { after: async () => void (await claim({ executionArn: 'arn:first', state })) },
      () => claim({ executionArn: 'arn:second', state }),
    );
    expect(second).toEqual({ outcome: 'Duplicate', executionArn: 'arn:first' });
  });

  it('is not taken over where Step Functions does not say that it failed', async () => {
    const state = await failed('not-said#github.com#1#');
    const throttled = Object.assign(new Error('too many'), { name: 'ThrottlingException' });
    const asked = aroundCall('DescribeExecution', { before: () => Promise.reject(throttled) }, () =>
      claim({ executionArn: 'arn:second', state }),
    );
    await expect(asked).rejects.toBe(throttled);
  });
});

describe('DynamoDB that does not answer', () => {
  const throttled = Object.assign(new Error('too many'), { name: 'ProvisionedThroughputExceededException' });
  const refusing = (operation: string, work: () => Promise<unknown>) =>
    aroundCall(operation, { before: () => Promise.reject(throttled) }, work);

  it('has not said that another was there first: the step fails, and is tried again', async () => {
    const state = await lookedUp('refs/heads/throttled', OLDER);
    await expect(refusing('Update', () => record(state))).rejects.toBe(throttled);
    await expect(refusing('Update', () => withLease('throttled', 'arn:a', async () => 1))).rejects.toBe(
      throttled,
    );
    const input = { executionArn: 'arn:claims', state: { ...state, route: 'pull' as const } };
    await expect(refusing('Put', () => claim(input))).rejects.toBe(throttled);
    expect(await steps.record('refs', pointerOf(state))).not.toHaveProperty('published');
  });
});

describe('a start of a pipeline (I5)', () => {
  it('is on record, not yet certain, before CodePipeline is asked', async () => {
    const state = await lookedUp('refs/heads/recorded-first', OLDER);
    const { host, repository, ref } = state.delivery;
    const started = async () =>
      (await steps.record('refs', startsId(host, repository.fullName, ref)))?.started;
    let before: unknown;
    await aroundCall(
      'StartPipelineExecution',
      {
        before: async () => {
          before = await started();
        },
      },
      () => startPipeline({ executionArn: 'arn:starts', state }),
    );
    expect(before).toMatchObject({ deploy: { commit: OLDER, starts: [{ executionId: '' }] } });
    expect(await started()).toMatchObject({
      deploy: { starts: [{ executionId: expect.stringMatching(/./) }] },
    });
  });

  it('is of the very version that was pulled, and has a token of its own', async () => {
    const starts: StartOfPipeline[] = [];
    steps.onStart = (start) => void starts.push(start);
    const states = [
      await lookedUp('refs/heads/version-one', OLDER),
      await lookedUp('refs/heads/version-two', NEWER),
    ];
    for (const [number, state] of states.entries())
      await startPipeline({ executionArn: `arn:version-${number}`, state });
    steps.onStart = () => {};
    expect(starts.map(({ key, versionId }) => ({ key, versionId }))).toEqual(
      states.map(({ pull: { key, versionId } }) => ({ key, versionId })),
    );
    expect(new Set(starts.map(({ clientRequestToken }) => clientRequestToken)).size).toBe(2);
  });
});

describe('the log of a start', () => {
  const context = {
    functionName: 'start',
    awsRequestId: 'r',
    getRemainingTimeInMillis: () => 15_000,
  } as Context;
  const keysOf = async (ref: string, replayName: string) => {
    const appended = vi.spyOn(logger, 'appendKeys');
    const time = new Date(Date.now() - 5000).toISOString();
    const state = { ...(await lookedUp(ref, OLDER)), time, replayName };
    await handler({ executionArn: `arn:${ref}`, state }, context);
    const keys = Object.assign({}, ...appended.mock.calls.map(([given]) => given));
    appended.mockRestore();
    return keys;
  };

  it('has the time since the webhook, which the dashboard reads, but not since the one of a replay', async () => {
    const { sinceWebhookMs } = await keysOf('refs/heads/logged', '');
    expect(sinceWebhookMs).toBeGreaterThanOrEqual(5000);
    expect(sinceWebhookMs).toBeLessThan(60_000);
    expect(await keysOf('refs/heads/replayed', 'replay-1')).not.toHaveProperty('sinceWebhookMs');
  });
});
