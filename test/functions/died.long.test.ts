import '../support/interleave/silence.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as publishHandler } from '../../functions/publish/index.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { recordPublished } from '../../functions/shared/ref-record.ts';
import { handler as startHandler } from '../../functions/start-pipeline/index.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { publish } from '../support/functions/publish.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';
import { broken } from '../support/interleave/checks.ts';
import { sha } from '../support/interleave/history.ts';
import { run } from '../support/interleave/run.ts';
import { ruleNamed, type Scenario, type Step } from '../support/interleave/scenario.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps?.close());

const [OLDER, NEWER] = ['a'.repeat(40), 'b'.repeat(40)];

/** A look-up of a ref that found this commit there. */
async function pulled(ref: string, commit: string): Promise<Pulled> {
  const { token } = await nextToken(pointerOf(pulledState(ref, {})));
  const artifact = await steps.putArtifact(commit);
  return pulledState(ref, { token, commit, tip: commit, tipKey: artifact.key, ...artifact });
}

const startsOf = ({ delivery: { host, repository, ref } }: Pulled): string =>
  startsId(host, repository.fullName, ref);

async function lock(state: Pulled, expires: number): Promise<void> {
  const client = new DynamoDBClient();
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: 'refs',
      Key: { id: startsOf(state) },
      UpdateExpression: 'SET #lock = :lock',
      ExpressionAttributeNames: { '#lock': 'lock' },
      ExpressionAttributeValues: { ':lock': { owner: 'arn:dead', expires } },
    }),
  );
  client.destroy();
}

describe('a step that died half-way', () => {
  it('has said that it would start a pipeline, so that no older commit is started after it (I5)', async () => {
    const ref = 'refs/heads/start-died';
    const [older, newer] = [await pulled(ref, OLDER), await pulled(ref, NEWER)];
    steps.started.length = 0;
    steps.refusesToStart = { name: 'InternalFailure', status: 500 };
    await expect(startPipeline({ executionArn: 'arn:newer', state: newer })).rejects.toThrow('not now');
    steps.refusesToStart = undefined;
    await expect(startPipeline({ executionArn: 'arn:older', state: older })).rejects.toMatchObject({
      name: 'Superseded',
    });
    await startPipeline({ executionArn: 'arn:newer', state: newer });
    expect(steps.started).toEqual([`commits/${NEWER}.zip`]);
  });

  it('gives its place back when nothing was started, so that the older one that waits is built', async () => {
    const ref = 'refs/heads/start-refused';
    const [older, newer] = [await pulled(ref, OLDER), await pulled(ref, NEWER)];
    steps.started.length = 0;
    await publish({ state: older });
    await publish({ state: newer });
    const begin = () => startPipeline({ executionArn: 'arn:waits', state: older });
    await expect(begin()).rejects.toMatchObject({ name: 'Superseded' });
    steps.refusesToStart = { name: 'InvalidStructureException', status: 400 };
    await expect(startPipeline({ executionArn: 'arn:refused', state: newer })).rejects.toThrow('not now');
    steps.refusesToStart = undefined;
    await begin();
    expect(steps.started).toEqual([`commits/${OLDER}.zip`]);
  });

  it('forgets no older start when it is refused in the end: the older commit starts once (I10)', async () => {
    const ref = 'refs/heads/older-kept';
    const [older, newer] = [await pulled(ref, OLDER), await pulled(ref, NEWER)];
    const beside = (state: Pulled): Pulled => ({ ...state, rule: { ...state.rule, superseded: 'start' } });
    const begin = (executionArn: string, state: Pulled) =>
      startPipeline({ executionArn, state: beside(state) });
    steps.started.length = 0;
    steps.refusesToStart = { name: 'InternalFailure', status: 500 };
    await expect(begin('arn:newer', newer)).rejects.toThrow('not now');
    steps.refusesToStart = undefined;
    await begin('arn:older', older);
    steps.refusesToStart = { name: 'InvalidStructureException', status: 400 };
    await expect(begin('arn:newer', newer)).rejects.toThrow('not now');
    steps.refusesToStart = undefined;
    await expect(begin('arn:told-again', older)).rejects.toMatchObject({ name: 'Unchanged' });
    expect(steps.started).toEqual([`commits/${OLDER}.zip`]);
  });

  it('forgets nothing when several that broke off are refused in the end: what was started is not again (I10)', async () => {
    const ref = 'refs/heads/refused-in-a-row';
    const [first, second, third] = [
      await pulled(ref, OLDER),
      await pulled(ref, NEWER),
      await pulled(ref, sha(3)),
    ];
    const attempt = (state: Pulled) =>
      startPipeline({ executionArn: `arn:${state.pull.commit}`, state }).catch(() => undefined);
    steps.started.length = 0;
    await attempt(first);
    steps.refusesToStart = { name: 'InternalFailure', status: 500 };
    await attempt(second);
    await attempt(third);
    steps.refusesToStart = { name: 'InvalidStructureException', status: 400 };
    await attempt(third);
    await attempt(second);
    steps.refusesToStart = undefined;
    await expect(startPipeline({ executionArn: 'arn:told-again', state: first })).rejects.toMatchObject({
      name: 'Unchanged',
    });
    expect(steps.started).toEqual([`commits/${OLDER}.zip`]);
  });

  it('keeps a ref locked for as long as it may have run, and no longer (I5)', async () => {
    const state = await pulled('refs/heads/lock', OLDER);
    const begin = () => startPipeline({ executionArn: 'arn:next', state });
    await lock(state, Date.now() + 60_000);
    await expect(begin()).rejects.toMatchObject({ name: 'RefBusy' });
    await lock(state, Date.now() - 1);
    expect(await begin()).toMatchObject({ name: 'deploy' });
  });

  it('leaves a pointer that the next one moves to where it belongs, though it comes too late itself (I4)', async () => {
    const ref = 'refs/heads/publish-died';
    const [older, newer] = [await pulled(ref, OLDER), await pulled(ref, NEWER)];
    const { token, tip: commit, tipKey: key } = newer.pull;
    // The newer one has published, and died before it copied the object.
    await recordPublished(pointerOf(newer), { token, commit, key });
    expect(await steps.pointerCommit(newer)).toBe('');
    await publish({ state: older });
    expect(await steps.pointerCommit(newer)).toBe(NEWER);
  });
});

