import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { type HostRequests, hostRequests } from '../support/host-requests.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const preview =
  "pipeline: { template: hookline-example, each: pull-request, teardown: cleanup, variables: { REF: '{payload.pull_request.number} {commit}' } }\nstatus: true";

/** By the repository that the rule is for. */
const RULES: Readonly<Record<string, string>> = {
  forked: `match: { event: [pull_request, issue_comment], payload: { repository: { full_name: [acme/forked] } } }\npull-request: { forks: approved }\n${preview}`,
  merged: `match: { event: [pull_request], payload: { repository: { full_name: [acme/merged] } } }\npull-request: { of: merge }\n${preview}`,
  plain:
    'match: { event: [pull_request], payload: { repository: { full_name: [acme/plain] } } }\npull-request: { of: merge }',
  both: `match: { event: [pull_request, issue_comment], payload: { repository: { full_name: [acme/both] } } }\npull-request: { of: merge, forks: approved }\n${preview}`,
};

let hookline: Hookline;
let work: Repository;
let on: HostRequests;
let codepipeline: CodePipelineClient;
beforeAll(async () => {
  [hookline, work] = await Promise.all([startHookline(undefined, { rules: RULES }), createRepository()]);
  on = hostRequests(hookline, work);
  codepipeline = new CodePipelineClient(hookline.access);
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: 'hookline-example' }));
  const cleanup = pipeline && { ...pipeline, name: 'cleanup', executionMode: 'QUEUED' as const };
  await codepipeline.send(new CreatePipelineCommand({ pipeline: cleanup }));
});
afterAll(async () => {
  codepipeline?.destroy();
  await work?.remove();
  await hookline?.remove();
});

const previews = async (): Promise<string[]> => {
  const { pipelines = [] } = await codepipeline.send(new ListPipelinesCommand({}));
  return pipelines.flatMap(({ name = '' }) => (name.startsWith('hookline-example-') ? name : []));
};
const runsOf = async (pipelineName: string) =>
  (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries ??
  [];

const outputSchema = z.object({ pipeline: z.object({ name: z.string(), executionId: z.string() }) });
async function runOf(output: unknown) {
  const { name: pipelineName, executionId } = outputSchema.parse(output).pipeline;
  const { pipelineExecution } = await codepipeline.send(
    new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: executionId }),
  );
  return { ...pipelineExecution, pipelineName };
}

/** The pointers of requests in the bucket. */
async function pointers(): Promise<string[]> {
  const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: hookline.outputs.bucket }));
  s3.destroy();
  return Contents.flatMap(({ Key = '' }) => (Key.includes('/refs/pull/') ? Key : []));
}

/** The number of executions of the teardown so far. */
const teardowns = async (): Promise<number> => (await runsOf('cleanup')).length;

async function fork(repository: string): Promise<string> {
  await on.commit('Base');
  await on.push(`acme/${repository}`, 'HEAD:refs/heads/main');
  await on.host('mallory', 'POST', `acme/${repository}/forks`);
  return move(repository);
}
async function move(repository: string): Promise<string> {
  const sha = await on.commit('Theirs');
  await on.push(`mallory/${repository}`, 'HEAD:refs/heads/topic');
  return sha;
}
const open = (repository: string, login: string, head: string) => () =>
  on.host(login, 'POST', `acme/${repository}/pulls`, { title: 'A', head, base: 'main' });
const close = (repository: string) => () =>
  on.host('acme', 'PATCH', `acme/${repository}/pulls/1`, { state: 'closed' });
const reopen = (repository: string) => () =>
  on.host('acme', 'PATCH', `acme/${repository}/pulls/1`, { state: 'open' });
const approve = (repository: string, sha: string) => () =>
  on.host('acme', 'POST', `acme/${repository}/issues/1/comments`, { body: `/ok-to-test ${sha}` });

