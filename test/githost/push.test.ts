import { once } from 'node:events';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Receiver,
  type RunningHost,
  SECRET,
  startHost,
  startReceiver,
  workTree,
} from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

const ZERO = '0'.repeat(40);

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
beforeEach(async () => {
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
  await host.gitHost.addHook({ url: receiver.url, secret: SECRET, events: ['*'] });
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
  receiver.received.length = 0;
});
afterEach(async () => {
  await host.remove();
  await receiver.close();
  await work.remove();
});

const push = async (...refspecs: string[]) => {
  receiver.received.length = 0;
  const before = host.gitHost.deliveries().length;
  await work.git('push', '--quiet', host.clone('acme/app'), ...refspecs);
  const expected = host.gitHost.deliveries().length - before;
  await vi.waitFor(() => expect(receiver.received).toHaveLength(expected));
  return receiver.received.map(({ event, payload }) => ({ event, payload }));
};
const names = (events: { event: string; payload: { ref?: string | undefined } }[]) =>
  events.map(({ event, payload }) => `${event} ${payload.ref}`);

describe('a push to the git host', () => {
  it('makes the repository at the first push, which is a create and a push event', async () => {
    const first = await work.git('rev-parse', 'HEAD');
    const second = await work.commit({ 'ünï ©ode.txt': 'two\n', 'README.md': 'two\n' }, 'Two\n\nIts body');
    const events = await push('HEAD:refs/heads/main');
    expect(names(events)).toEqual(['create main', 'push refs/heads/main']);
    expect(events[0]?.payload).toMatchObject({
      ref_type: 'branch',
      master_branch: 'main',
      pusher_type: 'user',
      sender: { login: 'ada', type: 'User' },
    });
    expect(events[1]?.payload).toMatchObject({
      before: ZERO,
      after: second,
      created: true,
      deleted: false,
      forced: false,
      base_ref: null,
      commits: [
        { id: first, message: 'One', distinct: true, added: ['README.md'], removed: [], modified: [] },
        { id: second, message: 'Two\n\nIts body', added: ['ünï ©ode.txt'], modified: ['README.md'] },
      ],
      head_commit: {
        id: second,
        tree_id: await work.git('rev-parse', 'HEAD^{tree}'),
        url: `${host.url}/acme/app/commit/${second}`,
        author: { name: 'Test', email: 'test@example.com' },
      },
      repository: {
        name: 'app',
        full_name: 'acme/app',
        clone_url: `${host.url}/acme/app.git`,
        html_url: `${host.url}/acme/app`,
        default_branch: 'main',
        owner: { login: 'acme', name: 'acme' },
      },
      pusher: { name: 'ada', email: 'ada@users.noreply.localhost' },
    });
  });

  it('is told of though a pull request that it asks for cannot be, and so is the next', async () => {
    await push('HEAD:refs/heads/main');
    await work.commit({ 'a.txt': 'a\n' });
    const warned = once(process, 'warning');
    const events = await push('HEAD:refs/heads/fix/one', 'HEAD:refs/for/main/fix');
    expect(names(events)).toEqual(['create fix/one', 'push refs/heads/fix/one']);
    expect(String(await warned)).toContain('refs/for/main/fix opens no pull request');
    expect(names(await push('HEAD:refs/heads/main'))).toEqual(['push refs/heads/main']);
  });

  it('opens a request later whose branch cannot be written just then', async () => {
    await push('HEAD:refs/heads/main');
    await work.commit({ 'a.txt': 'a\n' });
    const lock = join(host.directory, 'repositories/acme/app.git/refs/heads/fix.lock');
    await mkdir(lock);
    await work.git('push', host.clone('acme/app'), 'HEAD:refs/for/main/fix').catch(() => undefined);
    await rmdir(lock);
    const events = names(await push('HEAD:refs/heads/main'));
    expect(events).toContain('push refs/heads/fix');
    expect(events).toContain('push refs/heads/main');
  });

  it('tells an update from a forced one', async () => {
    const first = await work.git('rev-parse', 'HEAD');
    await push('HEAD:refs/heads/main');
    const second = await work.commit({ 'a.txt': 'a\n' });
    const [update, ...rest] = await push('HEAD:refs/heads/main');
    expect(rest).toEqual([]);
    expect(update?.payload).toMatchObject({
      before: first,
      after: second,
      created: false,
      forced: false,
      commits: [{ id: second, distinct: true }],
      compare: `${host.url}/acme/app/compare/${first.slice(0, 12)}...${second.slice(0, 12)}`,
    });
    await work.git('reset', '--quiet', '--hard', first);
    const other = await work.commit({ 'b.txt': 'b\n' });
    const [forced] = await push('+HEAD:refs/heads/main');
    expect(forced?.payload).toMatchObject({
      before: second,
      after: other,
      forced: true,
      commits: [{ id: other }],
    });
    const [rewound] = await push(`+${first}:refs/heads/main`);
    expect(rewound?.payload).toMatchObject({
      after: first,
      forced: true,
      commits: [],
      head_commit: { id: first },
    });
  });

  it('tells of a branch that begins at another, and of its end', async () => {
    const tip = await work.git('rev-parse', 'HEAD');
    await push('HEAD:refs/heads/main');
    const created = await push('HEAD:refs/heads/feature/x');
    expect(names(created)).toEqual(['create feature/x', 'push refs/heads/feature/x']);
    expect(created[1]?.payload).toMatchObject({
      base_ref: 'refs/heads/main',
      commits: [],
      head_commit: { id: tip, distinct: false },
    });
    const deleted = await push(':refs/heads/feature/x');
    expect(names(deleted)).toEqual(['push refs/heads/feature/x', 'delete feature/x']);
    expect(deleted[0]?.payload).toMatchObject({
      before: tip,
      after: ZERO,
      deleted: true,
      forced: false,
      commits: [],
      head_commit: null,
    });
    expect(deleted[1]?.payload).toMatchObject({ ref_type: 'branch', pusher_type: 'user' });
  });

  it('marks the commits of a merge that were here before', async () => {
    await push('HEAD:refs/heads/main');
    await work.git('checkout', '--quiet', '-b', 'topic');
    const topic = await work.commit({ 'topic.txt': 'topic\n' });
    await push('HEAD:refs/heads/topic');
    await work.git('checkout', '--quiet', 'main');
    await work.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'topic');
    const [event] = await push('HEAD:refs/heads/main');
    expect(event?.payload).toMatchObject({
      commits: [
        { id: topic, distinct: false },
        { message: 'Merge', distinct: true, added: ['topic.txt'] },
      ],
    });
  });

  it('tells of a tag by its object and its commit, and of its end', async () => {
    const commit = await work.git('rev-parse', 'HEAD');
    await push('HEAD:refs/heads/main');
    await work.git('tag', '-a', '-m', 'First', 'v1');
    const tag = await work.git('rev-parse', 'refs/tags/v1');
    const created = await push('refs/tags/v1');
    expect(names(created)).toEqual(['create v1', 'push refs/tags/v1']);
    expect(created[0]?.payload).toMatchObject({ ref_type: 'tag' });
    expect(created[1]?.payload).toMatchObject({
      after: tag,
      base_ref: 'refs/heads/main',
      commits: [],
      head_commit: { id: commit },
    });
    const next = await work.commit({ 'a.txt': 'a\n' });
    await work.git('tag', '--force', 'v1');
    const [moved, ...rest] = await push('+refs/tags/v1');
    expect(rest).toEqual([]);
    expect(moved?.payload).toMatchObject({ before: tag, after: next, created: false });
    const deleted = await push(':refs/tags/v1');
    expect(names(deleted)).toEqual(['push refs/tags/v1', 'delete v1']);
  });

  it('sends nothing of tags when there are more than three at once, but of the branch beside them', async () => {
    await push('HEAD:refs/heads/main');
    for (const name of ['v1', 'v2', 'v3', 'v4']) await work.git('tag', name);
    await work.commit({ 'a.txt': 'a\n' });
    expect(names(await push('--tags', 'HEAD:refs/heads/main'))).toEqual(['push refs/heads/main']);
    expect(await push(':refs/tags/v1', ':refs/tags/v2', ':refs/tags/v3', ':refs/tags/v4')).toEqual([]);
  });

  it('sends nothing of refs that are neither branches nor tags, and of a push that changes nothing', async () => {
    await push('HEAD:refs/heads/main');
    expect(await push('HEAD:refs/notes/review')).toEqual([]);
    expect(await push('HEAD:refs/heads/main')).toEqual([]);
  });

  it('keeps the events of pushes at the same time apart', async () => {
    await push('HEAD:refs/heads/main');
    receiver.received.length = 0;
    const branches = ['a', 'b', 'c', 'd'];
    await Promise.all(
      branches.map((name) => work.git('push', '--quiet', host.clone('acme/app'), `HEAD:refs/heads/${name}`)),
    );
    await vi.waitFor(() => expect(receiver.received).toHaveLength(8));
    const pushes = receiver.received.filter(({ event }) => event === 'push');
    expect(pushes.map(({ payload }) => payload.ref).sort()).toEqual(
      branches.map((name) => `refs/heads/${name}`),
    );
  });
});
