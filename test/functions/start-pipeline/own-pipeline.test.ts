import '../../support/interleave/silence.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { claim } from '../../../functions/claim/claim.ts';
import { recordClosed } from '../../../functions/shared/closed-requests.ts';
import { withLease } from '../../../functions/shared/lease.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { awsError, codePipelineError } from '../../support/functions/answer-calls.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { ownPipelines, ownRule } from '../../support/functions/own-pipelines.ts';
import { publish } from '../../support/functions/publish.ts';

const own = ownPipelines();
afterEach(() => void vi.restoreAllMocks());
const call = (operation: string, input: object) => Object(own.direct.pipelines.call(operation, input));
const declared = (name: string) => call('GetPipeline', { name }).pipeline;
const tagged = (name: string): Record<string, string> =>
  Object.fromEntries(
    call('ListTagsForResource', { resourceArn: `arn:${name}` }).tags.map(
      ({ key, value }: { key: string; value: string }) => [key, value],
    ),
  );
const start = (state: Pulled, executionArn: string) => startPipeline({ executionArn, state });
const refusing = (operation: string, error: Error, state: Pulled) =>
  own.failure(aroundCall(operation, { before: () => Promise.reject(error) }, () => own.build(state)));

describe('the first push to a branch', () => {
  it('makes a pipeline of the template, whose first run is of that push', async () => {
    const state = await own.pushed('topic');
    await publish({ state });
    const started = await start(state, 'arn:first');
    const { name } = started;
    expect(name).toMatch(/^app-topic-[0-9a-f]{6}$/);
    const { stages, ...copy } = declared(name);
    expect(copy).toMatchObject({ name, variables: [{ name: 'REF', defaultValue: 'topic' }] });
    expect(stages[0].actions[0].configuration).toMatchObject({
      S3Bucket: 'artifacts',
      S3ObjectKey: state.pull.key,
    });
    expect(stages[1]).toEqual(declared('app').stages[1]);
    expect(tagged(name)).toMatchObject({ hookline: 'hookline', 'hookline:execution': 'arn:first' });
    expect(await own.runsOf(name)).toMatchObject([{ pipelineExecutionId: started.executionId }]);
    // The execution that made it may have died before it knew.
    expect(await start(state, 'arn:first')).toEqual(started);
    expect(await own.runsOf(name)).toHaveLength(1);
  });

  it('finds its run a moment later, or is tried again', async () => {
    const state = await own.pushed('late');
    await publish({ state });
    const real = own.direct.pipelines.call.bind(own.direct.pipelines);
    let [looks, shows] = [0, 2];
    vi.spyOn(own.direct.pipelines, 'call').mockImplementation((operation, input) => {
      if (operation !== 'ListPipelineExecutions') return real(operation, input);
      looks += 1;
      const other = { trigger: { triggerType: 'StartPipelineExecution' }, pipelineExecutionId: 'other' };
      const none = [{ pipelineExecutionSummaries: [{}, other] }, {}][looks % 2];
      return looks < shows ? none : real(operation, input);
    });
    expect(await own.failure(start(state, 'arn:late'))).toContain('"executionId":"execution-1"');
    expect(looks).toBe(2);
    [looks, shows] = [0, 100];
    const busy = await own.pushed('busy');
    await publish({ state: busy });
    expect(await own.failure(start(busy, 'arn:busy'))).toBe(
      `RefBusy: the pipeline ${own.nameOf(busy)} was made and has not started itself yet; it is looked at again`,
    );
    expect(looks).toBe(4);
    // What is known of the start stays: the next try finds the run.
    shows = 0;
    expect(await own.failure(start(busy, 'arn:busy'))).toContain('"executionId":"execution-2"');
  });

  it.each([
    ['whose answer is lost, so that the SDK makes it twice', 'CreatePipeline', 'PipelineNameInUseException'],
    ['that the SDK makes twice at once', 'CreatePipeline', 'ConcurrentModificationException'],
    ['whose executions are not listed', 'ListPipelineExecutions', 'ThrottlingException'],
  ])('makes one %s, and finds its run at the next try', async (title, operation, name) => {
    const state = await own.pushed(`lost-${title.length}`);
    await publish({ state });
    const error = () => Promise.reject(codePipelineError(name));
    const refused = operation === 'CreatePipeline' ? { after: error } : { before: error };
    expect(await own.failure(aroundCall(operation, refused, () => start(state, 'arn:lost')))).toMatch(
      new RegExp(`^RefBusy: .*${name} it is`),
    );
    // Another delivery of the commit takes it for the same start.
    expect(await own.failure(start(state, 'arn:other'))).toContain('"executionId":"execution-1"');
    expect(await own.runsOf(own.nameOf(state))).toHaveLength(1);
  });

  it('makes none for a branch whose name no tag holds', async () => {
    const branch = 'x'.repeat(300);
    expect(await own.failure(own.build(await own.pushed(branch)))).toBe(
      `PipelineMissing: refs/heads/${branch} is too long for the tags of a pipeline; give the branch a name of some 200 characters at most`,
    );
  });

  it('makes none without a template', async () => {
    const rule = ownRule({ name: 'nobodys' });
    expect(await own.failure(own.build(await own.pushed('none', rule)))).toMatch(
      /^PipelineMissing: pipeline nobodys does not exist/,
    );
  });
});

