import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullExitStatus } from '../../../functions/shared/errors.ts';
import {
  type Bench,
  type Delivery,
  filesWith,
  openBench,
  token,
} from '../../support/functions/pull-program.ts';
import { readZip, unpack } from '../../support/zip.ts';

describe('the options of a rule', () => {
  let bench: Bench;
  let library: string;
  beforeAll(async () => {
    bench = await openBench();
    const inner = await bench.repository('acme/inner');
    const innermost = await inner.commit({ 'deep.txt': 'deep' });
    await inner.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const lib = await bench.repository('acme/lib');
    await lib.commit({
      'lib.sh': '#!/bin/sh\n',
      'dev.txt': 'left out',
      '.gitattributes': 'dev.txt export-ignore\n*.bin filter=lfs\n',
      'lib.bin': bench.host.addLfs('content of the library'),
      '.gitmodules': '[submodule "inner"]\n\tpath = vendor/inner\n\turl = ../inner.git\n',
    });
    await lib.git('update-index', '--add', '--cacheinfo', `160000,${innermost},vendor/inner`);
    await lib.git('commit', '--quiet', '-m', 'inner');
    library = await lib.git('rev-parse', 'HEAD');
    await lib.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  });
  afterAll(() => bench?.close());

  /** Commits these files with a submodule at `libs/one` of this URL, pushes, and returns the commit. */
  const push = async (files: Record<string, string>, url?: string, commit = library) => {
    await bench.app.git('rm', '-r', '--quiet', '--cached', '--ignore-unmatch', '.');
    await execa('git', ['clean', '-dfxq'], { cwd: bench.app.folder });
    const modules = { '.gitmodules': `[submodule "one"]\n\tpath = libs/one\n\turl = ${url}\n` };
    await bench.app.commit({ ...files, ...(url ? modules : {}) });
    if (url) await bench.app.git('update-index', '--add', '--cacheinfo', `160000,${commit},libs/one`);
    await bench.app.git('commit', '--quiet', '--allow-empty', '-m', 'With a submodule');
    await bench.app.git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/main');
    return bench.app.git('rev-parse', 'HEAD');
  };
  const zipOf = async (commit: string, pull: NonNullable<Delivery['pull']>) => {
    const run = await bench.run({ commit, pull });
    expect(run, run.output).toMatchObject({ status: 0, left: [] });
    const object = bench.aws.objects.get(run.exports.KEY ?? '');
    if (!object) throw new Error('no artifact was stored');
    return object.body;
  };
  const texts = async (zip: Buffer) =>
    Object.fromEntries(
      [...(await readZip(zip))].flatMap(([path, { body }]) =>
        path.endsWith('/') ? [] : [[path, body.toString()]],
      ),
    );

  it('leave out submodules and LFS content by default', async () => {
    const commit = await push(
      { 'a.bin': bench.host.addLfs('x'), '.gitattributes': '*.bin filter=lfs\n' },
      '../lib.git',
    );
    const found = await texts(await zipOf(commit, {}));
    expect(found['a.bin']).toContain('version https://git-lfs');
    expect(Object.keys(found)).toEqual(['.gitattributes', '.gitmodules', 'a.bin']);
  });

  it.each([
    ['a relative url', () => '../lib.git'],
    ['the host’s url', () => `${bench.host.url}/acme/lib.git`],
    ['the host’s url without .git', () => `${bench.host.url}/acme/lib`],
    ['an scp-like url', () => 'git@127.0.0.1:acme/lib.git'],
    ['an ssh url', () => 'ssh://git@127.0.0.1/acme/lib.git'],
  ])('merge submodules of submodules into the artifact, by %s', async (_, url) => {
    const commit = await push({ 'a.txt': 'own' }, url());
    bench.aws.objects.clear();
    const found = await texts(await zipOf(commit, { submodules: true }));
    expect(found).toMatchObject({
      'a.txt': 'own',
      'libs/one/lib.sh': '#!/bin/sh\n',
      'libs/one/vendor/inner/deep.txt': 'deep',
    });
    expect(Object.keys(found)).not.toContain('libs/one/dev.txt');
  });

  it('make the same bytes of the same commit with submodules', async () => {
    const commit = await push({ 'a.txt': 'own' }, '../lib.git');
    bench.aws.objects.clear();
    const first = await zipOf(commit, { submodules: true });
    bench.aws.objects.clear();
    expect(first.equals(await zipOf(commit, { submodules: true }))).toBe(true);
  });

  it.each([
    'ext::sh -c "touch pwned"',
    'file:///etc',
    '/etc',
    'http://127.0.0.1:9/acme/lib.git',
    'https://user:password@git.example.invalid/a/b.git',
  ])('refuse the submodule url %s', async (url) => {
    const commit = await push({ 'a.txt': url }, url);
    const run = await bench.run({ commit, pull: { submodules: true } });
    expect(run.output).toMatch(/HostUnknown: /);
    expect(run).toMatchObject({ status: pullExitStatus.HostUnknown, left: [] });
  });

  it('ask another host only where the rule names its address', async () => {
    const url = 'https://git.example.invalid/a/b.git';
    const pulled = async (submodules: true | { from: string[] }) =>
      bench.run({ commit: await push({ 'a.txt': JSON.stringify(submodules) }, url), pull: { submodules } });
    const refused = await pulled(true);
    expect(refused.output).toContain(
      'SubmoduleNotAllowed: submodule "libs/one" is "https://git.example.invalid/a/b", at another host; if the artifact may hold it, give the rule `pull: { submodules: { from: [acme/*, https://git.example.invalid/a/b] } }`',
    );
    expect(refused).toMatchObject({ status: pullExitStatus.SubmoduleNotAllowed, left: [] });
    const asked = await pulled({ from: ['https://git.example.invalid/a/*'] });
    expect(asked.output).toMatch(/HostUnreachable: the name of https:.*git\.example\.invalid/);
  });

  it('refuse a submodule url that git itself refuses', async () => {
    const url = '--upload-pack=touch';
    const run = await bench.run({ commit: await push({ 'a.txt': url }, url), pull: { submodules: true } });
    expect(run.output).toMatch(/ObjectRefused: .*disallowed submodule url: --upload-pack=touch/);
    expect(run).toMatchObject({ status: pullExitStatus.ObjectRefused, left: [] });
  });

  it('name a submodule commit that is not there', async () => {
    const commit = await push({ 'a.txt': 'gone' }, '../lib.git', 'b'.repeat(40));
    const run = await bench.run({ commit, pull: { submodules: true } });
    expect(run.output).toContain('CommitUnreachable: ');
    expect(run.status).toBe(pullExitStatus.CommitUnreachable);
  });

  it('put LFS content in place of its pointers, in submodules too', async () => {
    const files = {
      'a.bin': bench.host.addLfs('content of the app'),
      '.gitattributes': '*.bin filter=lfs\n',
    };
    const commit = await push(files, '../lib.git');
    expect(await texts(await zipOf(commit, { lfs: true }))).toMatchObject({ 'a.bin': 'content of the app' });
    expect(await texts(await zipOf(commit, { lfs: true, submodules: true }))).toMatchObject({
      'a.bin': 'content of the app',
      'libs/one/lib.bin': 'content of the library',
    });
    // Each repository is asked for its own: a host keeps them apart.
    const asked = bench.host.requests.map(({ url }) => url).filter((url) => url.includes('/info/lfs/'));
    expect(asked).toContain('/acme/lib.git/info/lfs/objects/batch');
  });

  it('name an LFS object that the host does not have', async () => {
    const pointer = bench.host.addLfs('never uploaded');
    bench.host.lfs.delete(/sha256:(\w+)/.exec(pointer)?.[1] ?? '');
    const commit = await push({ 'a.bin': pointer, '.gitattributes': '*.bin filter=lfs\n' });
    const run = await bench.run({ commit, pull: { lfs: true } });
    expect(run.output).toContain('LfsObjectMissing: ');
    expect(run).toMatchObject({ status: pullExitStatus.LfsObjectMissing, left: [] });
  });

  it('bring a work tree with its .git, which git takes as it is and which holds no secret', async () => {
    const files = {
      'run.sh': '#!/bin/sh\n',
      'a.bin': bench.host.addLfs('content'),
      '.gitattributes': '*.bin filter=lfs\n',
    };
    const commit = await push(files, '../lib.git');
    const zip = await zipOf(commit, { git: true, submodules: true, lfs: true });
    const folder = await mkdtemp(join(bench.folder, 'unpacked-'));
    await unpack(zip, folder);
    const git = async (...args: string[]) => (await execa('git', args, { cwd: folder })).stdout;
    expect(await git('rev-parse', 'HEAD')).toBe(commit);
    expect(await git('log', '--format=%s')).toBe('With a submodule');
    expect(await git('diff', '--name-only', 'HEAD', '--', 'run.sh')).toBe('');
    expect(await git('config', 'remote.origin.url')).toBe(`${bench.host.url}/acme/app.git`);
    expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('content');
    expect(await readFile(join(folder, 'libs/one/vendor/inner/deep.txt'), 'utf8')).toBe('deep');
    expect(await git('-C', 'libs/one', 'rev-parse', 'HEAD')).toBe(library);
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    expect([...(await filesWith(folder, token)), ...(await filesWith(folder, basic))]).toEqual([]);
  });

  it('bring a clean work tree, links and modes included', async () => {
    await push({ 'run.sh': '#!/bin/sh\n', 'ünï/ ©.txt': 'name' });
    // after the push, which takes away what is not committed
    await symlink('run.sh', join(bench.app.folder, 'link'));
    const commit = await bench.app.commit({});
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const zip = await zipOf(commit, { git: true });
    expect((await readZip(zip)).get('link')).toEqual({ mode: 0o120777, body: Buffer.from('run.sh') });
    const folder = await mkdtemp(join(bench.folder, 'unpacked-'));
    await unpack(zip, folder);
    expect((await execa('git', ['status', '--porcelain'], { cwd: folder })).stdout).toBe('');
    expect((await execa('git', ['fsck'], { cwd: folder })).exitCode).toBe(0);
  });
});
