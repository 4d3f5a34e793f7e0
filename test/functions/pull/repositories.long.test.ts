import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';
import { readZip } from '../../support/zip.ts';

describe('a repository', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench?.close());

  const push = (...refs: string[]) => bench.app.git('push', '--quiet', '--force', 'origin', ...refs);
  const pulled = async (delivery: Delivery) => {
    const run = await bench.run(delivery);
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const object = bench.aws.objects.get(run.exports.KEY ?? '');
    if (!object) throw new Error('no artifact was stored');
    return { ...object, exports: run.exports };
  };

  it('without a file makes an artifact without an entry', async () => {
    const commit = await bench.app.commit({}, 'Nothing');
    await push('HEAD:refs/heads/main');
    for (const git of [false, true]) {
      const { body } = await pulled({ commit, pull: { git } });
      expect([...(await readZip(body)).keys()].filter((path) => !path.startsWith('.git/'))).toEqual([]);
    }
  });

  it('whose commit has a subject of 10,000 characters is pulled, the summary cut', async () => {
    const commit = await bench.app.commit({ 'a.txt': 'a' }, 'ü'.repeat(10_000));
    await push('HEAD:refs/heads/main');
    const { metadata } = await pulled({ commit });
    expect(metadata['codepipeline-artifact-revision-summary']).toMatch(/^[0-9a-f]{7} u{392}$/);
  });

  it('with a branch and a tag of one name gives each its own commit', async () => {
    const branch = await bench.app.commit({ 'a.txt': 'branch' });
    await push('HEAD:refs/heads/same');
    const tag = await bench.app.commit({ 'a.txt': 'tag' });
    await push('HEAD:refs/tags/same');
    expect((await pulled({ ref: 'refs/heads/same', commit: branch })).exports).toMatchObject({
      COMMIT: branch,
      TIP: branch,
    });
    expect((await pulled({ ref: 'refs/tags/same', commit: tag })).exports).toMatchObject({
      COMMIT: tag,
      TIP: tag,
    });
  });

  it('with an annotated tag of an annotated tag gives the commit of both', async () => {
    const commit = await bench.app.commit({ 'a.txt': 'tagged twice' });
    await bench.app.git('tag', '-a', '-m', 'inner', 'inner', commit);
    await bench.app.git('tag', '-a', '-m', 'outer', 'outer', 'inner');
    await push('refs/tags/outer');
    const outer = await bench.app.git('rev-parse', 'outer');
    const delivery = { ref: 'refs/tags/outer', commit: outer };
    for (const git of [false, true]) {
      const { body, exports } = await pulled({ ...delivery, pull: { git } });
      expect(exports).toMatchObject({ COMMIT: commit, TIP: commit });
      bench.aws.objects.clear();
      await push(`${commit}:refs/heads/main`);
      expect(body.equals((await pulled({ commit, pull: { git } })).body)).toBe(true);
    }
  });

  it('with SHA-256 ids is pulled by every option', async () => {
    const bare = join(bench.root, 'acme/long.git');
    const work = join(bench.folder, 'long');
    const git = async (...args: string[]) =>
      (await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: work }))
        .stdout;
    await execa('git', ['init', '--quiet', '--bare', '--object-format=sha256', bare]);
    await execa('git', ['init', '--quiet', '--object-format=sha256', work]);
    await execa('sh', ['-c', 'echo \'$Format:%H$\' > v.txt; echo "* export-subst" > .gitattributes'], {
      cwd: work,
    });
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'Long');
    await git('push', '--quiet', bare, 'HEAD:refs/heads/main');
    const commit = await git('rev-parse', 'HEAD');
    expect(commit).toHaveLength(64);
    for (const pull of [{}, { submodules: true }, { git: true }]) {
      const { body } = await pulled({ repository: 'acme/long', commit, pull });
      const text = (await readZip(body)).get('v.txt')?.body.toString();
      expect(text).toBe('git' in pull ? '$Format:%H$\n' : `${commit}\n`);
    }
  });

  it('of many files makes the same bytes with .git on every run', async () => {
    const lines = Array.from({ length: 400 }, (_, n) => `line ${n}`);
    const files = Array.from(
      { length: 300 },
      (_, n) => [`f/${n}.txt`, lines.with(n, `${n}`).join('\n')] as const,
    );
    const commit = await bench.app.commit(Object.fromEntries(files));
    await push('HEAD:refs/heads/main');
    const first = await pulled({ commit, pull: { git: true } });
    bench.aws.objects.clear();
    // the host packs them in another way
    const args = ['repack', '--quiet', '-a', '-d', '-f', '--depth=1', '--window=2'];
    await execa('git', args, { cwd: join(bench.root, 'acme/app.git') });
    expect(first.body.equals((await pulled({ commit, pull: { git: true } })).body)).toBe(true);
  });
});
