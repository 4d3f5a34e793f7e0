import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { type HostRequests, hostRequests } from '../support/host-requests.ts';
import { createRepository, type Repository } from '../support/repository.ts';

/** By the repository that the rule is for. */
const RULES: Readonly<Record<string, string>> = {
  // The push and the request of one commit are the same to this rule.
  once: 'match: { event: [push, pull_request], payload: { repository: { full_name: [acme/once] } } }\nstatus: true',
  merged:
    'match: { event: [pull_request], payload: { repository: { full_name: [acme/merged] } } }\npull-request: { of: merge }\nstatus: true',
  never: 'match: { event: [pull_request], payload: { repository: { full_name: [acme/never] } } }',
  forked: [
    'match: { event: [pull_request, issue_comment], payload: { repository: { full_name: [acme/forked] } } }',
    'pull-request: { forks: approved }',
    "pipeline: { name: hookline-example, variables: { REF: '{payload.pull_request.number} {payload.repository.name}' } }",
    'status: true',
  ].join('\n'),
};

const PAGE = readFileSync('docs/pull-requests.md', 'utf8');
/** The blocks of a language in the part of the page that is tried on one machine. */
const blocksOf = (language: string): string[] =>
  [
    ...PAGE.slice(PAGE.indexOf('## Try it')).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms')),
  ].map(([, block = '']) => block);

const PREVIEW = (blocksOf('yaml').at(-1) ?? '').replace(/^description: .*\n/, '');

let hookline: Hookline;
let work: Repository;
let on: HostRequests;
beforeAll(async () => {
  [hookline, work] = await Promise.all([
    startHookline(undefined, { rules: { ...RULES, preview: PREVIEW } }),
    createRepository(),
  ]);
  on = hostRequests(hookline, work);
});
afterAll(async () => {
  await work?.remove();
  await hookline?.remove();
});

const push: HostRequests['push'] = (...given) => on.push(...given);
const commit: HostRequests['commit'] = (...given) => on.commit(...given);
const host: HostRequests['host'] = (...given) => on.host(...given);
const ended: HostRequests['ended'] = (...given) => on.ended(...given);

/** A topic of a repository with a main branch. */
async function topic(repository: string, files?: Record<string, string>) {
  await commit('Base', { 'shared.txt': 'base\n' });
  await push(repository, 'HEAD:refs/heads/main');
  const sha = await commit('Topic', files);
  await push(repository, 'HEAD:refs/heads/topic');
  return sha;
}
const open = (repository: string, login = 'acme', members: object = {}) =>
  host(login, 'POST', `acme/${repository}/pulls`, { title: 'A', head: 'topic', base: 'main', ...members });
const change = (repository: string, members: object) =>
  host('acme', 'PATCH', `acme/${repository}/pulls/1`, members);
const statuses = async (repository: string, sha: string) =>
  z
    .array(z.object({ state: z.string() }))
    .parse(await host('acme', 'GET', `acme/${repository}/commits/${sha}/statuses`))
    .map(({ state }) => state);

