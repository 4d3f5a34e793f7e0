import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Git } from '../../../functions/pull/git.ts';
import type { Remote } from '../../../functions/pull/remote.ts';
import { temporaryFolder } from '../../../local/testing.ts';

const remote: Remote = {
  url: 'https://git.example.com/acme/app.git',
  protocol: 'https',
  config: [['remote.x.url', 'of-remote']],
  authorization: async () => [['remote.x.push', 'of-authorization']],
  env: { OF_REMOTE: '1', SHARED: 'remote' },
  credential: 'the secret',
};

/** A git that is a shell script. */
async function scripted(script: string): Promise<void> {
  const bin = join(temporaryFolder().path, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'git'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
}

describe('a git of the pull', () => {
  let home: string;
  let git: Git;
  beforeEach(async () => {
    vi.unstubAllEnvs();
    home = await realpath(temporaryFolder().path);
    git = new Git(home);
    return () => vi.unstubAllEnvs();
  });

  const environment = async (options = {}) => {
    const lines = (await git.run(['x'], options)).split('\n');
    return Object.fromEntries(
      lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
    );
  };

  it('has what it needs to know in its environment, the command’s own last', async () => {
    await scripted('env');
    const repo = { gitDir: '/repo/.git', workTree: home };
    const config = [['remote.x.fetch', 'of-command']] as const;
    const env = await environment({ repo, remote, config, env: { SHARED: 'command' } });
    expect(env).toMatchObject({
      GIT_DIR: '/repo/.git',
      GIT_WORK_TREE: home,
      GIT_ALLOW_PROTOCOL: 'https',
      OF_REMOTE: '1',
      SHARED: 'command',
      GIT_TRACE_CURL: expect.stringContaining(home),
    });
    const values = Array.from(
      { length: Number(env.GIT_CONFIG_COUNT) },
      (_, n) => env[`GIT_CONFIG_VALUE_${n}`],
    );
    expect(values.slice(-3)).toEqual(['of-remote', 'of-authorization', 'of-command']);
    expect(await readdir(home)).toEqual([]);
  });

  it('without a repository finds none, and without a remote uses no transport', async () => {
    await scripted('env; pwd; echo "in=$(cat)"');
    const env = await environment();
    expect(env).toMatchObject({ GIT_DIR: join(home, 'no-repository'), GIT_ALLOW_PROTOCOL: 'none', in: '' });
    for (const name of ['GIT_WORK_TREE', 'GIT_TRACE_CURL', 'OF_REMOTE']) expect(env).not.toHaveProperty(name);
    expect(Object.keys(env)).toContain(home);
    const ssh = await environment({ remote: { ...remote, protocol: 'ssh' } });
    expect(ssh).not.toHaveProperty('GIT_TRACE_CURL');
    expect(ssh.GIT_ALLOW_PROTOCOL).toBe('ssh');
  });

  it('runs in the work tree, and reads its input', async () => {
    await scripted('pwd; cat');
    const workTree = await realpath(temporaryFolder().path);
    expect(await git.run([], { repo: { gitDir: 'x', workTree }, input: 'given' })).toBe(`${workTree}\ngiven`);
  });

  it('passes bytes on as they are', async () => {
    await scripted(String.raw`printf '\377\000a'`);
    expect(await git.bytes([])).toEqual(Buffer.from([0xff, 0, 0x61]));
  });

  it('that has not read its input fails by its own words', async () => {
    await scripted('echo "fatal: something" >&2; exit 3');
    const input = Buffer.alloc(4e6);
    const uncaught: unknown[] = [];
    const listener = (error: unknown) => void uncaught.push(error);
    process.on('uncaughtException', listener);
    onTestFinished(() => void process.off('uncaughtException', listener));
    await expect(git.run(['add'], { input })).rejects.toMatchObject({ name: 'PullFailed', status: 3 });
    await expect(git.run(['add'])).rejects.toThrow(
      'git add ended with status 3; see its words (git: fatal: something)',
    );
    expect(uncaught).toEqual([]);
  });

  it('that is not installed says so', async () => {
    vi.stubEnv('PATH', temporaryFolder().path);
    await expect(git.run(['add'])).rejects.toMatchObject({
      status: 127,
      message: expect.stringMatching(/ENOENT; install git in the build's image/),
    });
  });

  it.each([
    ['kill -9 $$', 137, 'GitKilled', []],
    ['kill -15 $$', 143, 'GitKilled', []],
    ['exit 130', 130, 'GitKilled', []],
    ['exit 129', 129, 'PullFailed', ['shallow.lock']],
    ['exit 1', 1, 'PullFailed', ['shallow.lock']],
  ])(
    'by %s has the status %d, and leaves no lock of what a signal ended: %s %j',
    async (end, status, name, left) => {
      const gitDir = join(home, 'repo');
      await mkdir(join(gitDir, 'refs/heads'), { recursive: true });
      for (const file of ['shallow.lock', 'refs/heads/main.lock', 'refs/heads/main', 'lock'])
        await writeFile(join(gitDir, file), '');
      await scripted(end);
      await expect(git.run(['fetch'], { repo: { gitDir } })).rejects.toMatchObject({ name, status });
      expect((await readdir(gitDir)).sort()).toEqual(['lock', 'refs', ...left]);
      expect(await readdir(join(gitDir, 'refs/heads'))).toEqual(
        left.length ? ['main', 'main.lock'] : ['main'],
      );
      await expect(git.run(['fetch'])).rejects.toMatchObject({ name, status });
    },
  );

  it.each([
    [429, 30],
    [503, 30],
    [500, undefined],
  ])('is told by an answer %d when to come again: %s s', async (answer, retryAfter) => {
    await scripted(
      `echo "x <= Recv header: retry-after: 30" > "$GIT_TRACE_CURL"; echo "fatal: returned error: ${answer}" >&2; exit 128`,
    );
    await expect(git.run(['fetch'], { remote })).rejects.toMatchObject({
      name: 'HostUnreachable',
      retryAfter,
    });
    expect(await readdir(home)).toEqual([]);
    await expect(git.run(['fetch'], { remote: { ...remote, protocol: 'ssh' } })).rejects.toMatchObject({
      retryAfter: undefined,
    });
  });

  it.each([
    ['ls-remote', 'x-git-upload-pack-advertisement', '', undefined],
    ['ls-remote', 'json', 'id ref', undefined],
    ['fetch', 'json', '', undefined],
    ['ls-remote', 'json', '', 'HostUnreachable'],
    ['ls-remote', '', '', 'HostUnreachable'],
  ])('that %s by an answer of the type %j says %j, and fails by: %s', async (command, type, said, name) => {
    await scripted(
      `echo "x <= Recv header: Content-Type: application/${type}" > "$GIT_TRACE_CURL"; printf '${said}'`,
    );
    const run = git.run([command], { remote });
    if (name === undefined) expect(await run).toBe(said);
    else
      await expect(run).rejects.toMatchObject({
        name,
        transient: true,
        message: expect.stringMatching(/^a page /),
      });
    expect(await readdir(home)).toEqual([]);
    const file = { ...remote, protocol: 'file' };
    await scripted(`printf '${said}'`);
    expect(await git.run([command], { remote: file })).toBe(said);
  });

  it('ends when its reader leaves', async () => {
    await scripted(`trap 'touch "${home}/ended"; exit' TERM; echo first; while :; do sleep 0.01; done`);
    for await (const chunk of git.stream([])) {
      expect(chunk.toString()).toBe('first\n');
      break;
    }
    await vi.waitFor(() => expect(existsSync(join(home, 'ended'))).toBe(true));
  });
});
