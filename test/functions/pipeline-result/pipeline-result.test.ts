import '../../support/interleave/silence.ts';
import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { detailSchema } from '../../../events/bus-event.ts';
import { claim } from '../../../functions/claim/claim.ts';
import { handler } from '../../../functions/pipeline-result/index.ts';
import { report } from '../../../functions/report/report.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { type StatusHost, startStatusHost } from '../../support/functions/status-host.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';

let steps: Steps;
let host: StatusHost;
beforeAll(async () => {
  steps = await startDirect();
  host = await startStatusHost();
  steps.hosts = host.hosts;
});
beforeEach(() => {
  host.statuses.length = 0;
  host.delays.length = 0;
  host.answer = 201;
  steps.results.length = 0;
});
afterAll(async () => {
  host?.close();
  await steps?.close();
});

interface Started {
  readonly state: Pulled;
  readonly executionArn: string;
  readonly executionId: string;
}

/** A claimed delivery of a rule with `status: true`, whose pipeline execution is known by this id. */
async function started(
  rule: Partial<Pulled['rule']> = {},
  executionId: string = randomUUID(),
): Promise<Started> {
  const id = randomUUID();
  const pulled = pulledState('refs/heads/main', { commit: 'a'.repeat(40) }, { status: true, ...rule });
  const state = { ...pulled, delivery: { ...pulled.delivery, id }, key: `default#github.com#${id}#` };
  const executionArn = `arn:aws:states:us-east-1:0:execution:hookline:${id}`;
  await claim({ executionArn, state });
  return { state, executionArn, executionId };
}

const reported = ({ state, executionArn, executionId }: Started, outcome = 'PipelineStarted') =>
  report({ outcome, executionArn, state: { ...state, pipeline: { name: 'deploy', executionId } } });

const told = (executionId: string, state: string, seconds = 0, attempt = 1) =>
  handler(
    {
      time: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
      detail: {
        pipeline: 'deploy',
        'execution-id': executionId,
        state,
        'pipeline-execution-attempt': attempt,
      },
    },
    {} as Context,
  );

const recordOf = ({ state }: Started) => steps.record('deliveries', state.key);
const lastStatus = () => host.statuses.at(-1);

