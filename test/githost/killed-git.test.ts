import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type Receiver,
  type RunningHost,
  SECRET,
  startHost,
  startReceiver,
  workTree,
} from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

/** The looks at the refs of a repository, and how many of them fail once the push has begun. */
const looks = vi.hoisted(() => ({ taken: 0, failing: 0 }));
vi.mock('../../githost/push/refs.ts', async (original) => {
  const refs = await original<typeof import('../../githost/push/refs.ts')>();
  const readRefs: typeof refs.readRefs = (...repository) => {
    looks.taken += 1;
    if (looks.taken > 1 && looks.taken <= 1 + looks.failing) throw new Error('git was killed');
    return refs.readRefs(...repository);
  };
  return { ...refs, readRefs };
});

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
beforeEach(async () => {
  Object.assign(looks, { taken: 0, failing: 0 });
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
  await host.gitHost.addHook({ url: receiver.url, secret: SECRET, events: ['push'] });
});
afterEach(async () => {
  await host.remove();
  await receiver.close();
  await work.remove();
});

const push = (ref = 'refs/heads/main') => work.git('push', '--quiet', host.clone('acme/app'), `HEAD:${ref}`);
const pushes = () => receiver.received.filter(({ event }) => event === 'push');

it('a push is told of when a git is killed that looks for what it has changed', async () => {
  looks.failing = 4;
  await push();
  await vi.waitFor(() => expect(pushes()).toHaveLength(1));
});

it('a push is told of when the helper is killed that has started its git, once refs are moved', async () => {
  await push();
  await vi.waitFor(() => expect(pushes()).toHaveLength(1));
  // The hook's parents are receive-pack, http-backend and the helper.
  const parent = (id: string) => `$(ps -o ppid= -p ${id})`;
  const hook = `#!/bin/sh\nkill -9 ${parent(parent(parent('$$')))}\nsleep 1\n`;
  await writeFile(join(host.directory, 'home', 'hooks', 'post-receive'), hook, { mode: 0o755 });
  await work.commit({ 'README.md': 'two' });
  await expect(push()).rejects.toThrow();
  await vi.waitFor(() => expect(pushes()).toHaveLength(2));
});

it('a push fails where no git can look for what it has changed, and is told of by the next try', async () => {
  looks.failing = 5;
  await expect(push()).rejects.toThrow();
  expect(pushes()).toEqual([]);
  await push();
  await vi.waitFor(() => expect(pushes()).toHaveLength(1));
});

/** Leaves the locks of a git that was killed. */
const lock = async (...paths: string[]) => {
  for (const path of paths)
    await writeFile(join(host.directory, 'repositories', 'acme', 'app.git', `${path}.lock`), '');
};

it('pushes are taken after a start, though a git that was killed has left its locks', async () => {
  await push();
  await vi.waitFor(() => expect(pushes()).toHaveLength(1));
  await host.close();
  await lock('refs/heads/main', 'packed-refs', 'HEAD');
  host = await startHost(host.directory);
  await work.commit({ 'README.md': 'two' });
  await push();
});

it('pushes are taken when the helper is killed with a git that leaves its lock', async () => {
  await push();
  const parent = (id: string) => `$(ps -o ppid= -p ${id})`;
  const hook = `#!/bin/sh\n: > refs/heads/main.lock\nkill -9 ${parent(parent(parent('$$')))}\nsleep 1\n`;
  const path = join(host.directory, 'home', 'hooks', 'post-receive');
  await writeFile(path, hook, { mode: 0o755 });
  await work.commit({ 'README.md': 'two' });
  await expect(push()).rejects.toThrow();
  await rm(path);
  await work.commit({ 'README.md': 'three' });
  await push();
});

it('a request is opened by a push to refs/for, though a git that was killed has left the lock of its branch', async () => {
  await push();
  await work.commit({ 'README.md': 'two' });
  await lock('refs/heads/fix');
  await push('refs/for/main/fix');
  expect(await work.git('ls-remote', host.clone('acme/app'), 'refs/pull/1/head')).not.toBe('');
});
