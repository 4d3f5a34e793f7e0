import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as publishHandler } from '../../functions/publish/index.ts';
import { publish } from '../../functions/publish/publish.ts';
import { nextToken } from '../../functions/pull/fencing-token.ts';
import { pointerOf } from '../../functions/shared/move-pointer.ts';
import { recordPublished } from '../../functions/shared/ref-record.ts';
import { handler as startHandler } from '../../functions/start-pipeline/index.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps?.close());

const [OLDER, NEWER] = ['a'.repeat(40), 'b'.repeat(40)];

/** A look-up of a ref that found this commit there. */
async function pulled(ref: string, commit: string): Promise<Pulled> {
  const token = await nextToken(pointerOf(pulledState(ref, {})));
  const artifact = await steps.putArtifact(commit);
  return pulledState(ref, { token, commit, tip: commit, tipKey: artifact.key, ...artifact });
}

async function lock(state: Pulled, expires: number): Promise<void> {
  const client = new DynamoDBClient();
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: 'refs',
      Key: { id: pointerOf(state) },
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
    steps.refusesToStart = true;
    await expect(startPipeline({ executionArn: 'arn:newer', state: newer })).rejects.toThrow('not now');
    steps.refusesToStart = false;
    await expect(startPipeline({ executionArn: 'arn:older', state: older })).rejects.toMatchObject({
      name: 'Superseded',
    });
    await startPipeline({ executionArn: 'arn:newer', state: newer });
    expect(steps.started).toEqual([`commits/${NEWER}.zip`]);
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
    expect(await publish({ state: older })).toMatchObject({ outcome: 'Superseded' });
    expect(await steps.pointerCommit(newer)).toBe(NEWER);
  });
});

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
    const first = await call();
    const next = await pulled(ref, NEWER);
    await publish({ state: next });
    expect(await call()).toEqual(first);
    expect(await steps.pointerCommit(next)).toBe(NEWER);
  });
});