describe('the commit status of a rule with a pipeline', () => {
  it('is pending while the pipeline runs, leads to it, and ends as it ends', async () => {
    const delivery = await started();
    await reported(delivery);
    const target_url = `https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/deploy/executions/${delivery.executionId}/visualization?region=us-east-1`;
    const always = { context: 'hookline/default', target_url };
    expect(lastStatus()).toEqual({ ...always, state: 'pending', description: 'The pipeline runs' });
    await told(delivery.executionId, 'SUCCEEDED', 60);
    expect(lastStatus()).toEqual({ ...always, state: 'success', description: 'The pipeline succeeded' });
    expect(await recordOf(delivery)).toMatchObject({
      outcome: 'PipelineStarted',
      pipeline: 'deploy',
      pipelineStatus: 'Succeeded',
      pipelineEndedAt: '2026-01-01T00:01:00.000Z',
    });
  });

  it.each([
    ['FAILED', 'Failed', 'The pipeline failed'],
    ['STOPPED', 'Stopped', 'The pipeline was stopped'],
    ['SUPERSEDED', 'Superseded', 'A newer execution of the pipeline took the place of this one'],
    ['CANCELED', 'Cancelled', 'The pipeline was changed while it ran'],
  ])('fails when the execution is %s', async (state, pipelineStatus, description) => {
    const delivery = await started();
    await reported(delivery);
    await told(delivery.executionId, state);
    expect(lastStatus()).toMatchObject({ state: 'failure', description });
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus });
  });

  it('says which action failed, on the page of the commit, on record and in the event, until it is tried again', async () => {
    const failed = (message: string) => ({
      stageName: 'Build',
      actionName: 'Compile',
      status: 'Failed',
      output: { executionResult: { errorDetails: { code: 'JobFailed', message } } },
    });
    steps.actions = [failed('src/a.ts(1,2): no such thing\nsecond line'), failed('of an attempt before')];
    const delivery = await started();
    await reported(delivery);
    await told(delivery.executionId, 'FAILED', 1);
    steps.actions = [];
    const message = 'src/a.ts(1,2): no such thing';
    expect(lastStatus()).toMatchObject({
      state: 'failure',
      description: `The pipeline failed in stage Build, action Compile: ${message}`,
    });
    const failure = {
      pipelineFailedStage: 'Build',
      pipelineFailedAction: 'Compile',
      pipelineMessage: message,
    };
    expect(await recordOf(delivery)).toMatchObject(failure);
    expect(steps.results.at(-1)?.Detail).toMatchObject({
      pipeline: { status: 'Failed', failedStage: 'Build', failedAction: 'Compile', message },
    });
    const unchanged = await started({}, delivery.executionId);
    await reported(unchanged);
    expect(await recordOf(unchanged)).toMatchObject(failure);
    await told(delivery.executionId, 'RESUMED', 2, 2);
    expect(await recordOf(delivery)).toMatchObject({ pipelineFailedStage: '', pipelineMessage: '' });
  });

  it('of one that succeeded after a stage was tried again names no action', async () => {
    const delivery = await started();
    await reported(delivery);
    steps.actions = [{ stageName: 'Build', actionName: 'Compile', status: 'Failed' }];
    await told(delivery.executionId, 'SUCCEEDED', 1);
    steps.actions = [];
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'Succeeded', pipelineFailedStage: '' });
  });

  it('is pending again while a failed stage is tried again', async () => {
    const delivery = await started();
    await reported(delivery);
    await told(delivery.executionId, 'FAILED', 1);
    await told(delivery.executionId, 'RESUMED', 2, 2);
    expect(lastStatus()).toMatchObject({ state: 'pending' });
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'InProgress', pipelineEndedAt: '' });
    await told(delivery.executionId, 'FAILED', 1);
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'InProgress' });
    await told(delivery.executionId, 'SUCCEEDED', 3, 2);
    expect(lastStatus()).toMatchObject({ state: 'success' });
  });

  it('has the name that the rule gives it, from the first to the last', async () => {
    const delivery = await started({ status: { context: 'ci / build' } });
    await reported(delivery, 'Pending');
    await reported(delivery);
    await told(delivery.executionId, 'SUCCEEDED');
    expect(host.statuses.map(({ context, state }) => `${context} ${state}`)).toEqual([
      'ci / build pending',
      'ci / build pending',
      'ci / build success',
    ]);
  });

  it('is none without the option', async () => {
    const delivery = await started({ status: false });
    await reported(delivery);
    await told(delivery.executionId, 'SUCCEEDED');
    expect(host.statuses).toEqual([]);
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'Succeeded', status: 'off' });
  });

  it('is none any more where the last report has written none', async () => {
    const delivery = await started();
    await reported(delivery, 'Pending');
    const { state } = delivery;
    await reported({ ...delivery, state: { ...state, rule: { ...state.rule, status: false } } });
    host.statuses.length = 0;
    await told(delivery.executionId, 'SUCCEEDED');
    expect(host.statuses).toEqual([]);
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'Succeeded', status: 'off' });
  });

  it('that the host refused at the start is written at the end', async () => {
    const delivery = await started();
    host.answer = 403;
    await reported(delivery);
    host.answer = 201;
    await told(delivery.executionId, 'SUCCEEDED');
    expect(host.statuses).toMatchObject([{ state: 'success' }]);
    expect(await recordOf(delivery)).toMatchObject({ status: 'written', statusReason: '' });
  });

  it('that the host does not take for now is told again, with all else on record', async () => {
    const delivery = await started();
    await reported(delivery);
    host.answer = 429;
    const reason = 'github.com did not take the commit status of acme/app: github.com asks for 60 s of rest';
    await expect(told(delivery.executionId, 'SUCCEEDED')).rejects.toMatchObject({
      ...{ name: 'HostUnreachable', message: reason },
    });
    expect(await recordOf(delivery)).toMatchObject({
      ...{ pipelineStatus: 'Succeeded', status: 'refused', statusReason: reason },
    });
    expect(steps.results.map(({ DetailType }) => DetailType)).toEqual(['delivery ended', 'pipeline ended']);
    host.answer = 201;
    await told(delivery.executionId, 'SUCCEEDED');
    expect(lastStatus()).toMatchObject({ state: 'success' });
    expect(await recordOf(delivery)).toMatchObject({ status: 'written', statusReason: '' });
  });

  it('that the host does not take while the pipeline runs is left to the end', async () => {
    const delivery = await started();
    await reported(delivery);
    await told(delivery.executionId, 'FAILED', 1);
    host.answer = 429;
    expect(await told(delivery.executionId, 'RESUMED', 2, 2)).toMatchObject({ outcome: 'InProgress' });
    expect(await recordOf(delivery)).toMatchObject({ pipelineStatus: 'InProgress', status: 'refused' });
  });

  it('of several deliveries asks a host that does not answer once, in less time than the function has', async () => {
    const deliveries = [await started()];
    for (const _ of [2, 3]) deliveries.push(await started({}, deliveries[0]?.executionId));
    for (const each of deliveries) await reported(each);
    const { timeout } = AbortSignal;
    const faster = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
    const before = host.asked;
    host.delays.push(...Array(30).fill(1500));
    const reason = await told(deliveries[0]?.executionId ?? '', 'SUCCEEDED').catch(({ message }) => message);
    faster.mockRestore();
    expect(reason).toMatch(/^github.com did not take the commit status of acme\/app: /);
    expect(host.asked).toBe(before + 1);
    for (const each of deliveries)
      expect(await recordOf(each)).toMatchObject({
        pipelineStatus: 'Succeeded',
        status: 'refused',
        statusReason: reason,
      });
  });

  it('is not that of an execution whose delivery has started another one since', async () => {
    const delivery = await started();
    await reported(delivery);
    const again = { ...delivery, executionArn: 'arn:again', executionId: randomUUID() };
    steps.executions.set(delivery.executionArn, 'FAILED');
    await claim({ executionArn: again.executionArn, state: delivery.state });
    await reported(again);
    await told(delivery.executionId, 'FAILED');
    expect(lastStatus()).toMatchObject({ state: 'pending' });
    expect(await recordOf(delivery)).toMatchObject({ pipelineExecutionId: again.executionId });
    await told(again.executionId, 'SUCCEEDED');
    expect(lastStatus()).toMatchObject({ state: 'success' });
  });
});