describe('a template', () => {
  const one = ownRule({ limit: 1 });

  it('has no more pipelines than its limit, those of others left out', async () => {
    process.env.PIPELINE_OWNER = 'another';
    await own.build(await own.pushed('theirs', one));
    process.env.PIPELINE_OWNER = 'hookline';
    call('CreatePipeline', { pipeline: { ...declared('app'), name: 'app-nobody-123456' } });
    await own.build(await own.pushed('first', one));
    const second = await own.pushed('second', one);
    expect(await own.failure(own.build(second))).toBe(
      'PipelineLimit: there are at least 1 pipelines of the template app, and rule default has a limit of 1; delete branches or raise `pipeline.limit`, and redeliver',
    );
    expect(await own.isThere(own.nameOf(second))).toBe(false);
    // The branch that has one goes on, and the place of another is free again.
    await own.build(await own.pushed('first', one));
    call('DeletePipeline', { name: own.nameOf(await own.pushed('first', one)) });
    await own.build(second);
  });

  it('is not counted further than by names where these are few', async () => {
    const state = await own.pushed('few', ownRule({ limit: 2 }));
    call('CreatePipeline', { pipeline: { ...declared('app'), name: 'app-nobody-123456' } });
    vi.spyOn(own.direct.pipelines, 'call');
    await own.build(state);
    const asked = vi.mocked(own.direct.pipelines.call).mock.calls.map(([operation]) => operation);
    expect(asked.filter((operation) => operation === 'ListTagsForResource')).toEqual([]);
  });

  it('with many pipelines is counted ten at a time, and no further than its limit', async () => {
    await own.build(await own.pushed('many'));
    for (let at = 100_000; at < 100_035; at += 1)
      call('CreatePipeline', { pipeline: { ...declared('app'), name: `app-nobody-${at}` } });
    const real = own.direct.pipelines.call.bind(own.direct.pipelines);
    let [asked, open, most] = [0, 0, 0];
    vi.spyOn(own.direct.pipelines, 'call').mockImplementation(async (operation, input) => {
      if (operation !== 'GetPipeline' || !/^app-(nobody|many)/.test(Object(input).name))
        return real(operation, input);
      [asked, open] = [asked + 1, open + 1];
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return real(operation, input);
    });
    expect(await own.failure(own.build(await own.pushed('more', one)))).toMatch(/^PipelineLimit/);
    expect([most, asked]).toEqual([10, 10]);
    expect(await own.failure(own.build(await own.pushed('more', ownRule({ limit: 2 }))))).toMatch(
      /^no failure/,
    );
    expect([most, asked]).toEqual([10, 46]);
  });

  it('may be more than the account takes', async () => {
    const full = Object.assign(awsError('LimitExceededException'), { message: 'at most 1000' });
    expect(await refusing('CreatePipeline', full, await own.pushed('full'))).toBe(
      'PipelineLimit: the account has as many pipelines as it may; delete some or have the quota raised, and redeliver: at most 1000',
    );
    const denied = awsError('AccessDenied');
    expect(await refusing('CreatePipeline', denied, await own.pushed('denied'))).toBe(
      'AccessDenied: AccessDenied it is',
    );
  });

  it('that has changed changes its copies once, at their next start', async () => {
    const name = await own.build(await own.pushed('follows'));
    const { 'hookline:template': before } = tagged(name);
    const changed = declared('app');
    call('UpdatePipeline', {
      pipeline: { ...changed, roleArn: 'arn:aws:iam::000000000000:role/other', version: 7 },
    });
    const update = vi.spyOn(own.direct.pipelines, 'call');
    const updates = () => update.mock.calls.filter(([operation]) => /Update|TagResource/.test(operation));
    const state = await own.pushed('follows');
    await own.build(state);
    expect(updates()).toHaveLength(2);
    expect(declared(name)).toMatchObject({ name, roleArn: 'arn:aws:iam::000000000000:role/other' });
    expect(declared(name)).not.toHaveProperty('version');
    const { 'hookline:template': after, ...others } = tagged(name);
    expect(after).not.toBe(before);
    expect(others).toMatchObject({ hookline: 'hookline', 'hookline:ref': 'refs/heads/follows' });
    await own.build(await own.pushed('follows'));
    expect(updates()).toHaveLength(2);
    expect(await own.runsOf(name)).toHaveLength(3);
  });
});

