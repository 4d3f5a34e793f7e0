import '../../support/interleave/silence.ts';
import { describe, expect, it } from 'vitest';
import { optionsHash } from '../../../functions/shared/artifact.ts';
import { recordEnd } from '../../../functions/shared/end-records.ts';
import { withLease } from '../../../functions/shared/lease.ts';
import { readStarted } from '../../../functions/shared/started.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { ownPipelines, ownRule } from '../../support/functions/own-pipelines.ts';
import { pulledState } from '../../support/functions/steps.ts';

const own = ownPipelines();
const MINUTE = 60_000;
const WAIT = 130 * MINUTE;
const named = (name: string, more: object = {}) => Object.assign(new Error(`${name} it is`), { name }, more);
const refusing = (operation: string, error: Error, work: () => Promise<unknown>) =>
  own.failure(aroundCall(operation, { before: () => Promise.reject(error) }, work));

describe('the end of what has no pipeline', () => {
  it('is that of the ref, or nothing of a request', async () => {
    const since = new Date().toISOString();
    const nothing = { name: '', executionId: '', seconds: 0, since };
    expect(await own.takeDown(await own.over('none'))).toEqual({ ...nothing, outcome: 'RefRetired' });
    const request = await own.over('none', ownRule({ each: 'pull-request' }));
    expect(await own.takeDown(request)).toEqual({ ...nothing, outcome: 'Ignored' });
  });

  it('is told at once where the rule has nothing for it', async () => {
    const rule = { pipeline: { name: 'deploy', variables: {} } };
    const since = new Date().toISOString();
    const nothing = { name: '', executionId: '', seconds: 0, since };
    const gone = await own.over('plain', rule);
    expect(await own.takeDown(gone)).toEqual({ ...nothing, outcome: 'RefRetired' });
    expect(await own.takeDown({ ...gone, route: 'close' })).toEqual({ ...nothing, outcome: 'Ignored' });
  });
});