it('a status that the host took too late is written over by the newer one', async () => {
  const delivery = await started();
  await reported(delivery);
  const before = host.asked;
  host.delays.push(300);
  const late = told(delivery.executionId, 'FAILED', 1);
  await expect.poll(() => host.asked).toBe(before + 1);
  await told(delivery.executionId, 'SUCCEEDED', 3, 2);
  await late;
  expect(host.statuses.map(({ state }) => state)).toEqual(['pending', 'success', 'failure', 'success']);
});

describe('the bus is told', () => {
  it('of the delivery as it ends, and of the pipeline as it ends, with all that is on record', async () => {
    const delivery = await started();
    await reported(delivery, 'Pending');
    await reported(delivery);
    await told(delivery.executionId, 'SUCCEEDED', 60);
    const { id } = delivery.state.delivery;
    const all = {
      delivery: {
        ...{ host: 'github.com', id, event: 'push', repository: 'acme/app', ref: 'refs/heads/main' },
        ...{ commit: 'a'.repeat(40), receivedAt: '2026-01-01T00:00:00Z', replayName: '' },
      },
      ...{ rule: 'default', outcome: 'PipelineStarted', error: '', message: '', reason: '' },
      executionArn: delivery.executionArn,
      artifact: { key: '', versionId: '' },
    };
    const noFailure = { failedStage: '', failedAction: '', message: '' };
    const pipeline = { name: 'deploy', executionId: delivery.executionId, ...noFailure };
    const on = { EventBusName: 'hookline', Source: 'hookline' };
    const endedAt = '2026-01-01T00:01:00.000Z';
    expect(steps.results).toEqual([
      {
        ...{ ...on, DetailType: 'delivery ended' },
        Detail: { ...all, pipeline: { ...pipeline, status: 'InProgress', endedAt: '' } },
      },
      {
        ...{ ...on, DetailType: 'pipeline ended' },
        Detail: { ...all, pipeline: { ...pipeline, status: 'Succeeded', endedAt } },
      },
    ]);
  });

  it('of each end, and not of a stage that is tried again', async () => {
    const delivery = await started({ status: false });
    await reported(delivery);
    await told(delivery.executionId, 'FAILED', 1);
    await told(delivery.executionId, 'RESUMED', 2, 2);
    await told(delivery.executionId, 'SUCCEEDED', 3, 2);
    expect(steps.results.map(({ DetailType, Detail }) => [DetailType, Detail.pipeline])).toMatchObject([
      ['delivery ended', { status: 'InProgress' }],
      ['pipeline ended', { status: 'Failed' }],
      ['pipeline ended', { status: 'Succeeded' }],
    ]);
  });

  it('and a pattern for webhooks, with or without their type, takes none of its events', async () => {
    const delivery = await started();
    await reported(delivery);
    const { Detail } = steps.results[0] ?? {};
    for (const name of Object.keys(detailSchema.shape)) expect(Detail).not.toHaveProperty(name);
  });
});