const telling = (change: number): Step => ({
  telling: { change, deliveryId: `d${change}`, replayName: '', event: 'push', rules: ['a'] },
});
const PUSH: readonly Step[] = [{ change: { commit: 1 } }, telling(1)];
const DELETION: readonly Step[] = [...PUSH, { change: { commit: 0 } }, telling(2)];

/** A delivery in which one call breaks off, at a time at which nothing else does. */
const dying = (steps: readonly Step[], planned: NonNullable<Scenario['planned']>): Scenario => ({
  rules: [ruleNamed('a')],
  steps,
  tag: false,
  hostTimes: true,
  refused: [],
  functions: ['claim', 'publish', 'retire', 'start-pipeline', 'report'],
  restless: 0,
  pullsFail: 0,
  faults: 0,
  planned,
});

describe.each(['die-before', 'die-after', 'cut'] as const)(
  'a function of which a call breaks off (%s)',
  (decision) => {
    it.each([
      ['claim', PUSH, 'PipelineStarted'],
      ['publish', PUSH, 'PipelineStarted'],
      ['start-pipeline', PUSH, 'PipelineStarted'],
      ['report', PUSH, 'PipelineStarted'],
      ['retire', DELETION, 'RefRetired'],
    ])('%s: whichever call it is, the delivery ends as without it (I1, I4)', async (name, told, outcome) => {
      await steps.putArtifact(sha(1));
      let call = 1;
      for (let broke = true; broke; call++) {
        const history = await run(steps, dying(told, { name, call, decision }), 1);
        expect(await broken(history, steps), history.trace.join('\n')).toEqual([]);
        const last = history.executions.at(-1)?.ending?.outcome;
        // A push that looks after its deletion finds nothing: then nothing was retired before it.
        expect([outcome, 'Superseded']).toContain(last);
        if (told === PUSH) expect(last).toBe(outcome);
        if (told === PUSH) expect(await steps.objectCommit(history.pointerOf(ruleNamed('a')))).toBe(sha(1));
        broke = history.broke();
      }
      expect(call).toBeGreaterThan(3);
    });
  },
);

describe('a step that is called twice', () => {
  const context = {
    functionName: 'step',
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => 30_000,
  } as Context;

  it('starts one pipeline, although CodePipeline would start two, and answers the same (I2)', async () => {
    const state = await pulled('refs/heads/twice', OLDER);
    steps.started.length = 0;
    const call = () => startHandler({ executionArn: 'arn:twice', state }, context);
    const first = await call();
    expect(await call()).toEqual(first);
    expect(steps.started).toEqual([`commits/${OLDER}.zip`]);
  });

  it('publishes once: what has happened to the ref since is not undone (I2)', async () => {
    const ref = 'refs/heads/twice-published';
    const state = await pulled(ref, OLDER);
    const call = () => publishHandler({ executionArn: 'arn:published', state }, context);
    expect(await call()).toMatchObject({ outcome: 'Published' });
    const next = await pulled(ref, NEWER);
    await publish({ state: next });
    expect(await call()).toMatchObject({ outcome: 'Superseded' });
    expect(await steps.pointerCommit(next)).toBe(NEWER);
  });
});
