import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pipelineNameFor } from '../../../events/pipeline-name.ts';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { type Retired, retire } from '../../../functions/retire/retire.ts';
import { artifactKey } from '../../../functions/shared/artifact.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import { takeDown } from '../../../functions/take-down/take-down.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { templatePipeline } from '../../support/functions/branch-template.ts';
import { publish } from '../../support/functions/publish.ts';
import { pulledState, type Steps, startSteps } from '../../support/functions/steps.ts';

let steps: Steps;
let codepipeline: CodePipelineClient;
let s3: S3Client;

beforeAll(async () => {
  steps = await startSteps({ realPipelines: true });
  codepipeline = new CodePipelineClient();
  s3 = new S3Client({ forcePathStyle: true });
  for (const name of ['app', 'teardown'])
    await codepipeline.send(new CreatePipelineCommand({ pipeline: templatePipeline(name) }));
});
afterAll(async () => {
  codepipeline?.destroy();
  s3?.destroy();
  await steps?.close();
});

const own = (each: 'branch' | 'pull-request' = 'branch') => ({
  pipeline: { name: 'app', prefix: 'app-', each, limit: 25, teardown: 'teardown', variables: {} },
});
let commits = 0;

/** The artifact where a pull puts it, so that an end finds the last commit of a branch. */
async function putArtifact(commit: string): Promise<{ key: string; versionId: string }> {
  const { pull } = pulledState('refs/heads/any', {}).rule;
  const key = artifactKey({ host: 'github.com', fullName: 'acme/app' }, pull, commit);
  const { VersionId = '' } = await s3.send(
    new PutObjectCommand({ Bucket: 'artifacts', Key: key, Body: commit, Metadata: { commit } }),
  );
  return { key, versionId: VersionId };
}

