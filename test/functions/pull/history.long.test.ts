import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullOptions } from '../../../events/pull-options.ts';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';
import { unpack } from '../../support/zip.ts';

describe('the history in an artifact with .git', () => {
  let bench: Bench;
  const commits: string[] = [];
  beforeAll(async () => {
    bench = await openBench();
    for (const n of [1, 2, 3, 4, 5]) {
      commits.push(await bench.app.commit({ 'a.txt': `${n}\n` }, `Commit ${n}`));
      if (n === 2) await bench.app.git('tag', '-a', '-m', 'First', 'v1');
      if (n === 4) await bench.app.git('tag', 'v2-beta');
    }
    await bench.app.git('checkout', '--quiet', '--orphan', 'other');
    await bench.app.commit({ 'b.txt': 'b\n' }, 'Of another branch');
    await bench.app.git('tag', '-a', '-m', 'Elsewhere', 'v9');
    await bench.app.git('checkout', '--quiet', 'main');
    await bench.app.git('push', '--quiet', 'origin', 'main', '--tags');
  });
  afterAll(() => bench?.close());

  /** Pulls the newest commit, and unpacks its artifact. @returns git in the unpacked folder, and the artifact's key */
  const unpacked = async (git: PullOptions['git'], delivery: Delivery = {}) => {
    const run = await bench.run({ commit: commits.at(-1) ?? '', ...delivery, pull: { git } });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const { KEY: key = '' } = run.exports;
    const folder = await mkdtemp(join(bench.folder, 'unpacked-'));
    await unpack(bench.aws.objects.get(key)?.body ?? Buffer.alloc(0), folder);
    const inFolder = async (...args: string[]) => (await execa('git', args, { cwd: folder })).stdout;
    expect(await inFolder('fsck', '--no-dangling')).toBe('');
    expect(await inFolder('status', '--porcelain')).toBe('');
    return { git: inFolder, key };
  };
  const subjects = async (git: (...args: string[]) => Promise<string>) =>
    (await git('log', '--format=%s')).split('\n');

  it.each([
    [true, ['Commit 5']],
    [{ depth: 3, tags: false }, ['Commit 5', 'Commit 4', 'Commit 3']],
    [{ depth: 'full', tags: false }, ['Commit 5', 'Commit 4', 'Commit 3', 'Commit 2', 'Commit 1']],
  ] as const)('is as deep as the rule says, and without tags: %j', async (option, wanted) => {
    const { git } = await unpacked(option);
    expect(await subjects(git)).toEqual(wanted);
    expect(await git('tag')).toBe('');
    expect(await git('config', 'remote.origin.url')).toBe(`${bench.host.url}/acme/app.git`);
  });

  it('has the tags of its commits, so that git describes them, and no tag of another history', async () => {
    const { git } = await unpacked({ depth: 'full', tags: true });
    expect((await git('tag')).split('\n')).toEqual(['v1', 'v2-beta']);
    expect(await git('describe')).toMatch(/^v1-3-g/);
    expect(await git('describe', '--tags')).toMatch(/^v2-beta-1-g/);
    expect(await git('cat-file', '-t', 'v1')).toBe('tag');
    const { git: shallow } = await unpacked({ depth: 2, tags: true });
    expect(await shallow('tag')).toBe('v2-beta');
  });

  it('is another artifact once a tag has come, since an artifact never changes', async () => {
    const option = { depth: 'full', tags: true } as const;
    const { key: before } = await unpacked(option);
    expect((await unpacked(option)).key).toBe(before);
    await bench.app.git('tag', 'v3');
    await bench.app.git('push', '--quiet', 'origin', 'v3');
    const { git, key } = await unpacked(option, { ref: 'refs/tags/v3' });
    expect(key).not.toBe(before);
    expect(await git('describe', '--tags')).toBe('v3');
  });

  it('of one commit is the artifact of `git: true`', async () => {
    expect((await unpacked({ depth: 1, tags: false })).key).toBe((await unpacked(true)).key);
  });
});
