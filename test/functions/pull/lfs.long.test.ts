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
