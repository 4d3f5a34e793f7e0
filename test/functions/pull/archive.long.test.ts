import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';
import { readZip, readZipBytes } from '../../support/zip.ts';

const formats = ['%H', '%h %P', '%D', '%an <%ae> %cI', '%s%xe9', 'ünï %% oneline', '%(describe)'];
const stamp = formats.map((format) => `$Format:${format}$ and\n`).join('');

describe('an artifact', () => {
  let bench: Bench;
  let library: string;
  beforeAll(async () => {
    bench = await openBench();
    const lib = await bench.repository('acme/lib');
    await lib.commit({ 'a.txt': 'first' });
    library = await lib.commit(
      {
        'v.txt': stamp,
        'plain/v.txt': stamp,
        '.gitattributes': 'v.txt export-subst\nplain/* -export-subst\n',
      },
      'The library',
    );
    await lib.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(() => bench?.close());

  const push = async (commit: string) => {
    await bench.app.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`);
    return commit;
  };
  /** Commits files beside a submodule for each of these further settings, and pushes. */
  const withSubmodules = async (files: Record<string, string>, ...settings: string[]) => {
    const modules = settings.map(
      (more, n) => `[submodule "${n}"]\n\tpath = libs/ä ${n}\n\turl = ../lib.git\n${more}\n`,
    );
    await bench.app.commit({ ...files, '.gitmodules': modules.join('') }, 'Parent ünï');
    for (const n of settings.keys())
      await bench.app.git('update-index', '--add', '--cacheinfo', `160000,${library},libs/ä ${n}`);
    await bench.app.git('commit', '--quiet', '--amend', '--allow-empty', '--no-edit');
    return push(await bench.app.git('rev-parse', 'HEAD'));
  };
  /** Commits the tree of `HEAD` with these lines about its people, whatever git thinks of them. */
  const commitBy = async (people: string) => {
    const [tree, parent] = [
      await bench.app.git('rev-parse', 'HEAD^{tree}'),
      await bench.app.git('rev-parse', 'HEAD'),
    ];
    const { stdout } = await execa('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
      cwd: bench.app.folder,
      input: `tree ${tree}\nparent ${parent}\n${people}\n\nOdd people\n`,
    });
    return push(stdout);
  };
  const pulled = async (
    commit: string,
    pull: NonNullable<Delivery['pull']>,
    env: Record<string, string> = {},
  ) => {
    bench.aws.objects.clear();
    const run = await bench.run({ commit, pull }, env);
    expect(run, run.output).toMatchObject({ status: 0, left: [], exports: { COMMIT: commit } });
    return bench.aws.objects.get(run.exports.KEY ?? '')?.body ?? Buffer.alloc(0);
  };
  /** A PATH on which git refuses to write what fsck finds fault with, as it does from 2.40 on. */
  const strictGit = async () => {
    const folder = await mkdtemp(join(bench.folder, 'strict-'));
    const script =
      '#!/bin/sh\ncase "$*" in "hash-object -t commit"*) exit 128;; esac\nPATH=${PATH#*:} exec git "$@"\n';
    await writeFile(join(folder, 'git'), script, { mode: 0o755 });
    return { PATH: `${folder}:${process.env.PATH}` };
  };
  /** What `git archive` makes of the stamp for a commit of a full clone. */
  const expected = async (folder: string, commit: string) => {
    const shown = async (format: string) => {
      const args = ['show', '-s', '--no-decorate', `--format=format:${format}`, commit];
      return Buffer.from((await execa('git', args, { cwd: folder, encoding: 'buffer' })).stdout).toString(
        'latin1',
      );
    };
    const texts = formats.map(async (format) =>
      ['%D', '%(describe)'].includes(format) ? '' : shown(format),
    );
    return (await Promise.all(texts)).map((text) => `${text} and\n`).join('');
  };

  it.each([{}, { submodules: true }])(
    'has the delivered commit and its parent in place of its formats, by %j',
    async (options) => {
      const files = { 'v.txt': stamp, 'other.txt': stamp, '.gitattributes': 'v.txt export-subst\n' };
      const commit = await withSubmodules(files, '', '');
      const zip = await pulled(commit, options);
      const found = await readZip(zip);
      const text = (path: string) => found.get(path)?.body.toString('latin1');
      expect(text('v.txt')).toBe(await expected(bench.app.folder, commit));
      expect(text('other.txt')).toBe(Buffer.from(stamp).toString('latin1'));
      expect(zip.subarray(-40).toString()).toBe(commit);
      if (!options.submodules) return;
      const bare = `${bench.root}/acme/lib.git`;
      for (const n of [0, 1]) expect(text(`libs/ä ${n}/v.txt`)).toBe(await expected(bare, library));
      expect(text('libs/ä 0/plain/v.txt')).toBe(Buffer.from(stamp).toString('latin1'));
      expect((await pulled(commit, options)).equals(zip)).toBe(true);
    },
  );

  it('is the same with `submodules` where there are none', async () => {
    const commit = await push(
      await bench.app.commit({
        'v.txt': '$Format:%H %an$',
        '.gitmodules': '',
        '.gitattributes': '* export-subst\n',
      }),
    );
    const [with_, without] = [await pulled(commit, { submodules: true }), await pulled(commit, {})];
    const bodies = async (zip: Buffer) =>
      [...(await readZip(zip))].map(([name, { body }]) => [name, body.toString()]);
    expect(await bodies(with_)).toEqual(await bodies(without));
    expect(with_.length).toBe(without.length);
  });

  it.each([{ submodules: true }, { submodules: true, git: true }])(
    'leaves a submodule with `update = none` out, as git does, by %j',
    async (options) => {
      const commit = await withSubmodules({}, '\tupdate = none', '\tupdate = checkout');
      const paths = [...(await readZip(await pulled(commit, options))).keys()];
      expect(paths.filter((path) => path.endsWith('a.txt'))).toEqual(['libs/ä 1/a.txt']);
    },
  );

  it.each([
    ['author Odd <odd@example.com> 1700000000 +051800', 'a time zone that fsck refuses'],
    ['author Odd 1700000000 +0000', 'an author without an address'],
  ])('of a commit with %j is made with submodules too', async (author) => {
    await withSubmodules({}, '');
    const commit = await commitBy(`${author}\ncommitter Odd <odd@example.com> 1700000000 +0000`);
    const paths = [...(await readZip(await pulled(commit, { submodules: true }, await strictGit()))).keys()];
    expect(paths).toContain('libs/ä 0/a.txt');
  });

  it.each([
    [0, '1980-01-01T00:00:00.000Z', [{}, { git: true }]],
    [4_500_000_000, '2106-02-07T06:28:14.000Z', [{ submodules: true }]],
  ])('of a commit at %d s has times that a zip can hold', async (time, wanted, all) => {
    await bench.app.commit({ 'v.txt': '$Format:%H %ct$', '.gitattributes': 'v.txt export-subst\n' });
    const commit = await commitBy(
      ['author', 'committer'].map((who) => `${who} Odd <odd@example.com> ${time} +0000`).join('\n'),
    );
    for (const options of all) {
      const zip = await pulled(commit, options);
      for (const entry of await readZipBytes(zip)) expect(entry.dosTime.toISOString()).toBe(wanted);
      if (!('git' in options)) {
        expect((await readZip(zip)).get('v.txt')?.body.toString()).toBe(`${commit} ${time}`);
        expect(zip.subarray(-40).toString()).toBe(commit);
      }
    }
  });
});