describe('a teardown', () => {
  it('is looked at every five seconds in its first minute, and then every thirty', async () => {
    const state = await own.pushed('looks');
    const name = await own.build(state);
    const gone = await own.over('looks');
    own.direct.runs.lasts = 10 * MINUTE;
    const since = new Date().toISOString();
    const first = await own.takeDown(gone);
    expect(first).toMatchObject({ outcome: 'Runs', name: 'teardown', seconds: 5, since });
    expect(first.executionId).not.toBe('');
    const look = async () => {
      const { executionId, seconds } = await own.takeDown({ ...gone, pipeline: { since } } as typeof gone);
      expect(executionId).toBe(first.executionId);
      return seconds;
    };
    own.later(MINUTE - 1);
    expect(await look()).toBe(5);
    own.later(1);
    expect(await look()).toBe(30);
    own.later(9 * MINUTE);
    expect(await own.takeDown(gone)).toMatchObject({
      ...{ outcome: 'PipelineDeleted', name: 'teardown', executionId: first.executionId, seconds: 0 },
    });
    expect(await own.isThere(name)).toBe(false);
    expect(await own.end(gone)).toBeUndefined();
  });

  it('leaves of what was started for the branch the newest commit alone, by which an older one comes late', async () => {
    const states = [await own.pushed('many'), await own.pushed('many'), await own.pushed('many')];
    let name = '';
    for (const state of states) name = await own.build(state);
    const id = startsId('github.com', 'acme/app', 'refs/heads/many');
    expect((await readStarted(id, name))?.starts).toHaveLength(3);
    await own.takeDown(await own.over('many'));
    const [first, , last] = states;
    const kept = await readStarted(id, name);
    expect(kept).toMatchObject({ commit: last?.pull.commit });
    expect(kept?.starts.map(({ commit }) => commit)).toEqual([last?.pull.commit]);
    if (first) expect(await own.failure(own.build(first))).toMatch(/^Superseded: /);
  });

  it('runs on the branch’s last commit, with those of the variables that it declares', async () => {
    const state = await own.pushed('last');
    await own.build(state);
    const started = own.direct.startedOn.length;
    await own.takeDown(await own.over('last'));
    expect(own.direct.startedOn.slice(started)).toEqual([`teardown ${state.pull.key}`]);
  });

  it('runs on the artifact that stands for the last commit, though another commit has made it', async () => {
    const { pull } = pulledState('refs/heads/any', {}).rule;
    const ofFolder = { ...ownRule(), pull: { ...pull, path: 'services/api' } };
    const first = await own.pushed('folder', ofFolder);
    await own.build({ ...first, pull: { ...first.pull, content: 'the same' } });
    const { key, versionId } = first.pull;
    const second = await own.pushed('folder', ofFolder);
    const same = { ...second.pull, key, versionId, tipKey: key, content: 'the same' };
    expect(await own.failure(own.build({ ...second, pull: same }))).toMatch(/^Unchanged: /);
    const started = own.direct.startedOn.length;
    const gone = await own.over('folder', ofFolder);
    own.direct.runs.lasts = MINUTE;
    await own.takeDown(gone);
    expect(own.direct.startedOn.slice(started)).toEqual([`teardown ${key}`]);
    expect(await own.end(gone)).toMatchObject({ commit: second.pull.commit, key });
  });

  it('runs on what it is configured with once the artifact has expired', async () => {
    const state = await own.pushed('expired');
    const { pull } = state;
    await own.build(state);
    await own.direct.call('s3', 'DeleteObject', { Bucket: 'artifacts', Key: pull.key });
    const started = own.direct.startedOn.length;
    await own.takeDown(await own.over('expired'));
    expect(own.direct.startedOn.slice(started)).toEqual(['teardown ']);
  });

  it('is on record before it is started, and whose end it is', async () => {
    const state = await own.pushed('announced');
    await own.build(state);
    const gone = await own.over('announced');
    own.direct.runs.lasts = MINUTE;
    let before: unknown;
    const look = async () => {
      before = await own.end(gone);
    };
    await aroundCall('StartPipelineExecution', { before: look }, () => own.takeDown(gone));
    const end = {
      ...{ owner: 'arn:end', commit: state.pull.commit, key: state.pull.key, delivery: 'd-1' },
      ...{ taken: state.pull.token, counter: optionsHash(state.rule.pull), replayName: '' },
      ...{ until: Date.now() + WAIT, told: [], failed: false },
    };
    const variables = [{ name: 'REF', value: 'announced' }];
    expect(before).toEqual({ ...end, executionId: '', variables });
    expect(await own.end(gone)).toEqual({ ...end, executionId: expect.stringMatching(/^execution-/) });
  });

  it('that another release has announced goes on, by the same commit', async () => {
    const state = await own.pushed('released');
    await own.build(state);
    const gone = await own.over('released');
    const id = startsId('github.com', 'acme/app', 'refs/heads/released');
    const begun = {
      ...{ owner: 'arn:end', executionId: '', commit: state.pull.commit, taken: state.pull.token },
      ...{ until: Date.now() + MINUTE, delivery: 'd-1', replayName: '', told: [], failed: false },
    };
    await withLease(id, 'arn:end', () => recordEnd(id, 'arn:end', 'ends', own.nameOf(state), begun));
    own.direct.runs.lasts = MINUTE;
    const started = own.direct.startedOn.length;
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Runs', name: 'teardown' });
    expect(own.direct.startedOn.slice(started)).toEqual([`teardown ${state.pull.key}`]);
    expect(await own.end(gone)).toMatchObject({ until: begun.until, key: state.pull.key });
  });

  it('that fails keeps the pipeline, and says so to everybody who tells of the same end', async () => {
    const name = await own.build(await own.pushed('fails'));
    const gone = await own.over('fails');
    own.direct.runs.fails = true;
    const words = new RegExp(
      `^TeardownFailed: the execution execution-\\d+ of the teardown teardown is Failed, so the pipeline ${name} is kept; see what it says, and redeliver$`,
    );
    expect(await own.failure(own.takeDown(gone))).toMatch(words);
    expect(await own.end(gone)).toMatchObject({ failed: true, until: 0 });
    expect(await own.failure(own.takeDown(gone))).toMatch(words);
    const other = { ...gone, delivery: { ...gone.delivery, id: 'd-2', event: 'delete' } };
    expect(await own.failure(own.takeDown(other, 'arn:other'))).toMatch(words);
    expect(await own.isThere(name)).toBe(true);
  });

  it.each<[string, (gone: { delivery: { id: string } }) => object]>([
    ['for the same delivery, sent again', () => ({})],
    ['by a replay', ({ delivery }) => ({ replayName: 'replay', delivery: { ...delivery, id: 'd-2' } })],
  ])('that failed runs again %s', async (title, changed) => {
    const branch = `again-${title.length}`;
    const name = await own.build(await own.pushed(branch));
    const gone = await own.over(branch);
    own.direct.runs.fails = true;
    await own.failure(own.takeDown(gone));
    const again = { ...gone, ...changed(gone) };
    expect(await own.takeDown(again, 'arn:again')).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await own.isThere(name)).toBe(false);
  });

  it('that failed runs again for another delivery once the branch was built again', async () => {
    await own.build(await own.pushed('built-again'));
    own.direct.runs.fails = true;
    await own.failure(own.takeDown(await own.over('built-again')));
    await own.build(await own.pushed('built-again'));
    const gone = await own.over('built-again');
    const other = { ...gone, delivery: { ...gone.delivery, id: 'd-9' } };
    expect(await own.takeDown(other, 'arn:other')).toMatchObject({ outcome: 'PipelineDeleted' });
  });

  it('that failed is no more where somebody has deleted the pipeline', async () => {
    const name = await own.build(await own.pushed('by-hand'));
    const gone = await own.over('by-hand');
    own.direct.runs.fails = true;
    await own.failure(own.takeDown(gone));
    own.direct.pipelines.call('DeletePipeline', { name });
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'RefRetired' });
  });

  it('that does not end is waited for two hours and ten minutes', async () => {
    await own.build(await own.pushed('endless'));
    const gone = await own.over('endless');
    own.direct.runs.lasts = 10 * WAIT;
    await own.takeDown(gone);
    own.later(WAIT - 1);
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Runs' });
    own.later(1);
    expect(await own.failure(own.takeDown(gone))).toMatch(
      /^TeardownFailed: the execution \S+ of the teardown teardown is InProgress/,
    );
  });

  it('that was cut off goes on as it was announced', async () => {
    await own.build(await own.pushed('cut'));
    const gone = await own.over('cut');
    own.direct.runs.lasts = 2 * MINUTE;
    const until = Date.now() + WAIT;
    const cut = { after: () => Promise.reject(new Error('killed')) };
    await own.failure(aroundCall('StartPipelineExecution', cut, () => own.takeDown(gone)));
    own.later(MINUTE);
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Runs', name: 'teardown' });
    expect(await own.end(gone)).toMatchObject({ until });
    expect(await own.runsOf('teardown')).toHaveLength(1);
  });

  it('that another delivery has begun is left to it for as long, and then taken over', async () => {
    await own.build(await own.pushed('begun'));
    const gone = await own.over('begun');
    const cut = { after: () => Promise.reject(new Error('killed')) };
    await own.failure(aroundCall('StartPipelineExecution', cut, () => own.takeDown(gone)));
    const before = (await own.runsOf('teardown')).length;
    const other = () => own.takeDown(gone, 'arn:other');
    expect(await other()).toMatchObject({ outcome: 'Runs', name: '', executionId: '' });
    own.later(WAIT - 1);
    expect(await other()).toMatchObject({ outcome: 'Runs' });
    expect(await own.runsOf('teardown')).toHaveLength(before);
    own.later(1);
    expect(await other()).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await own.runsOf('teardown')).toHaveLength(before + 1);
  });

  it('is none of a rule without one: the pipeline goes at once', async () => {
    const rule = ownRule({ teardown: undefined });
    const name = await own.build(await own.pushed('bare', rule));
    const gone = await own.over('bare', rule);
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'PipelineDeleted', name: '', executionId: '' });
    expect(await own.isThere(name)).toBe(false);
  });
});