it('a later push has the template’s default where its own value is empty, and not the first push’s value', async () => {
  const rule = ownRule({ variables: { REF: '{payload.title}' } });
  const titled = async (title: string): Promise<Pulled> => ({
    ...(await own.pushed('titled', rule)),
    values: { 'payload.title': title },
  });
  const name = await own.build(await titled('the first'));
  expect(declared(name).variables).toEqual([{ name: 'REF', defaultValue: 'the first' }]);
  const asked = vi.spyOn(own.direct.pipelines, 'call');
  for (const title of ['', 'the third']) await own.build(await titled(title));
  const starts = asked.mock.calls.filter(([operation]) => operation === 'StartPipelineExecution');
  expect(starts.map(([, input]) => Object(input).variables)).toEqual([
    [{ name: 'REF', value: 'none' }],
    [{ name: 'REF', value: 'the third' }],
  ]);
});

describe('a pipeline of that name', () => {
  it('that is not ours is not touched', async () => {
    const state = await own.pushed('theirs-too');
    const name = own.nameOf(state);
    call('CreatePipeline', { pipeline: { ...declared('app'), name } });
    expect(await own.failure(own.build(state))).toBe(
      `PipelineNotOurs: the pipeline ${name} was not made by Hookline for refs/heads/theirs-too of acme/app, so it is not touched; delete it, or name another template`,
    );
    expect(await own.runsOf(name)).toHaveLength(1);
  });

  it('is not started while its teardown runs', async () => {
    const name = await own.build(await own.pushed('torn'));
    own.direct.runs.lasts = 60_000;
    await own.takeDown(await own.over('torn'));
    const state = await own.pushed('torn');
    const { until } = Object(await own.end(state));
    for (const time of [Date.now(), until - 1]) {
      vi.setSystemTime(time);
      expect(await own.failure(own.build(state))).toBe(
        `TeardownRuns: the teardown of ${name} runs; ${state.pull.commit} is started when it has ended`,
      );
    }
    // Then nobody looks after the teardown any more.
    vi.setSystemTime(until);
    expect(await own.build(state)).toBe(name);
  });

  it('of a request is not started by what was told of before its close', async () => {
    const rule = ownRule({ each: 'pull-request' });
    const state = await own.pushed('closed', rule);
    await own.takeDown(await own.over('closed', rule));
    expect(await own.failure(own.build(state))).toBe(
      `Superseded: pull request 7 was closed after ${state.pull.commit} was told of`,
    );
    expect(await own.isThere(own.nameOf(state))).toBe(false);
  });
});

it.each([ownRule({ each: 'pull-request' }), { pipeline: { name: 'deploy', variables: {} } }])(
  'a request that is open again, and of whose close nothing is on record, starts nothing twice',
  async (rule) => {
    const pushed = await own.pushed('open-again', rule);
    const pullRequest = {
      ...{ number: 7, action: 'reopened', draft: false, merged: false, fork: false, base: 'main' },
      head: { ref: 'open-again', commit: '1'.repeat(40) },
    };
    const state = { ...pushed, delivery: { ...pushed.delivery, pullRequest } };
    await own.build(state);
    expect(await own.failure(start(state, 'arn:again'))).toMatch(/^Unchanged: /);
  },
);

it.each([
  ['was taken down', ownRule({ each: 'pull-request' }), 1],
  [
    'had its end told by a pipeline',
    { pipeline: { name: 'deploy', variables: {} }, 'on-close': { pipeline: 'teardown', variables: {} } },
    2,
  ],
])(
  'a request whose pipeline %s is built again at the same commit once it is open again',
  async (title, rule, runs) => {
    const opened = await own.pushed(`reopened-${title.length}`, rule);
    const name = await own.build(opened);
    own.later(1000);
    // A close is not pulled: it takes no token.
    await own.takeDown({ ...opened, route: 'close', time: new Date().toISOString() });
    own.later(1000);
    const reopened = { ...opened, key: title, time: new Date().toISOString() };
    expect(await claim({ executionArn: 'arn:reopened', state: reopened })).toMatchObject({
      outcome: 'Claimed',
    });
    await publish({ state: reopened });
    expect(await start(reopened, 'arn:reopened')).toMatchObject({ name });
    expect(await own.runsOf(name)).toHaveLength(runs);
  },
);

