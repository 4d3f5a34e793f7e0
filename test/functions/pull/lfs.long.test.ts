import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';
import { type RunningHost, startHost, TOKEN } from '../../support/git-host.ts';
import { readZip } from '../../support/zip.ts';

describe('LFS content that was pushed to the built-in git host', () => {
  let bench: Bench;
  let host: RunningHost;
  let commit: string;
  beforeAll(async () => {
    [bench, host] = await Promise.all([openBench(), startHost()]);
    bench.aws.hosts = { git: { provider: 'github', url: host.url } };
    bench.aws.credentials = { git: { token: TOKEN } };
    const cwd = bench.app.folder;
    await execa('git', ['lfs', 'install', '--local'], { cwd });
    commit = await bench.app.commit({
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'a.bin': 'large content',
    });
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', HOME: cwd };
    await execa('git', ['push', '--quiet', host.clone('acme/large'), 'HEAD:refs/heads/main'], { cwd, env });
  });
  afterAll(async () => {
    await host?.remove();
    await bench?.close();
  });

  const pull = (git: boolean) => {
    bench.aws.objects.clear();
    return bench.run({ repository: 'acme/large', commit, pull: { lfs: true, git } });
  };

  it.each([false, true])('is in the artifact, with `git: %s`', async (git) => {
    const run = await pull(git);
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const found = await readZip(bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0));
    expect(found.get('a.bin')?.body.toString()).toBe('large content');
  });

  it('is missing by its own name when the host has lost it', async () => {
    await rm(join(host.directory, 'repositories/acme/large.git/lfs'), { recursive: true });
    const run = await pull(false);
    expect(run.output).toContain('LfsObjectMissing: ');
    expect(run.output).toContain('git lfs push --all');
    expect(run.status).toBe(81);
  });
});

describe('LFS content that cannot be had just now', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    await bench.app.commit({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
  });
  afterAll(() => bench?.close());

  // git-lfs itself asks again for an object, but where it panics
  it.each([
    ['/info/lfs/objects/batch', 503, 1],
    ['/info/lfs/objects/batch', 500, 1],
    ['/info/lfs/objects/batch', 429, 1],
    ['/info/lfs/objects/batch', 408, 1],
    ['/lfs/', 502, 3],
    ['/lfs/', 429, 1],
  ])('is asked for again where the answer to %s is %s, %d times', async (part, status, times) => {
    const commit = await bench.app.commit({ 'b.bin': bench.host.addLfs(`large ${status} ${part}`) });
    await bench.app.git('push', '--quiet', '--no-verify', 'origin', 'HEAD:refs/heads/main');
    let answers = 0;
    bench.host.intercept = ({ url = '' }, response) => {
      const content = /^\/lfs\/(\w+)$/.exec(url)?.[1];
      const asked = (content === undefined ? url : '/lfs/').endsWith(part);
      if (asked && answers++ < times) {
        response.writeHead(status).end();
        return true;
      }
      // an address of LFS content is good without a token
      if (content) response.end(bench.host.lfs.get(content));
      return content !== undefined;
    };
    const run = await bench.run({ commit, pull: { lfs: true } });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    expect(run.output).toMatch(/again in 1 s: the LFS objects of /);
  });
});