describe('a teardown that CodePipeline does not start', () => {
  const throttled = { $fault: 'client', $metadata: { httpStatusCode: 400 } };
  it.each<[string, string, boolean]>([
    ['ValidationException', 'client', false],
    ['ThrottlingException', 'client', true],
    ['InternalFailure', 'server', true],
  ])('for %s keeps waiting whoever waits, where another try may start it', async (name, fault, waits) => {
    const branch = `refused-${name}`;
    await own.build(await own.pushed(branch));
    const gone = await own.over(branch);
    const { CodePipelineServiceException } = await import('@aws-sdk/client-codepipeline');
    const error = new CodePipelineServiceException({
      ...{ name, message: 'not now', $metadata: throttled.$metadata },
      $fault: fault === 'client' ? 'client' : 'server',
    });
    expect(await refusing('StartPipelineExecution', error, () => own.takeDown(gone))).toBe(
      `${name}: not now`,
    );
    expect((await own.end(gone)) !== undefined).toBe(waits);
  });

  it('for want of an answer keeps waiting whoever waits', async () => {
    await own.build(await own.pushed('broken'));
    const gone = await own.over('broken');
    await refusing('StartPipelineExecution', named('TimeoutError', throttled), () => own.takeDown(gone));
    expect(await own.end(gone)).toMatchObject({ executionId: '', owner: 'arn:end' });
  });

  it('for it is missing keeps nobody waiting', async () => {
    const rule = ownRule({ teardown: 'nobodys' });
    await own.build(await own.pushed('missing', rule));
    const gone = await own.over('missing', rule);
    expect(await own.failure(own.takeDown(gone))).toMatch(
      /^PipelineMissing: pipeline nobodys does not exist/,
    );
    expect(await own.end(gone)).toBeUndefined();
  });

  it('for the lease is another’s leaves that one’s record', async () => {
    await own.build(await own.pushed('leased'));
    const gone = await own.over('leased');
    const { HooklineError } = await import('../../../functions/shared/errors.ts');
    const busy = new HooklineError('RefBusy', 'held');
    expect(await refusing('StartPipelineExecution', busy, () => own.takeDown(gone))).toBe('RefBusy: held');
    expect(await own.end(gone)).toMatchObject({ owner: 'arn:end' });
  });
});