describe('the preview of a request from a fork', () => {
  it('appears with the first approval, runs what is approved alone, and goes when the request is closed', async () => {
    const sha = await fork('forked');
    expect(await on.ended('pull_request', open('forked', 'mallory', 'mallory:topic'))).toMatchObject({
      outcome: 'Ignored',
    });
    expect(await previews()).toEqual([]);

    const first = await on.ended('issue_comment', approve('forked', sha));
    expect(first).toMatchObject({ outcome: 'PipelineStarted' });
    const run = await runOf(first.output);
    expect(run.pipelineName).toMatch(/^hookline-example-pr-1-[0-9a-f]{6}$/);
    expect(run.variables).toEqual([{ name: 'REF', resolvedValue: `1 ${sha}` }]);

    const moved = await on.ended('pull_request', () => move('forked'));
    expect(moved).toMatchObject({ outcome: 'Ignored' });
    expect(await runsOf(run.pipelineName)).toHaveLength(1);

    const next = (await work.git('rev-parse', 'HEAD')).trim();
    const second = await on.ended('issue_comment', approve('forked', next));
    expect(await runOf(second.output)).toMatchObject({
      pipelineName: run.pipelineName,
      variables: [{ name: 'REF', resolvedValue: `1 ${next}` }],
    });

    expect(await pointers()).toEqual([expect.stringMatching(/acme\/forked\/.*\/refs\/pull\/1\/head\.zip$/)]);
    const before = await teardowns();
    const closed = await on.ended('pull_request', close('forked'));
    expect(closed).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await runOf(closed.output)).toMatchObject({
      pipelineName: 'cleanup',
      variables: [{ name: 'REF', resolvedValue: `1 ${next}` }],
    });
    expect(await teardowns()).toBe(before + 1);
    expect(await previews()).toEqual([]);
    expect(await pointers()).toEqual([]);

    // Opened again, the request has no approval any more, and appears again by the next one, of the same commit.
    expect(await on.ended('pull_request', reopen('forked'))).toMatchObject({ outcome: 'Ignored' });
    expect(await previews()).toEqual([]);
    const again = await on.ended('issue_comment', approve('forked', next));
    expect(again).toMatchObject({ outcome: 'PipelineStarted' });
    expect(await previews()).toEqual([run.pipelineName]);
    expect(await on.ended('pull_request', close('forked'))).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await teardowns()).toBe(before + 2);
  });
});

describe('the preview of a merge', () => {
  it('runs the merge of each head, and goes when the request is merged', async () => {
    await on.commit('Base', { 'base.txt': 'base\n' });
    await on.push('acme/merged', 'HEAD:refs/heads/main');
    await on.commit('Topic', { 'topic.txt': 'one\n' });
    await on.push('acme/merged', 'HEAD:refs/heads/topic');
    const mergeOf = async () => {
      await work.git('fetch', '--quiet', on.urlOf('acme/merged'), 'refs/pull/1/merge');
      return (await work.git('rev-parse', 'FETCH_HEAD')).trim();
    };
    const opened = await on.ended('pull_request', open('merged', 'acme', 'topic'));
    expect(opened).toMatchObject({ outcome: 'PipelineStarted' });
    const run = await runOf(opened.output);
    expect(run.pipelineName).toMatch(/^hookline-example-pr-1-[0-9a-f]{6}$/);
    expect(run.variables).toEqual([{ name: 'REF', resolvedValue: `1 ${await mergeOf()}` }]);

    await on.commit('Topic again', { 'topic.txt': 'two\n' });
    const moved = await on.ended('pull_request', () => on.push('acme/merged', 'HEAD:refs/heads/topic'));
    const merge = await mergeOf();
    expect(await runOf(moved.output)).toMatchObject({
      pipelineName: run.pipelineName,
      variables: [{ name: 'REF', resolvedValue: `1 ${merge}` }],
    });

    const merged = await on.ended('pull_request', () => on.host('acme', 'PUT', 'acme/merged/pulls/1/merge'));
    expect(merged).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await runOf(merged.output)).toMatchObject({
      pipelineName: 'cleanup',
      variables: [{ name: 'REF', resolvedValue: `1 ${merge}` }],
    });
    expect(await previews()).toEqual([]);
  });

  it('of a fork appears once its head is approved', async () => {
    const sha = await fork('both');
    await on.ended('pull_request', open('both', 'mallory', 'mallory:topic'));
    expect(await previews()).toEqual([]);
    const approved = await on.ended('issue_comment', approve('both', sha));
    expect(approved).toMatchObject({
      outcome: 'PipelineStarted',
      output: { delivery: { ref: 'refs/pull/1/merge' } },
    });
    expect(await previews()).toHaveLength(1);
    // Closed and opened again at the same commit, the request needs another approval, and has its preview again.
    await on.ended('pull_request', close('both'));
    expect(await previews()).toEqual([]);
    expect(await on.ended('pull_request', reopen('both'))).toMatchObject({ outcome: 'Ignored' });
    const again = await on.ended('issue_comment', approve('both', sha));
    expect(again).toMatchObject({ outcome: 'PipelineStarted' });
    const closed = await on.ended('pull_request', close('both'));
    expect(closed).toMatchObject({ outcome: 'PipelineDeleted' });
    expect(await previews()).toEqual([]);
  });
});

describe('a rule without a pipeline', () => {
  it('has the pointer of the merge while the request is open', async () => {
    await on.commit('Base');
    await on.push('acme/plain', 'HEAD:refs/heads/main');
    await on.commit('Topic', { 'topic.txt': 'one' });
    await on.push('acme/plain', 'HEAD:refs/heads/topic');
    expect((await on.ended('pull_request', open('plain', 'acme', 'topic'))).outcome).toBe('Published');
    const ours = async () => (await pointers()).filter((key) => key.includes('acme/plain/'));
    expect(await ours()).toHaveLength(1);
    expect((await on.ended('pull_request', close('plain'))).outcome).toBe('RefRetired');
    expect(await ours()).toEqual([]);
    expect((await on.ended('pull_request', reopen('plain'))).outcome).toBe('Published');
    expect(await ours()).toHaveLength(1);
  });
});
