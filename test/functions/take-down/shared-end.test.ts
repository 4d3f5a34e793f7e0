import '../../support/interleave/silence.ts';
import { describe, expect, it, vi } from 'vitest';
import { optionsHash } from '../../../functions/shared/artifact.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { codePipelineError } from '../../support/functions/answer-calls.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { ownPipelines } from '../../support/functions/own-pipelines.ts';
import { openedRequest, pulledState } from '../../support/functions/steps.ts';

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
    const state = await own.pushed('ends', onDelete);
    await own.build(state);
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
    const { commit, key } = state.pull;
    expect(await own.end(gone)).toEqual({
      ...{ owner: 'arn:push', executionId: started.executionId, commit, key, taken: 1, until: 0 },
      ...{ counter: optionsHash(state.rule.pull), replayName: '' },
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
    // The replay has the deletion's other event too.
    const other = told(gone, 'delete', { replayName: 'again' });
    expect(await own.takeDown(other, 'arn:other')).toMatchObject({ outcome: 'Unchanged' });
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

  it('is started for an end after the options of the rule’s pull have changed, whose tokens begin anew', async () => {
    const { pull } = pulledState('refs/heads/any', {}).rule;
    for (const lfs of [false, true]) {
      const rule = { ...onDelete, pull: { ...pull, lfs } };
      await own.build(await own.pushed('options', rule));
      const gone = told(await own.over('options', rule), 'push');
      expect(await own.takeDown(gone, `arn:${lfs}`)).toMatchObject({ outcome: 'PipelineStarted' });
    }
    expect(await own.runsOf('teardown')).toHaveLength(2);
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

  it('is started for each request of a branch', async () => {
    const state = await own.pushed('requests', onClose);
    const of = (number: number): Pulled => ({
      ...state,
      time: new Date().toISOString(),
      delivery: {
        ...state.delivery,
        id: `close-${number}`,
        pullRequest: { ...openedRequest(state.pull.commit), number },
      },
    });
    await own.build(of(7));
    expect(await own.failure(startPipeline({ executionArn: 'arn:open-8', state: of(8) }))).toMatch(
      /^Unchanged: /,
    );
    for (const number of [7, 8]) {
      own.later(1000);
      const closed: Pulled = { ...of(number), route: 'close' };
      expect(await own.takeDown(closed, `arn:${number}`)).toMatchObject({ outcome: 'PipelineStarted' });
      expect(await own.takeDown(closed, `arn:again-${number}`)).toMatchObject({ outcome: 'Unchanged' });
    }
    expect(await own.runsOf('teardown')).toHaveLength(2);
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

const throws = (when: 'before' | 'after', error: Error, work: () => Promise<unknown>) =>
  own.failure(aroundCall('StartPipelineExecution', { [when]: () => Promise.reject(error) }, work));

it('an end that CodePipeline refuses is no end, and leaves the one before on record', async () => {
  await own.build(await own.pushed('refused', onDelete));
  const gone = await own.over('refused', onDelete);
  const denied = codePipelineError('AccessDeniedException');
  const refused = (state: Pulled) =>
    throws('before', denied, () => own.takeDown(state, `arn:${state.replayName}`));
  expect(await refused(gone)).toBe('AccessDeniedException: AccessDeniedException it is');
  expect(await own.end(gone)).toBeUndefined();
  await own.takeDown(told(gone, 'push'), 'arn:push');
  await refused({ ...gone, replayName: 'again' });
  expect(await own.end(gone)).toMatchObject({ owner: 'arn:push', replayName: '' });
});

describe('an end of whose start the answer is lost', () => {
  const lost = codePipelineError('ThrottlingException');

  it.each(['push', 'delete'])('is one start, though the %s is the next to tell of it', async (event) => {
    const branch = `lost-${event}`;
    await own.build(await own.pushed(branch, onDelete));
    const gone = await own.over(branch, onDelete);
    // A value of the payload that the other event has not.
    const first = { ...told(gone, 'push'), values: { 'payload.ref': 'r' } };
    const variables = { ...end, variables: { REF: '{payload.ref}' } };
    const state = { ...first, rule: { ...first.rule, 'on-delete': variables } };
    expect(await throws('after', lost, () => own.takeDown(state, 'arn:push'))).toMatch(
      /^ThrottlingException: /,
    );
    const asked = vi.spyOn(own.direct.pipelines, 'call');
    const next = event === 'push' ? state : told(gone, 'delete');
    expect(await own.takeDown(next, `arn:${event}`)).toMatchObject({ outcome: 'PipelineStarted' });
    const [, input] = asked.mock.calls.find(([operation]) => operation === 'StartPipelineExecution') ?? [];
    expect(input).toMatchObject({ variables: [{ name: 'REF', value: 'r' }] });
    expect(await own.takeDown(state, 'arn:push')).toMatchObject({ outcome: 'PipelineStarted' });
    expect(await own.runsOf('teardown')).toHaveLength(1);
    expect(await own.end(gone)).toMatchObject({ owner: 'arn:push', told: [...new Set(['push', event])] });
  });

  it('is none once the branch is there again', async () => {
    await own.build(await own.pushed('lost-back', onDelete));
    const gone = await own.over('lost-back', onDelete);
    await throws('before', lost, () => own.takeDown(gone));
    await own.build(await own.pushed('lost-back', onDelete));
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Superseded' });
    expect(await own.runsOf('teardown')).toHaveLength(0);
  });
});