describe('what the host sends again of a request', () => {
  const rule = ownRule({ each: 'pull-request' });
  /** what the host tells of now, as it is told of first */
  const told = (state: Pulled, action = 'synchronize'): Pulled => {
    const { pullRequest } = state.delivery;
    const request = pullRequest && { ...pullRequest, action, updatedAt: new Date().toISOString() };
    return {
      ...state,
      time: new Date().toISOString(),
      delivery: { ...state.delivery, pullRequest: request },
    };
  };
  const again = (state: Pulled): Pulled => {
    own.later(15 * 60_000);
    return { ...state, time: new Date().toISOString() };
  };

  it('closes nothing that is open again by then', async () => {
    const state = await own.pushed('closes-late', rule);
    const name = await own.build(told(state));
    own.later(1000);
    const close: Pulled = { ...told(state, 'closed'), route: 'close' };
    own.later(60_000);
    // Its commit is as it was: nothing is started, and its place is on record.
    expect(await own.failure(start(told(state, 'reopened'), 'arn:reopened'))).toMatch(/^Unchanged: /);
    expect(await own.takeDown(again(close))).toMatchObject({ outcome: 'Superseded' });
    expect(await own.isThere(name)).toBe(true);
  });

  it('is put in order by when it was told of first, also where a push and the close both came late', async () => {
    const shared = {
      pipeline: { name: 'deploy', variables: {} },
      'on-close': { pipeline: 'teardown', variables: {} },
    };
    const pushed = told(await own.pushed('both-late', shared));
    own.later(1000);
    const close: Pulled = { ...told(pushed, 'closed'), route: 'close' };
    await own.build(again(pushed));
    expect(await own.takeDown(again(close))).toMatchObject({ outcome: 'PipelineStarted' });
    // It comes back to a commit whose start was carried out after the close, and told of before.
    expect(await own.failure(start(told(pushed, 'reopened'), 'arn:reopened'))).toContain('"name":"deploy"');
  });

  it('builds nothing that is closed by then', async () => {
    const state = await own.pushed('pushed-late', rule);
    const name = await own.build(told(state));
    const missed = told(await own.pushed('pushed-late', rule));
    own.later(1000);
    await own.takeDown({ ...told(state, 'closed'), route: 'close' });
    expect(await own.failure(start(again(missed), 'arn:late'))).toBe(
      `Superseded: pull request 7 was closed after ${missed.pull.commit} was told of`,
    );
    expect(await own.isThere(name)).toBe(false);
  });
});

describe('a request that was closed since a start, by the rule’s pipeline for its end', () => {
  const end = { pipeline: 'teardown', variables: {} };
  const rule = { pipeline: { name: 'deploy', variables: {} }, 'on-close': end };

  it('is started again at the same commit once it is open again, and once', async () => {
    const first = await own.pushed('same', rule);
    await own.build(first);
    own.later(1000);
    await own.takeDown(await own.over('same', rule));
    expect(await own.failure(start(first, 'arn:late'))).toMatch(/^Unchanged: /);
    own.later(1000);
    const reopened = { ...first, time: new Date().toISOString() };
    expect(await own.failure(start(reopened, 'arn:reopened'))).toContain('"name":"deploy"');
    expect(await own.failure(start(reopened, 'arn:again'))).toMatch(/^Unchanged: /);
    expect(await own.runsOf('deploy')).toHaveLength(2);
  });

  it('is started again too where another release has recorded one close for all requests of the branch', async () => {
    const first = await own.pushed('released', rule);
    await own.build(first);
    own.later(1000);
    const { host, repository, ref } = first.delivery;
    const id = startsId(host, repository.fullName, ref);
    const time = new Date().toISOString();
    await withLease(id, 'arn:closed', () => recordClosed(id, 'arn:closed', 'default at close', { time }));
    own.later(1000);
    const reopened = { ...first, time: new Date().toISOString() };
    expect(await own.failure(start(reopened, 'arn:reopened'))).toContain('"name":"deploy"');
  });

  it('by a rule without one is not: nothing was taken down', async () => {
    const bare = { pipeline: { name: 'deploy', variables: {} } };
    const first = await own.pushed('kept', rule);
    await own.build(first);
    own.later(1000);
    await own.takeDown(await own.over('kept', rule));
    own.later(1000);
    const reopened = { ...first, rule: { ...first.rule, ...bare, 'on-close': undefined } };
    const state = { ...reopened, time: new Date().toISOString() };
    expect(await own.failure(start(state, 'arn:reopened'))).toMatch(/^Unchanged: /);
  });
});