describe('the runs of a pipeline that is to go', () => {
  async function running(branch: string) {
    const state = await own.pushed(branch);
    own.direct.runs.lasts = 10 * WAIT;
    const name = await own.build(state);
    own.direct.runs.lasts = 0;
    return { name, gone: await own.over(branch) };
  }

  it('are stopped before the teardown begins', async () => {
    const { name, gone } = await running('stops');
    const before = (await own.runsOf('teardown')).length;
    expect(await own.takeDown(gone)).toMatchObject({
      outcome: 'Runs',
      name: '',
      executionId: '',
      seconds: 5,
    });
    expect(await own.runsOf(name)).toMatchObject([
      { status: 'Stopped', statusSummary: 'the branch is gone, or the request is closed' },
    ]);
    expect(await own.runsOf('teardown')).toHaveLength(before);
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'PipelineDeleted' });
  });

  it.each(['PipelineExecutionNotStoppableException', 'DuplicatedStopRequestException'])(
    'may have ended meanwhile: %s',
    async (error) => {
      const { gone } = await running(`ended-${error.length}`);
      const taken = refusing('StopPipelineExecution', named(error), () => own.takeDown(gone));
      expect(await taken).toContain('"outcome":"Runs"');
    },
  );

  it('that cannot be stopped for another reason are told of', async () => {
    const { gone } = await running('unstoppable');
    const taken = refusing('StopPipelineExecution', named('AccessDeniedException'), () => own.takeDown(gone));
    expect(await taken).toBe('AccessDeniedException: AccessDeniedException it is');
  });

  it('that begin while the teardown does run to their end', async () => {
    const name = await own.build(await own.pushed('meanwhile'));
    const gone = await own.over('meanwhile');
    own.direct.runs.lasts = MINUTE;
    await own.takeDown(gone);
    own.direct.pipelines.call('StartPipelineExecution', { name, clientRequestToken: 'by hand' });
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Runs', name: 'teardown' });
    expect((await own.runsOf(name))[0]).toMatchObject({ status: 'InProgress' });
  });

  it('are waited for while they stop, two hours and ten minutes at most', async () => {
    const { name, gone } = await running('stopping');
    const summaries = [{ pipelineExecutionId: 'x', status: 'Stopping' }, { pipelineExecutionId: 'y' }];
    const since = new Date().toISOString();
    const look = () =>
      own.failure(
        aroundCall('ListPipelineExecutions', { instead: { pipelineExecutionSummaries: summaries } }, () =>
          own.takeDown({ ...gone, pipeline: { since } } as typeof gone),
        ),
      );
    own.later(WAIT);
    expect(await look()).toContain('"outcome":"Runs"');
    expect((await own.runsOf(name)).map(({ status }) => status)).toEqual(['InProgress']);
    own.later(1);
    expect(await look()).toBe(
      `TeardownFailed: the pipeline ${name} has runs that do not end, so it is kept; end them, and redeliver`,
    );
  });
});

