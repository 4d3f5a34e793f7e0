import '../../support/interleave/silence.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordClosed } from '../../../functions/shared/closed-requests.ts';
import { withLease } from '../../../functions/shared/lease.ts';
import { logger } from '../../../functions/shared/logged.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { ownPipelines, ownRule } from '../../support/functions/own-pipelines.ts';
import { publish } from '../../support/functions/publish.ts';
import { deployRules } from '../../support/functions/validate-aws.ts';

const own = ownPipelines();
const DAY = 86_400_000;
const requests = ownRule({ each: 'pull-request' });

let told: unknown[][];
beforeEach(() => {
  told = [];
  vi.spyOn(logger, 'error').mockImplementation((...line) => void told.push(line));
});
afterEach(() => void vi.restoreAllMocks());

/** The close of a request is on record, and nothing of its end was carried out. */
async function closed(state: Pulled): Promise<void> {
  const id = startsId(state.delivery.host, state.delivery.repository.fullName, state.delivery.ref);
  const time = new Date().toISOString();
  await withLease(id, 'arn:closed', () => recordClosed(id, 'arn:closed', own.nameOf(state), { time }));
}

it('the pipeline of a branch of which nothing is on record any more stays', async () => {
  const state = await own.pushed('forgotten');
  const name = await own.build(state);
  await own.direct.call('dynamodb', 'DeleteItem', {
    TableName: 'refs',
    Key: { id: { S: pointerOf(state) } },
  });
  expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
  expect(await own.isThere(name)).toBe(true);
});

describe('the pipeline of a request', () => {
  beforeEach(() => deployRules({ name: 'default', ...requests }));

  it('is taken down once the request was closed, and told of as the end of a request', async () => {
    const state = await own.pushed('request', requests);
    const name = await own.build(state);
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
    expect(told).toEqual([]);
    await closed(state);
    own.direct.runs.lasts = 1000;
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 1 });
    const owner = `sweep of ${name} on ${new Date().toISOString().slice(0, 10)}`;
    expect(await own.end(state)).toMatchObject({ owner, delivery: 'sweep', commit: state.pull.commit });
    own.later(1000);
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 1 });
    expect(await own.isThere(name)).toBe(false);
    expect(await own.sweep()).toEqual({ pipelines: 0, ending: 0 });
  });

  it('stays where the request was opened again since', async () => {
    const state = await own.pushed('reopened', requests);
    const name = await own.build(state);
    await closed(state);
    own.later(1000);
    await own.build(await own.pushed('reopened', requests));
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
    expect(await own.isThere(name)).toBe(true);
  });

  it('stays where it is opened again while its teardown runs', async () => {
    const state = await own.pushed('returning', requests);
    const name = await own.build(state);
    await closed(state);
    own.direct.runs.lasts = 1000;
    await own.sweep();
    own.later(4 * 3600_000);
    await own.build(await own.pushed('returning', requests)).catch(() => undefined);
    own.direct.runs.lasts = 0;
    await own.sweep();
    expect(await own.isThere(name)).toBe(true);
  });

  it('is none of a rule that has its pipelines for branches by now, nor of one that is gone', async () => {
    await own.build(await own.pushed('left', requests));
    for (const rule of [
      { name: 'default', ...ownRule() },
      { name: 'other', ...requests },
      { name: 'bare' },
    ]) {
      deployRules(rule);
      expect(await own.sweep()).toEqual({ pipelines: 0, ending: 0 });
    }
    deployRules({ name: 'new', was: ['default'], ...requests });
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
  });
});