describe('a request from the repository itself', () => {
  it('is built once with its push, as it moves on, when it is ready, and not when it is closed', async () => {
    const sha = await topic('acme/once');
    await vi.waitFor(async () => expect(await statuses('once', sha)).toContain('success'), 60_000);
    const opened = await ended('pull_request', () => open('once', 'acme', { draft: true }));
    expect(opened.outcome).toBe('Ignored');
    const ready = await ended('pull_request', () => change('once', { draft: false }));
    // The push has built this very commit of the branch.
    expect(ready).toMatchObject({ outcome: 'Unchanged', output: { delivery: { commit: sha } } });
    const closed = await ended('pull_request', () => change('once', { state: 'closed' }));
    expect(closed.outcome).toBe('Ignored');
    const labeled = await ended('pull_request', () =>
      host('acme', 'POST', 'acme/once/issues/1/labels', { labels: ['ok-to-test'] }),
    );
    expect(labeled.outcome).toBe('Ignored');
  });

  it('is built as the merge of the host, with the status on its head, until the two conflict', async () => {
    const sha = await topic('acme/merged', { 'topic.txt': 'one\n' });
    await work.git('checkout', '--quiet', '-B', 'other', 'HEAD~1');
    await commit('Main moves on', { 'main.txt': 'main\n' });
    await push('acme/merged', 'HEAD:refs/heads/main');
    const opened = await ended('pull_request', () => open('merged'));
    expect(opened).toMatchObject({
      outcome: 'Published',
      output: { delivery: { ref: 'refs/pull/1/merge' } },
    });
    const { pull } = z
      .object({ pull: z.object({ commit: z.string(), key: z.string() }) })
      .parse(opened.output);
    await work.git('fetch', '--quiet', on.urlOf('acme/merged'), 'refs/pull/1/merge');
    expect(await work.git('rev-parse', 'FETCH_HEAD')).toBe(pull.commit);
    expect(await work.git('rev-parse', 'FETCH_HEAD^2')).toBe(sha);
    expect(await statuses('merged', sha)).toContain('success');

    await commit('Conflict', { 'topic.txt': 'main has it too\n' });
    await push('acme/merged', 'HEAD:refs/heads/main');
    await work.git('checkout', '--quiet', sha);
    const next = await commit('Topic again', { 'topic.txt': 'two\n' });
    const conflicting = await ended('pull_request', () => push('acme/merged', 'HEAD:refs/heads/topic'));
    expect(conflicting).toMatchObject({ outcome: 'PullFailed', error: 'MergeConflict' });
    expect(conflicting.cause).toContain(`pull request 1 at ${next} conflicts with main`);
  });
});

describe('a request from a fork', () => {
  async function fork(repository: string) {
    await commit('Base');
    await push(`acme/${repository}`, 'HEAD:refs/heads/main');
    await host('mallory', 'POST', `acme/${repository}/forks`);
    const sha = await commit('Theirs');
    await push(`mallory/${repository}`, 'HEAD:refs/heads/topic');
    return sha;
  }
  const openFork = (repository: string) => () => open(repository, 'mallory', { head: 'mallory:topic' });
  const say = (login: string, body: string) => () =>
    host(login, 'POST', 'acme/forked/issues/1/comments', { body });
  const label = (login: string) => () =>
    host(login, 'POST', 'acme/forked/issues/1/labels', { labels: ['ok-to-test'] });

  it('is never built, unless the rule says so', async () => {
    await fork('never');
    const opened = await ended('pull_request', openFork('never'));
    expect(opened.outcome).toBe('Ignored');
    expect(opened.states).not.toContain('Pull');
  });

  it('is built at the commit that somebody with write permission has approved, and at no other', async () => {
    const sha = await fork('forked');
    expect((await ended('pull_request', openFork('forked'))).outcome).toBe('Ignored');
    const refused = async (event: string, done: () => Promise<unknown>, why: string) => {
      const end = await ended(event, done);
      expect(end).toMatchObject({ outcome: 'Ignored' });
      expect(end.states).not.toContain('Pull');
      expect(JSON.stringify(end.output)).toContain(why);
    };
    await refused('issue_comment', say('mallory', `/ok-to-test ${sha}`), 'mallory has no write permission');
    await refused('pull_request', label('mallory'), 'mallory has no write permission');
    await host('mallory', 'DELETE', 'acme/forked/issues/1/labels/ok-to-test');
    await refused('issue_comment', say('acme', `/ok-to-test ${'0'.repeat(40)}`), `is at ${sha}`);
    const short = say('acme', `/ok-to-test ${sha.slice(0, 12)}`);
    expect((await ended('issue_comment', short)).outcome).toBe('Ignored');
    const comment = z.object({ id: z.number() }).parse(await say('acme', 'Hm')());
    const edit = { body: `/ok-to-test ${sha}` };
    const edited = () => host('mallory', 'PATCH', `acme/forked/issues/comments/${comment.id}`, edit);
    expect((await ended('issue_comment', edited)).outcome).toBe('Ignored');

    await host('acme', 'PUT', 'acme/forked/collaborators/grace', { permission: 'push' });
    const approved = await ended('issue_comment', say('grace', `Fine.\n/ok-to-test ${sha}`));
    expect(approved).toMatchObject({
      outcome: 'PipelineStarted',
      output: { delivery: { ref: 'refs/pull/1/head', commit: sha, pullRequest: { fork: true } } },
    });
    expect(await variablesOf(approved.output)).toEqual([{ name: 'REF', resolvedValue: '1 forked' }]);
    expect(await statuses('forked', sha)).toContain('pending');

    // The label that somebody has put on stays, and approves nothing that comes later.
    expect((await ended('pull_request', label('acme'))).outcome).toBe('Unchanged');
    const next = await commit('Theirs again');
    const moved = await ended('pull_request', () => push('mallory/forked', 'HEAD:refs/heads/topic'));
    expect(moved.outcome).toBe('Ignored');
    await host('acme', 'DELETE', 'acme/forked/issues/1/labels/ok-to-test');
    const again = await ended('pull_request', label('acme'));
    expect(again).toMatchObject({ outcome: 'PipelineStarted', output: { delivery: { commit: next } } });
  });
});

