import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import {
  type Receiver,
  type RunningHost,
  SECRET,
  startHost,
  startReceiver,
  TOKEN,
  workTree,
} from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
beforeEach(async () => {
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
  await push('HEAD:refs/heads/main');
  await host.gitHost.addHook({
    url: receiver.url,
    secret: SECRET,
    events: ['pull_request', 'issue_comment'],
  });
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
  receiver.received.length = 0;
});
afterEach(async () => {
  await host.remove();
  await receiver.close();
  await work.remove();
});

const push = (refspec: string, repository = 'acme/app') =>
  work.git('push', '--quiet', '--force', host.clone(repository), refspec);

/** Calls the API of acme/app as somebody. */
async function api(method: string, path: string, body?: unknown, login = 'acme') {
  const response = await fetch(`${host.url}/api/v3/repos/acme/app${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${login}:${TOKEN}`)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const eventSchema = z.looseObject({
  action: z.string(),
  pull_request: z
    .looseObject({ head: z.looseObject({ sha: z.string() }), merged: z.boolean(), draft: z.boolean() })
    .optional(),
});

/** The events since the last look, when so many have come. */
async function events(count: number) {
  await vi.waitFor(() => expect(receiver.received).toHaveLength(count));
  return receiver.received.splice(0).map(({ event, payload }) => ({ event, ...eventSchema.parse(payload) }));
}
const actions = async (count: number) => (await events(count)).map(({ action }) => action);

const refs = async () =>
  new Map(
    (await work.git('ls-remote', host.clone('acme/app'), 'refs/pull/*'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.split('\t')[1], line.split('\t')[0]]),
  );

async function topic(files: Record<string, string> = { 'topic.txt': 'topic\n' }, subject = 'Topic') {
  const sha = await work.commit(files, subject);
  await push('HEAD:refs/heads/topic');
  return sha;
}

/** Does something while no delivery can be written. */
async function without(done: () => Promise<unknown>) {
  const folder = join(host.directory, 'deliveries');
  await vi.waitFor(() =>
    expect(host.gitHost.deliveries().map(({ status }) => status)).not.toContain('pending'),
  );
  await rename(folder, `${folder}.away`);
  await writeFile(folder, '');
  await done();
  await rm(folder);
  await rename(`${folder}.away`, folder);
}

const open = (members: object = {}) =>
  api('POST', '/pulls', { title: 'A', head: 'topic', base: 'main', ...members });

describe('a pull request on the git host', () => {
  it('is opened, gets another commit, and is merged, with its refs and its events', async () => {
    const first = await topic();
    expect(await open()).toMatchObject({
      status: 201,
      body: {
        number: 1,
        state: 'open',
        mergeable: true,
        head: { ref: 'topic', sha: first },
        base: { ref: 'main' },
      },
    });
    expect(await open()).toMatchObject({ status: 422 });
    const second = await work.commit({ 'more.txt': 'more\n' }, 'More');
    await push('HEAD:refs/heads/topic');
    const [opened, moved] = await events(2);
    expect(opened).toMatchObject({ event: 'pull_request', action: 'opened', number: 1 });
    expect(moved).toMatchObject({ action: 'synchronize', before: first, after: second });
    expect((await refs()).get('refs/pull/1/head')).toBe(second);
    const merge = (await refs()).get('refs/pull/1/merge') ?? '';
    await work.git('fetch', '--quiet', host.clone('acme/app'), 'refs/pull/1/merge');
    expect(await work.git('rev-parse', `${merge}^2`)).toBe(second);

    const merged = await api('PUT', '/pulls/1/merge', {}, 'grace');
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    expect(await events(1)).toMatchObject([{ action: 'closed', pull_request: { merged: true } }]);
    expect((await api('GET', '/pulls/1')).body).toMatchObject({
      state: 'closed',
      merge_commit_sha: merged.body.sha,
      merged_by: { login: 'grace' },
    });
    expect([...(await refs()).keys()]).toEqual(['refs/pull/1/head']);
  });

  it('has no merge while it conflicts, and cannot be merged', async () => {
    await topic({ 'README.md': 'theirs\n' });
    await open();
    await work.git('reset', '--quiet', '--hard', 'HEAD~1');
    await work.commit({ 'README.md': 'ours\n' }, 'Ours');
    await push('HEAD:refs/heads/main');
    expect((await api('GET', '/pulls/1')).body).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    expect([...(await refs()).keys()]).toEqual(['refs/pull/1/head']);
    expect(await api('PUT', '/pulls/1/merge')).toMatchObject({ status: 405 });
    expect(await actions(1)).toEqual(['opened']);
  });

  it('is closed, reopened, made ready, labeled and commented, after a restart too', async () => {
    await topic();
    await open({ draft: true });
    await api('PATCH', '/pulls/1', { state: 'closed' });
    expect(await actions(2)).toEqual(['opened', 'closed']);
    await vi.waitFor(() => expect(host.gitHost.deliveries().at(-1)).toMatchObject({ statusCode: 200 }));
    await host.close();
    host = await startHost(host.directory);
    await host.gitHost.addHook({
      url: receiver.url,
      secret: SECRET,
      events: ['pull_request', 'issue_comment'],
    });
    await api('PATCH', '/pulls/1', { state: 'open' });
    await api('PATCH', '/pulls/1', { draft: false });
    await api('POST', '/issues/1/labels', { labels: ['ok-to-test'] });
    await api('DELETE', '/issues/1/labels/ok-to-test');
    const comment = await api('POST', '/issues/1/comments', { body: 'Hello' }, 'grace');
    await api('PATCH', `/issues/comments/${comment.body.id}`, { body: 'Hello again' }, 'grace');
    expect(await actions(6)).toEqual([
      ...['reopened', 'ready_for_review', 'labeled', 'unlabeled', 'created', 'edited'],
    ]);
    expect(comment.body).toMatchObject({ user: { login: 'grace' }, author_association: 'NONE' });
    expect((await api('GET', '/pulls?state=open')).body).toMatchObject([{ number: 1, draft: false }]);
  });

  it('closes when its branch is deleted, and as merged when its commit is pushed to the base', async () => {
    await topic();
    await open();
    await push('HEAD:refs/heads/other');
    await open({ head: 'other' });
    await push(':refs/heads/other');
    await push('HEAD:refs/heads/main');
    expect(await events(4)).toMatchObject([
      { action: 'opened', number: 1 },
      { action: 'opened', number: 2 },
      { action: 'closed', number: 2, pull_request: { merged: false } },
      { action: 'closed', number: 1, pull_request: { merged: true } },
    ]);
  });

  it('is told of at the next start when that could not be written, as on a full disk, or the process was killed', async () => {
    await topic();
    await without(async () => {
      expect(await open()).toMatchObject({ status: 500 });
      await api('POST', '/issues/1/labels', { labels: ['ok-to-test'] });
      await api('POST', '/issues/1/comments', { body: 'Hello' });
      await host.close();
    });
    host = await startHost(host.directory);
    await host.gitHost.addHook({ url: receiver.url, secret: SECRET, events: ['*'] });
    expect(await events(3)).toMatchObject([
      { event: 'pull_request', action: 'opened', number: 1 },
      { event: 'pull_request', action: 'labeled', label: { name: 'ok-to-test' } },
      { event: 'issue_comment', action: 'created', comment: { body: 'Hello' } },
    ]);
  });

  it('is told of by the next push when what a push has changed could not be told of', async () => {
    await topic();
    await open();
    expect(await actions(1)).toEqual(['opened']);
    await without(() => expect(push(':refs/heads/topic')).rejects.toThrow());
    await push('HEAD:refs/heads/other');
    expect(await actions(1)).toEqual(['closed']);
  });

  it('is opened by a push to refs/for, which the next such push moves on', async () => {
    const first = await work.commit({ 'fix.txt': 'one\n' }, 'Fix the door');
    await push('HEAD:refs/for/main/fix');
    const second = await work.commit({ 'fix.txt': 'two\n' }, 'Fix it again');
    await push('HEAD:refs/for/main/fix');
    expect(await events(2)).toMatchObject([
      { action: 'opened', pull_request: { title: 'Fix the door', head: { ref: 'fix', sha: first } } },
      { action: 'synchronize', pull_request: { head: { ref: 'fix', sha: second } } },
    ]);
    await expect(push('HEAD:refs/for/nothing/fix')).rejects.toThrow(/names no branch to merge into/);
    await expect(push('HEAD:refs/for/main/main')).rejects.toThrow(/names no branch to merge into/);
    await expect(push('HEAD:refs/pull/1/head')).rejects.toThrow(/hidden ref/);
  });

  it('replaces no branch but that of its own topic', async () => {
    const tipOf = async (branch: string) =>
      (await work.git('ls-remote', host.clone('acme/app'), `refs/heads/${branch}`)).split('\t')[0];
    const start = await work.commit({ 'kept.txt': 'kept\n' }, 'Kept');
    await push('HEAD:refs/heads/release');
    await push('HEAD:refs/for/main/fix');
    const amended = await work.git('commit-tree', `${start}^{tree}`, '-p', `${start}^`, '-m', 'Amended');
    const replaced = /would replace the branch (release|fix), which has no open request into/;
    await expect(push(`${amended}:refs/for/main/release`)).rejects.toThrow(replaced);
    // The same topic into another branch is another request.
    await expect(push(`${amended}:refs/for/release/fix`)).rejects.toThrow(replaced);
    expect([await tipOf('release'), await tipOf('fix')]).toEqual([start, start]);
    await push(`${amended}:refs/for/main/fix`);
    expect(await tipOf('fix')).toBe(amended);
    expect(await actions(2)).toEqual(['opened', 'synchronize']);
    await api('PATCH', '/pulls/1', { state: 'closed' });
    await expect(push('HEAD:refs/for/main/fix')).rejects.toThrow(replaced);
    const ahead = await work.commit({ 'more.txt': 'more\n' }, 'More');
    await push(`${ahead}:refs/for/main/release`);
    expect(await tipOf('release')).toBe(ahead);
  });

  it('is opened of no topic that cannot be a branch, and of what is no commit', async () => {
    await work.commit({ 'fix.txt': 'one\n' });
    await push('HEAD:refs/heads/fix/one');
    await work.git('tag', '--annotate', '--message=A tag', 'annotated');
    await expect(push('HEAD:refs/for/main/fix')).rejects.toThrow(/beside the branch fix\/one/);
    await expect(push('HEAD:refs/for/main/fix/one/x')).rejects.toThrow(/beside the branch fix\/one/);
    await expect(push('HEAD:refs/for/main/main/x')).rejects.toThrow(/beside the branch main/);
    await expect(push('annotated:refs/for/main/tag')).rejects.toThrow(/was given no commit/);
    await push('HEAD:refs/for/main/fix/two');
    expect(await actions(1)).toEqual(['opened']);
  });
});

describe('a fork on the git host', () => {
  it('brings its commits to the repository by the refs of its request', async () => {
    expect(await api('POST', '/forks', {}, 'mallory')).toMatchObject({
      status: 202,
      body: { full_name: 'mallory/app', fork: true },
    });
    const sha = await work.commit({ 'theirs.txt': 'theirs\n' }, 'Theirs');
    await push('HEAD:refs/heads/topic', 'mallory/app');
    expect(
      await api('POST', '/pulls', { title: 'A', head: 'mallory:topic', base: 'main' }, 'mallory'),
    ).toMatchObject({ status: 201, body: { head: { sha, repo: { full_name: 'mallory/app', fork: true } } } });
    const next = await work.commit({ 'theirs.txt': 'more\n' }, 'More');
    await push('HEAD:refs/heads/topic', 'mallory/app');
    expect(await actions(2)).toEqual(['opened', 'synchronize']);
    expect((await refs()).get('refs/pull/1/head')).toBe(next);
  });

  it('is of somebody who may read, until the repository takes them in', async () => {
    const permission = async (login: string) =>
      (await api('GET', `/collaborators/${login}/permission`)).body.permission;
    expect([await permission('acme'), await permission('mallory')]).toEqual(['admin', 'read']);
    await api('PUT', '/collaborators/mallory', { permission: 'push' });
    expect(await permission('mallory')).toBe('write');
    await api('DELETE', '/collaborators/mallory');
    expect(await permission('mallory')).toBe('read');
  });
});