it('an execution that nobody of ours started tells no delivery', async () => {
  expect(await told(randomUUID(), 'FAILED')).toEqual({ outcome: 'Failed', deliveries: 0 });
  expect(host.statuses).toEqual([]);
});

describe('a delivery of a commit that its rule has built before', () => {
  async function twice(): Promise<{ first: Started; second: Started }> {
    const artifact = await steps.putArtifact('b'.repeat(40));
    const pull = { commit: 'b'.repeat(40), tip: 'b'.repeat(40), ...artifact, token: 1 };
    const ref = `refs/heads/${randomUUID()}`;
    const [first, second] = [await started(), await started()].map((each) => ({
      ...each,
      state: {
        ...each.state,
        pull: { ...each.state.pull, ...pull },
        delivery: { ...each.state.delivery, ref },
      },
    }));
    if (!first || !second) throw new Error('two deliveries were begun');
    const { executionId } = await startPipeline(first);
    await reported({ ...first, executionId });
    await expect(startPipeline(second)).rejects.toMatchObject({ name: 'Unchanged' });
    return { first: { ...first, executionId }, second: { ...second, executionId } };
  }
  const unchanged = ({ executionArn, state }: Started) =>
    report({ outcome: 'Unchanged', executionArn, state });

  it('is no success while the pipeline runs, and ends as it ends', async () => {
    const { first, second } = await twice();
    await unchanged(second);
    expect(lastStatus()).toMatchObject({ state: 'pending' });
    await told(first.executionId, 'FAILED');
    expect(lastStatus()).toMatchObject({ state: 'failure' });
    for (const each of [first, second])
      expect(await recordOf(each)).toMatchObject({ pipelineStatus: 'Failed', pipeline: 'deploy' });
  });

  it('says at once what its pipeline came to', async () => {
    const { first, second } = await twice();
    await told(first.executionId, 'FAILED');
    await unchanged(second);
    expect(host.statuses.filter(({ state }) => state === 'pending')).toHaveLength(1);
    expect(lastStatus()).toMatchObject({ state: 'failure' });
    expect(await recordOf(second)).toMatchObject({ outcome: 'Unchanged', pipelineStatus: 'Failed' });
  });
});

/** The events of an execution whose failed stages are tried again, as CodePipeline sends them. */
const lives = fc
  .record({ retries: fc.nat(3), end: fc.constantFrom('SUCCEEDED', 'FAILED', 'STOPPED') })
  .map(({ retries, end }) =>
    Array.from({ length: retries + 1 }, (_, at) => {
      const attempt = at + 1;
      const resumed = at === 0 ? [] : [{ state: 'RESUMED', seconds: 10 * at, attempt }];
      const state = at === retries ? end : 'FAILED';
      return [...resumed, { state, seconds: 10 * at + 5, attempt }];
    }).flat(),
  );

it('whatever the order, however often and at once: the last event decides record and status', async () => {
  const orders = lives.chain((events) =>
    fc.record({
      last: fc.constant(events.at(-1)),
      // Each at least once; `report` is where Report says whose execution it is.
      steps: fc.tuple(fc.constant(events), fc.subarray(events)).chain(([all, more]) =>
        fc.shuffledSubarray([...all, ...more, 'report' as const], {
          minLength: all.length + more.length + 1,
        }),
      ),
      atOnce: fc.integer({ min: 1, max: 4 }),
      delays: fc.array(fc.nat(8), { maxLength: 12 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ({ last, steps: order, atOnce, delays }) => {
      const delivery = await started();
      host.statuses.length = 0;
      host.delays.splice(0, host.delays.length, ...delays);
      const act = (step: (typeof order)[number]) =>
        step === 'report'
          ? reported(delivery)
          : told(delivery.executionId, step.state, step.seconds, step.attempt);
      for (let at = 0; at < order.length; at += atOnce)
        await Promise.all(order.slice(at, at + atOnce).map(act));
      const statuses: Record<string, [string, string]> = {
        SUCCEEDED: ['Succeeded', 'success'],
        FAILED: ['Failed', 'failure'],
        STOPPED: ['Stopped', 'failure'],
      };
      const [pipelineStatus, state] = statuses[last?.state ?? ''] ?? [];
      expect(await recordOf(delivery)).toMatchObject({ pipelineStatus });
      expect(lastStatus()).toMatchObject({ state });
    }),
    { numRuns: 15 },
  );
});