describe('a pipeline of that name', () => {
  it('that is not ours is not touched', async () => {
    const gone = await own.over('theirs');
    const name = own.nameOf(gone);
    const { pipeline } = Object(own.direct.pipelines.call('GetPipeline', { name: 'app' }));
    own.direct.pipelines.call('CreatePipeline', { pipeline: { ...pipeline, name } });
    expect(await own.failure(own.takeDown(gone))).toMatch(/^PipelineNotOurs: /);
    expect(await own.isThere(name)).toBe(true);
  });

  it('that somebody has deleted while its teardown ran is gone', async () => {
    const name = await own.build(await own.pushed('deleted'));
    const gone = await own.over('deleted');
    own.direct.runs.lasts = MINUTE;
    await own.takeDown(gone);
    own.direct.pipelines.call('DeletePipeline', { name });
    own.later(MINUTE);
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'PipelineDeleted', name: 'teardown' });
  });
});

describe('a branch that comes back', () => {
  it('keeps its pipeline, before the teardown and after', async () => {
    const name = await own.build(await own.pushed('back'));
    const gone = await own.over('back');
    const { publish } = await import('../../support/functions/publish.ts');
    await publish({ state: await own.pushed('back') });
    const before = (await own.runsOf('teardown')).length;
    expect(await own.takeDown(gone)).toMatchObject({ outcome: 'Superseded', name: '', executionId: '' });
    expect(await own.runsOf('teardown')).toHaveLength(before);
    const again = await own.over('back');
    own.direct.runs.lasts = MINUTE;
    await own.takeDown(again);
    await publish({ state: await own.pushed('back') });
    own.later(MINUTE);
    expect(await own.takeDown(again)).toMatchObject({ outcome: 'Superseded', name: 'teardown' });
    expect(await own.isThere(name)).toBe(true);
    expect(await own.end(again)).toBeUndefined();
  });
});