/** A push that was pulled now. */
async function pushed(
  branch: string,
  rule: Partial<Pulled['rule']> = own(),
  more: Partial<Pulled> = {},
): Promise<Pulled> {
  const ref = `refs/heads/${branch}`;
  commits += 1;
  const commit = String(commits).padStart(40, '0');
  const { token } = await nextToken(pointerOf(pulledState(ref, {}, rule)));
  const artifact = await putArtifact(commit);
  return {
    ...pulledState(ref, { token, commit, tip: commit, tipKey: artifact.key, ...artifact }, rule),
    time: new Date().toISOString(),
    ...more,
  };
}
/** A deletion that was told of now. */
async function deleted(branch: string, rule: Partial<Pulled['rule']> = own()): Promise<Pulled> {
  const ref = `refs/heads/${branch}`;
  const { token } = await nextToken(pointerOf(pulledState(ref, {}, rule)));
  const state = { ...pulledState(ref, { token, outcome: 'gone' }, rule), time: new Date().toISOString() };
  await retire({ state });
  return { ...state, route: 'retire' };
}
const build = async (state: Pulled, executionArn = `start of ${state.pull.commit}`) => {
  await publish({ state });
  const started = await startPipeline({ executionArn, state });
  await ends(started.name);
  return started;
};
const nameOf = ({ rule, delivery, values }: Pulled): string => {
  const made = rule.pipeline && pipelineNameFor(rule.pipeline, { delivery, values });
  return made && 'name' in made ? made.name : '';
};
const runsOf = async (pipelineName: string) =>
  (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries ??
  [];
const isThere = (name: string): Promise<boolean> =>
  codepipeline.send(new GetPipelineCommand({ name })).then(
    () => true,
    () => false,
  );

/** Lets every build that is under way end, until the newest execution of a pipeline has. */
const ends = (name: string, status = 'SUCCEEDED') =>
  vi.waitFor(async () => {
    for (const each of steps.codebuild.builds)
      if (each.buildStatus === 'IN_PROGRESS') steps.codebuild.end(each, status);
    expect((await runsOf(name))[0]?.status).not.toBe('InProgress');
  });

describe('a deleted branch', () => {
  it('keeps its pipeline until the teardown has ended, and a push that comes meanwhile waits and keeps it', async () => {
    const state = await pushed('back');
    await build(state);
    const gone = await deleted('back');
    expect(await takeDown({ executionArn: 'a', state: gone })).toMatchObject({ outcome: 'Runs' });
    const again = await pushed('back');
    await expect(build(again)).rejects.toMatchObject({ name: 'TeardownRuns' });
    expect(await takeDown({ executionArn: 'a', state: gone })).toMatchObject({ outcome: 'Runs' });
    await ends('teardown');
    expect(await takeDown({ executionArn: 'a', state: gone })).toMatchObject({ outcome: 'Superseded' });
    expect(await build(again)).toMatchObject({ name: nameOf(state) });
    expect(await runsOf(nameOf(state))).toHaveLength(2);
  });

  it('is waited for from the moment at which its teardown may have started, which starts once', async () => {
    const state = await pushed('cut-off');
    await build(state);
    const before = (await runsOf('teardown')).length;
    const gone = await deleted('cut-off');
    const broken = aroundCall(
      'StartPipelineExecution',
      { after: () => Promise.reject(new Error('killed')) },
      () => takeDown({ executionArn: 'cut', state: gone }),
    );
    await expect(broken).rejects.toThrow('killed');
    const again = await pushed('cut-off');
    await expect(build(again)).rejects.toMatchObject({ name: 'TeardownRuns' });
    expect(await takeDown({ executionArn: 'other', state: await deleted('cut-off') })).toMatchObject({
      outcome: 'Runs',
    });
    expect(await runsOf('teardown')).toHaveLength(before + 1);
    await ends('teardown');
    await takeDown({ executionArn: 'cut', state: gone });
  });

  it('keeps no push waiting for a teardown that CodePipeline refuses to start', async () => {
    const state = await pushed('refused');
    const rule = {
      ...state.rule,
      pipeline: { ...state.rule.pipeline, teardown: 'nobodys' },
    } as Pulled['rule'];
    await build({ ...state, rule });
    const gone = await deleted('refused');
    await expect(takeDown({ executionArn: 'refused', state: { ...gone, rule } })).rejects.toMatchObject({
      name: 'PipelineMissing',
    });
    expect(await build(await pushed('refused'))).toMatchObject({ name: nameOf(state) });
  });

  it('loses its pipeline once, whoever tells of the deletion, and whatever breaks off', async () => {
    const state = await pushed('twice');
    await build(state);
    const before = (await runsOf('teardown')).length;
    const gone = await deleted('twice');
    const other = await deleted('twice');
    await takeDown({ executionArn: 'one', state: gone });
    expect(await takeDown({ executionArn: 'two', state: other })).toMatchObject({ outcome: 'Runs' });
    await ends('teardown');
    const broken = aroundCall('DeletePipeline', { after: () => Promise.reject(new Error('killed')) }, () =>
      takeDown({ executionArn: 'one', state: gone }),
    );
    await expect(broken).rejects.toThrow('killed');
    expect(await isThere(nameOf(state))).toBe(false);
    expect(await takeDown({ executionArn: 'one', state: gone })).toMatchObject({
      outcome: 'PipelineDeleted',
    });
    expect(await takeDown({ executionArn: 'two', state: other })).toMatchObject({ outcome: 'RefRetired' });
    expect(await runsOf('teardown')).toHaveLength(before + 1);
  });

  it('keeps its pipeline when the teardown fails, which a redelivery runs again', async () => {
    const state = await pushed('failing');
    await build(state);
    const gone = await deleted('failing');
    await takeDown({ executionArn: 'failing', state: gone });
    await ends('teardown', 'FAILED');
    await expect(takeDown({ executionArn: 'failing', state: gone })).rejects.toMatchObject({
      name: 'TeardownFailed',
      message: expect.stringContaining(`the pipeline ${nameOf(state)} is kept`),
    });
    expect(await isThere(nameOf(state))).toBe(true);
    const asked = { ...gone, replayName: 'redelivery' };
    await takeDown({ executionArn: 'redelivered', state: asked });
    await ends('teardown');
    expect(await takeDown({ executionArn: 'redelivered', state: asked })).toMatchObject({
      outcome: 'PipelineDeleted',
    });
  });

  it('has a teardown that failed run once, though another delivery told of the deletion, until the host sends one again', async () => {
    const state = await pushed('failing-twice');
    await build(state);
    const before = (await runsOf('teardown')).length;
    const told = (id: string, gone: Pulled): Pulled => ({ ...gone, delivery: { ...gone.delivery, id } });
    const [push, event] = [
      told('push', await deleted('failing-twice')),
      told('delete', await deleted('failing-twice')),
    ];
    await takeDown({ executionArn: 'by push', state: push });
    expect(await takeDown({ executionArn: 'by delete', state: event })).toMatchObject({ outcome: 'Runs' });
    await ends('teardown', 'FAILED');
    const failed = { name: 'TeardownFailed' };
    await expect(takeDown({ executionArn: 'by push', state: push })).rejects.toMatchObject(failed);
    await expect(takeDown({ executionArn: 'by delete', state: event })).rejects.toMatchObject(failed);
    expect(await runsOf('teardown')).toHaveLength(before + 1);
    expect(await takeDown({ executionArn: 'sent again', state: push })).toMatchObject({ outcome: 'Runs' });
    expect(await runsOf('teardown')).toHaveLength(before + 2);
    await ends('teardown');
    expect(await takeDown({ executionArn: 'sent again', state: push })).toMatchObject({
      outcome: 'PipelineDeleted',
    });
  });

  it('has the runs of its pipeline stopped before the teardown begins', async () => {
    const state = await pushed('running');
    await publish({ state });
    const { name } = await startPipeline({ executionArn: 'running', state });
    const gone = await deleted('running');
    const before = (await runsOf('teardown')).length;
    expect(await takeDown({ executionArn: 'stop', state: gone })).toMatchObject({
      outcome: 'Runs',
      name: '',
    });
    expect(await runsOf('teardown')).toHaveLength(before);
    await ends(name);
    await vi.waitFor(async () => expect((await runsOf(name))[0]?.status).toBe('Stopped'));
    expect(await takeDown({ executionArn: 'stop', state: gone })).toMatchObject({ name: 'teardown' });
    await ends('teardown');
  });

  it('gets no pipeline by a push that was pulled before and comes late', async () => {
    const state = await pushed('late');
    await publish({ state });
    const gone = await deleted('late');
    expect(await takeDown({ executionArn: 'late', state: gone })).toMatchObject({ outcome: 'RefRetired' });
    await expect(startPipeline({ executionArn: 'start', state })).rejects.toMatchObject({
      name: 'Superseded',
    });
    expect(await isThere(nameOf(state))).toBe(false);
  });

  it('leaves a pipeline that is not ours alone', async () => {
    const gone = await deleted('theirs');
    const pipeline = { ...templatePipeline('app'), name: nameOf(gone) };
    await codepipeline.send(new CreatePipelineCommand({ pipeline }));
    await expect(takeDown({ executionArn: 'theirs', state: gone })).rejects.toMatchObject({
      name: 'PipelineNotOurs',
    });
    expect(await isThere(nameOf(gone))).toBe(true);
  });

  it('starts the pipeline that the rule has for it once, though push and delete tell of it', async () => {
    const rule = {
      pipeline: undefined,
      'on-delete': { pipeline: 'teardown', variables: { REF: '{branch}' } },
    };
    await publish({ state: await pushed('shared', rule) });
    const [first, second] = [await deleted('shared', rule), await deleted('shared', rule)];
    const started = await takeDown({ executionArn: 'push', state: first });
    expect(started).toMatchObject({ outcome: 'PipelineStarted', name: 'teardown' });
    expect(await takeDown({ executionArn: 'push', state: first })).toMatchObject({
      executionId: started.executionId,
    });
    expect(await takeDown({ executionArn: 'delete', state: second })).toMatchObject({ outcome: 'Unchanged' });
    await ends('teardown');
  });

  it('starts that pipeline once for each deletion of a branch of which nothing was built', async () => {
    const rule = { pipeline: undefined, 'on-delete': { pipeline: 'teardown', variables: {} } };
    const end = async (executionArn: string, event: string) => {
      const state = await deleted('never-built', rule);
      const told = { ...state, delivery: { ...state.delivery, event } };
      return (await takeDown({ executionArn, state: told })).outcome;
    };
    expect(await end('push 1', 'push')).toBe('PipelineStarted');
    expect(await end('delete 1', 'delete')).toBe('Unchanged');
    expect(await end('push 2', 'push')).toBe('PipelineStarted');
    expect(await end('delete 2', 'delete')).toBe('Unchanged');
    await ends('teardown');
  });
});

describe('a closed pull request', () => {
  const request = (state: Pulled, more: Partial<Pulled> = {}): Pulled => ({
    ...state,
    delivery: {
      ...state.delivery,
      event: 'pull_request',
      pullRequest: {
        ...{ number: 7, action: 'synchronize', draft: false, merged: false, fork: false, base: 'main' },
        head: { ref: 'topic', commit: '1'.repeat(40) },
      },
    },
    ...more,
  });

  it('loses its pipeline; what was told before starts nothing, and what is told later does', async () => {
    const rule = own('pull-request');
    const first = request(await pushed('topic', rule));
    await build(first);
    const late = request(await pushed('topic', rule));
    const closed = request(await pushed('topic', rule), { route: 'close' });
    await takeDown({ executionArn: 'closed', state: closed });
    await ends('teardown');
    expect(await takeDown({ executionArn: 'closed', state: closed })).toMatchObject({
      outcome: 'PipelineDeleted',
    });
    await expect(build(late)).rejects.toMatchObject({ name: 'Superseded' });
    expect(await isThere(nameOf(first))).toBe(false);
    const reopened = request(await pushed('topic', rule));
    expect(await build(reopened)).toMatchObject({ name: nameOf(first) });
    // The closing is told of again, and late.
    expect(await takeDown({ executionArn: 'told late', state: closed })).toMatchObject({
      outcome: 'Superseded',
    });
    expect(await isThere(nameOf(first))).toBe(true);
  });

  it('of its own ref loses its pointer, and the late telling of the closing takes no later one away', async () => {
    const ofRequest = async (): Promise<Pulled> => {
      const state = request(await pushed('own-ref', own('pull-request')));
      return { ...state, delivery: { ...state.delivery, ref: 'refs/pull/7/head' } };
    };
    const ofToken = async (state: Pulled): Promise<Pulled> => {
      const { token } = await nextToken(pointerOf(state));
      return { ...state, pull: { ...state.pull, token } };
    };
    const { pull: _, ...unbuilt } = await ofRequest();
    expect(await retire({ state: { ...unbuilt, route: 'close' } })).toMatchObject({ outcome: 'Ignored' });
    const first = await ofToken(await ofRequest());
    const isThere = () =>
      s3.send(new HeadObjectCommand({ Bucket: 'artifacts', Key: pointerOf(first) })).then(
        () => true,
        () => false,
      );
    await publish({ state: first });
    expect(await isThere()).toBe(true);
    const { pull: __, ...told } = await ofRequest();
    // Times of events are in whole seconds: the closing may bear that of the last commit.
    const closed: Retired = { ...told, time: first.time, route: 'close' };
    expect(await retire({ state: closed })).toMatchObject({ outcome: 'RefRetired', commit: '' });
    expect(await isThere()).toBe(false);
    await publish({ state: await ofToken(await ofRequest()) });
    expect(await retire({ state: closed })).toMatchObject({ outcome: 'Superseded' });
    expect(await isThere()).toBe(true);
  });

  it('of its own ref has no pointer of a commit that is pulled after the end, also where nothing was before', async () => {
    const state = request(await pushed('own-late', own('pull-request')));
    const told = { ...state, delivery: { ...state.delivery, ref: 'refs/pull/8/head' } };
    const { pull: _, ...later } = await pushed('own-late', own('pull-request'));
    const closed = { ...told, time: later.time, pull: undefined, route: 'close' } as const;
    expect(await retire({ state: closed })).toMatchObject({ outcome: 'Ignored' });
    const { token } = await nextToken(pointerOf(told));
    const late = { ...told, pull: { ...told.pull, token } };
    expect(await publish({ state: late })).toMatchObject({ outcome: 'RefGone', startPipeline: false });
    await expect(
      s3.send(new HeadObjectCommand({ Bucket: 'artifacts', Key: pointerOf(told) })),
    ).rejects.toThrow();
    expect(await publish({ state: { ...late, replayName: 'again' } })).toMatchObject({
      outcome: 'Published',
    });
  });

  it('has its pipeline again when it is opened again at the same commit, once though that is told twice', async () => {
    const rule = own('pull-request');
    const first = request(await pushed('same', rule));
    await build(first);
    const closed = request(await pushed('same', rule), { route: 'close' });
    await takeDown({ executionArn: 'same closed', state: closed });
    await ends('teardown');
    await takeDown({ executionArn: 'same closed', state: closed });
    expect(await isThere(nameOf(first))).toBe(false);
    const { pull, delivery } = first;
    const told = async (): Promise<Pulled> => {
      const { pull: looked, ...later } = await pushed('same', rule);
      return {
        ...later,
        delivery,
        pull: { ...looked, commit: pull.commit, tip: pull.commit, key: pull.key },
      };
    };
    expect(await build(await told(), 'reopened')).toMatchObject({ name: nameOf(first) });
    await expect(build(await told(), 'told again')).rejects.toMatchObject({ name: 'Unchanged' });
    expect(await runsOf(nameOf(first))).toHaveLength(1);
  });

  it('is built again when it is opened again at the same commit after the pipeline that the rule has for its end', async () => {
    const shared = { name: 'app', variables: {} };
    const rule = { pipeline: shared, 'on-close': { pipeline: 'teardown', variables: {} } };
    const first = request(await pushed('shared-end', rule));
    await build(first);
    const closed = request(await pushed('shared-end', rule), { route: 'close' });
    expect(await takeDown({ executionArn: 'shared closed', state: closed })).toMatchObject({
      outcome: 'PipelineStarted',
    });
    await ends('teardown');
    const told = async (): Promise<Pulled> => {
      const { pull: looked, ...later } = await pushed('shared-end', rule);
      const { commit, key } = first.pull;
      return { ...later, delivery: first.delivery, pull: { ...looked, commit, tip: commit, key } };
    };
    expect(await build(await told(), 'shared reopened')).toMatchObject({ name: 'app' });
    await expect(build(await told(), 'shared told again')).rejects.toMatchObject({ name: 'Unchanged' });
  });

  it('ends what was started in the second of its closing, and starts nothing that was told of then', async () => {
    const [time, later] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'];
    const pipeline = { name: 'app', variables: {} };
    const rule = { pipeline, 'on-close': { pipeline: 'teardown', variables: {} } };
    const first = request(await pushed('same-second', rule), { time });
    await build(first);
    const closed = request(await pushed('same-second', rule), { time, route: 'close' });
    expect(await takeDown({ executionArn: 'second closed', state: closed })).toMatchObject({
      outcome: 'PipelineStarted',
    });
    await ends('teardown');
    await expect(build(first, 'told of then')).rejects.toMatchObject({ name: 'Unchanged' });
    expect(await build({ ...first, time: later }, 'opened later')).toMatchObject({ name: 'app' });
  });
});