describe('the pipeline of a branch', () => {
  it('whose teardown has failed for a delivery is tried again by the next sweep', async () => {
    const name = await own.build(await own.pushed('failed'));
    const gone = await own.over('failed');
    own.direct.runs.fails = true;
    await own.failure(own.takeDown(gone));
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 1 });
    expect(await own.isThere(name)).toBe(false);
  });

  it.each(['branch', 'pull-request'] as const)(
    'of each %s stays where nothing is on record',
    async (each) => {
      const rule = ownRule({ each });
      deployRules({ name: 'default', ...rule });
      const state = await own.pushed(`lost-${each}`, rule);
      const name = await own.build(state);
      const { host, repository, ref } = state.delivery;
      const id = startsId(host, repository.fullName, ref);
      await own.direct.call('dynamodb', 'DeleteItem', { TableName: 'refs', Key: { id: { S: id } } });
      expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
      expect(await own.isThere(name)).toBe(true);
      expect(told).toEqual([]);
    },
  );

  it('is not looked for where no rule has one', async () => {
    deployRules({ name: 'bare' }, { name: 'shared', pipeline: { name: 'deploy', variables: {} } });
    await expect(aroundCall('ListPipelines', {}, own.sweep)).rejects.toThrow(
      'no call of ListPipelines was made',
    );
  });

  it('is left alone by a sweep that finds the branch there again', async () => {
    const name = await own.build(await own.pushed('there'));
    await own.over('there');
    await publish({ state: await own.pushed('there') });
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
    expect(await own.isThere(name)).toBe(true);
  });

  it('that cannot go is told of, and keeps no other', async () => {
    const [one, two] = [await own.build(await own.pushed('a')), await own.build(await own.pushed('b'))];
    for (const branch of ['a', 'b']) await own.over(branch);
    const denied = new Error('may not be deleted');
    const swept = aroundCall('DeletePipeline', { before: () => Promise.reject(denied) }, own.sweep);
    await expect(swept).rejects.toThrow(`not taken down: ${one}: may not be deleted`);
    expect(told[0]).toEqual([`the pipeline ${one} was not taken down`, denied]);
    expect([await own.isThere(one), await own.isThere(two)]).toEqual([true, false]);
  });

  it('whose teardown failed is tried again on another day, in the name of that day', async () => {
    const state = await own.pushed('tomorrow');
    const name = await own.build(state);
    await own.over('tomorrow');
    own.direct.runs.fails = true;
    const failed = `not taken down: ${name}: the execution execution-`;
    for (const _ of [1, 2]) await expect(own.sweep()).rejects.toThrow(failed);
    expect(await own.runsOf('teardown')).toHaveLength(1);
    own.later(DAY);
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 1 });
    expect(await own.isThere(name)).toBe(false);
  });

  it('that another is at work on is no failure', async () => {
    const name = await own.build(await own.pushed('busy'));
    await own.over('busy');
    const state = await own.pushed('busy-too');
    const id = startsId(state.delivery.host, state.delivery.repository.fullName, 'refs/heads/busy');
    const swept = await withLease(id, 'arn:other', own.sweep);
    expect(swept).toEqual({ pipelines: 1, ending: 0 });
    expect(await own.isThere(name)).toBe(true);
  });

  it('is counted once, and not where it is not ours', async () => {
    deployRules({ name: 'default', ...ownRule() }, { name: 'twin', ...ownRule() });
    await own.build(await own.pushed('ours'));
    process.env.PIPELINE_OWNER = 'another';
    await own.build(await own.pushed('theirs'));
    process.env.PIPELINE_OWNER = 'hookline';
    const call = (operation: string, input: object) => own.direct.pipelines.call(operation, input);
    const bare = { ...Object(call('GetPipeline', { name: 'app' })).pipeline, name: 'app-nobody-123456' };
    call('CreatePipeline', { pipeline: bare });
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
  });
});

describe('a pipeline that has not run', () => {
  const idle = ownRule({ idleDays: 14 });
  beforeEach(() => deployRules({ name: 'default', ...idle }));

  it('for the days of its rule is taken down, and not a moment earlier', async () => {
    const name = await own.build(await own.pushed('idle', idle));
    own.later(14 * DAY - 1);
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 0 });
    own.later(1);
    expect(await own.sweep()).toEqual({ pipelines: 1, ending: 1 });
    expect(await own.isThere(name)).toBe(false);
  });

  it('stays where it runs, where nobody knows when it ran, and where its rule names no days', async () => {
    const name = await own.build(await own.pushed('runs', idle));
    own.later(15 * DAY);
    const listed = (...pipelineExecutionSummaries: object[]) =>
      aroundCall('ListPipelineExecutions', { instead: { pipelineExecutionSummaries } }, own.sweep);
    expect(await listed({ status: 'InProgress', lastUpdateTime: new Date(0) })).toMatchObject({ ending: 0 });
    expect(await listed({ status: 'Succeeded' })).toMatchObject({ ending: 0 });
    expect(await listed()).toMatchObject({ ending: 0 });
    expect(await listed({ status: 'Failed', startTime: new Date() })).toMatchObject({ ending: 0 });
    const recent = { status: 'Failed', startTime: new Date(0), lastUpdateTime: new Date() };
    expect(await listed(recent)).toMatchObject({ ending: 0 });
    deployRules({ name: 'default', ...ownRule() });
    expect(await own.sweep()).toMatchObject({ ending: 0 });
    expect(await own.isThere(name)).toBe(true);
  });

  it('stays where it has begun to run while its teardown did', async () => {
    const name = await own.build(await own.pushed('woken', idle));
    own.later(15 * DAY);
    own.direct.runs.lasts = 3600_000;
    expect(await own.sweep()).toMatchObject({ ending: 1 });
    own.direct.pipelines.call('StartPipelineExecution', { name, clientRequestToken: 'by hand' });
    own.later(3600_000);
    expect(await own.sweep()).toMatchObject({ ending: 1 });
    expect(await own.isThere(name)).toBe(true);
    expect(await own.sweep()).toMatchObject({ ending: 0 });
  });
});