describe('the page on pull requests', () => {
  it('has a preview appear, run and go, by its own commands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-page-'));
    const own = new URL(hookline.outputs.gitUrl ?? '');
    Object.assign(own, { username: 'hookline', password: hookline.secrets.token });
    const [opening = '', moving = '', merging = ''] = blocksOf('sh');
    expect(opening).toMatch(/^HOST=http:\/\/hookline:TOKEN@127.0.0.1:4566\/git\n/);
    const pipelines = async () => {
      const client = new CodePipelineClient(hookline.access);
      const { pipelines: all = [] } = await client.send(new ListPipelinesCommand({}));
      client.destroy();
      return all.flatMap(({ name = '' }) => (name.startsWith('hookline-example-') ? name : []));
    };
    const endedOf = async (count: number) => {
      const sent = () => hookline.gitHost.deliveries().filter((each) => each.repository === 'hookline/app');
      const requests = () => sent().filter(({ event }) => event === 'pull_request');
      await vi.waitFor(() => expect(requests()).toHaveLength(count), 30_000);
      return (await hookline.ended(requests().at(-1)?.id ?? ''))[0]?.outcome;
    };
    const identity = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@a',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@a',
    };
    const run = (cwd: string, text: string) =>
      execa('sh', ['-ec', `HOST=${own.href}\n${text.replace(/^HOST=.*\n/, '')}`], { cwd, env: identity });

    await run(folder, opening);
    expect(await endedOf(1)).toBe('PipelineStarted');
    expect(await pipelines()).toEqual([expect.stringMatching(/^hookline-example-pr-1-[0-9a-f]{6}$/)]);
    await run(join(folder, 'app'), moving);
    expect(await endedOf(2)).toBe('PipelineStarted');
    expect(await pipelines()).toHaveLength(1);
    await run(join(folder, 'app'), merging);
    expect(await endedOf(3)).toBe('PipelineDeleted');
    expect(await pipelines()).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });
});

async function variablesOf(output: unknown) {
  const { pipeline } = z
    .object({ pipeline: z.object({ name: z.string(), executionId: z.string() }) })
    .parse(output);
  const client = new CodePipelineClient(hookline.access);
  const { pipelineExecution } = await client.send(
    new GetPipelineExecutionCommand({
      pipelineName: pipeline.name,
      pipelineExecutionId: pipeline.executionId,
    }),
  );
  client.destroy();
  return pipelineExecution?.variables;
}
