import '../../support/interleave/silence.ts';
import { describe, expect, it } from 'vitest';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { codePipelineError } from '../../support/functions/answer-calls.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { ownPipelines } from '../../support/functions/own-pipelines.ts';

const own = ownPipelines();
const pipeline = { name: 'deploy', variables: {} };
const end = { pipeline: 'teardown', variables: { REF: '{branch}', OTHER: 'undeclared' } };
const onClose = { pipeline, 'on-close': end };
const onDelete = { pipeline, 'on-delete': end };
const told = (state: Pulled, event: string, more: Partial<Pulled> = {}): Pulled => ({
  ...state,
  ...more,
  delivery: { ...state.delivery, event, id: event },
});

describe('the pipeline that a rule has for the end of a branch', () => {
  it('is started once for each end, by whoever tells of it first', async () => {
    await own.build(await own.pushed('ends', onDelete));
    const gone = await own.over('ends', onDelete);
    const started = await own.takeDown(told(gone, 'push'), 'arn:push');
    expect(started).toEqual({
      ...{ name: 'teardown', outcome: 'PipelineStarted', seconds: 0, since: new Date().toISOString() },
      executionId: expect.stringMatching(/^execution-/),
    });
    expect(await own.takeDown(told(gone, 'push'), 'arn:push')).toEqual(started);
    expect(await own.takeDown(told(gone, 'delete'), 'arn:delete')).toMatchObject({
      ...{ outcome: 'Unchanged', name: '', executionId: '' },
    });
    expect(await own.end(gone)).toEqual({
      ...{ owner: 'arn:push', executionId: started.executionId, commit: '', taken: 1, until: 0 },
      ...{ delivery: 'push', told: ['push', 'delete'], failed: false },
    });
    expect(await own.runsOf('teardown')).toHaveLength(1);
  });

  it('is started again by a replay, and for an end after another build', async () => {
    await own.build(await own.pushed('twice', onDelete));
    const gone = await own.over('twice', onDelete);
    await own.takeDown(told(gone, 'push'), 'arn:one');
    const replay = told(gone, 'push', { replayName: 'again' });
    expect(await own.takeDown(replay, 'arn:replay')).toMatchObject({ outcome: 'PipelineStarted' });
    await own.build(await own.pushed('twice', onDelete));
    const again = await own.over('twice', onDelete);
    expect(await own.takeDown(told(again, 'push'), 'arn:two')).toMatchObject({ outcome: 'PipelineStarted' });
    expect(await own.runsOf('teardown')).toHaveLength(3);
  });

  it('is started for an end after a build that CodePipeline refused at first', async () => {
    await own.build(await own.pushed('limit', onDelete));
    await own.takeDown(told(await own.over('limit', onDelete), 'push'), 'arn:one');
    const again = await own.pushed('limit', onDelete);
    const limit = codePipelineError('ConcurrentPipelineExecutionsLimitExceededException');
    const refused = { before: () => Promise.reject(limit) };
    const build = aroundCall('StartPipelineExecution', refused, () => own.build(again));
    expect(await own.failure(build)).toMatch(/^ConcurrentPipelineExecutionsLimitExceededException: /);
    // The machine tries StartPipeline alone once more.
    await startPipeline({ executionArn: `start of ${again.pull.commit}`, state: again });
    const gone = told(await own.over('limit', onDelete), 'push');
    expect(await own.takeDown(gone, 'arn:two')).toMatchObject({ outcome: 'PipelineStarted' });
  });

  it('is started for each event once where nothing was ever built', async () => {
    const outcome = async (event: string, arn: string) =>
      (await own.takeDown(told(await own.over('never', onDelete), event), arn)).outcome;
    expect(await outcome('push', 'arn:1')).toBe('PipelineStarted');
    expect(await outcome('delete', 'arn:2')).toBe('Unchanged');
    expect(await outcome('delete', 'arn:3')).toBe('PipelineStarted');
  });

  it('is not started where the branch is there again', async () => {
    await own.build(await own.pushed('back', onDelete));
    const gone = await own.over('back', onDelete);
    await own.build(await own.pushed('back', onDelete));
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Superseded', executionId: '' });
    expect(await own.runsOf('teardown')).toHaveLength(0);
  });
});

describe('the pipeline that a rule has for the close of a request', () => {
  it('is started, and what was told of before starts nothing any more', async () => {
    const late = await own.pushed('closes', onClose);
    await own.build(await own.pushed('closes', onClose));
    own.later(1000);
    const closed = await own.over('closes', onClose);
    expect(await own.takeDown(closed)).toMatchObject({ outcome: 'PipelineStarted' });
    expect(await own.failure(own.build(late))).toMatch(/^(Superseded|Unchanged)/);
  });

  it('is not started by a close of before the request was opened again', async () => {
    await own.build(await own.pushed('reopened', onClose));
    own.later(1000);
    const closed = await own.over('reopened', onClose);
    own.later(1000);
    await own.build(await own.pushed('reopened', onClose));
    expect(await own.takeDown(closed)).toMatchObject({ outcome: 'Superseded', executionId: '' });
    expect(await own.runsOf('teardown')).toHaveLength(0);
  });

  it.each([
    ['builds no pipeline', undefined],
    ['has none by this name', { name: '{payload.name}', variables: {} }],
  ])('is started of a rule that %s', async (title, without) => {
    const closed = await own.over(`bare-${title.length}`, { pipeline: without, 'on-close': end });
    expect(await own.takeDown(closed)).toMatchObject({ outcome: 'PipelineStarted' });
  });

  it('is not that for a deletion', async () => {
    const closed = await own.over('other', { ...onClose, 'on-delete': { ...end, pipeline: 'nobodys' } });
    expect(await own.takeDown(closed)).toMatchObject({ name: 'teardown' });
    const gone = await own.over('other', { ...onDelete, 'on-close': undefined });
    expect(await own.takeDown({ ...gone, route: 'close' })).toMatchObject({ outcome: 'Ignored' });
  });
});

it('an end is that of a ref of a repository', async () => {
  const gone = await own.over('whole', onDelete);
  for (const member of ['repository', 'ref']) {
    const state = { ...gone, delivery: { ...gone.delivery, [member]: undefined } } as Pulled;
    expect(await own.failure(own.takeDown(state))).toContain(member);
  }
});

it('an end that CodePipeline does not start is no end', async () => {
  const gone = await own.over('refused', onDelete);
  const denied = { before: () => Promise.reject(new Error('denied')) };
  const refused = aroundCall('StartPipelineExecution', denied, () => own.takeDown(gone));
  expect(await own.failure(refused)).toBe('Error: denied');
  expect(await own.end(gone)).toBeUndefined();
});
