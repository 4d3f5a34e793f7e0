import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkOut, newWorkTree } from '../../../functions/pull/checkout.ts';
import type { Repo } from '../../../functions/pull/git.ts';
import { fetchCommit } from '../../../functions/pull/repository.ts';
import { boundsOf } from '../../../functions/pull/submodule-bounds.ts';
import { type Here, openHere, pushed, treeEntry, writeObject } from '../../support/functions/pull-here.ts';

const PERSON = 'A <a@example.com> 1700000000 +0000';

let here: Here;
let lib: string;
beforeAll(async () => {
  here = await openHere();
  lib = await pushed(await here.repository('acme/lib'), { 'lib.txt': 'lib' });
});
afterAll(() => here?.close());
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  return () => vi.restoreAllMocks();
});

const of = (more: { oneCommit?: boolean; submodules?: boolean } = {}) => {
  const { git, access } = here;
  const bounds = more.submodules ? boundsOf(true, { fullName: 'acme/app' }) : undefined;
  return { git, access, lfs: false, bounds, oneCommit: more.oneCommit ?? true };
};
const asked = async (repo: Repo, ...args: string[]) => (await here.git.run(args, { repo })).trim();

/** A checked out commit. */
async function checkedOut(commit: string, more: Parameters<typeof of>[0] & { depth?: number } = {}) {
  const repo = await newWorkTree(here.git, commit);
  await fetchCommit(here.git, repo, here.remote, commit, { depth: more.depth });
  await checkOut(of(more), repo, here.remote, commit);
  return repo as Repo & { workTree: string };
}

describe('a work tree', () => {
  it('has the files of the commit, a detached head, the remote and nothing of this machine', async () => {
    const commit = await pushed(here.app, { 'a.txt': 'a', 'b/run.sh': 'b' });
    const repo = await checkedOut(commit);
    expect(await readFile(join(repo.workTree, 'b/run.sh'), 'utf8')).toBe('b');
    expect(await readFile(join(repo.gitDir, 'HEAD'), 'utf8')).toBe(`${commit}\n`);
    expect(await asked(repo, 'config', '--local', '--get-regexp', '^remote')).toBe(
      `remote.origin.url ${here.remote.url}\nremote.origin.fetch +refs/heads/*:refs/remotes/origin/*`,
    );
    expect(await asked(repo, 'ls-files', '--debug', 'a.txt')).toMatch(/mtime: 0:0[\s\S]*ino: 0/);
    expect(await asked(repo, 'ls-files')).toBe('a.txt\nb/run.sh');
  });

  it('has one pack, which is the same whatever the host has packed', async () => {
    const commit = await pushed(here.app, { 'a.txt': 'a'.repeat(5000), 'b.txt': `${'a'.repeat(5000)}b` });
    const packOf = async (oneCommit: boolean) => {
      const { gitDir } = await checkedOut(commit, { oneCommit });
      const objects = await readdir(join(gitDir, 'objects'));
      expect(objects.sort()).toEqual(['info', 'pack']);
      expect(await readdir(join(gitDir, 'objects/info'))).toEqual(oneCommit ? [] : ['packs']);
      const names = await readdir(join(gitDir, 'objects/pack'));
      const pack = names.find((name) => name.endsWith('.pack')) ?? '';
      expect(names.filter((name) => name.endsWith('.pack'))).toHaveLength(1);
      return readFile(join(gitDir, 'objects/pack', pack));
    };
    const [one, other] = [await packOf(true), await packOf(true)];
    expect(one.equals(other)).toBe(true);
    // deflated in the fastest way, as the second byte of each object says
    expect([one.includes('\x78\x01', 0, 'latin1'), one.includes('\x78\x9c', 0, 'latin1')]).toEqual([
      true,
      false,
    ]);
    // without deltas, which the host's own has
    expect(one.length).toBeGreaterThan((await packOf(false)).length);
  });

  it('has one pack of all that was fetched', async () => {
    const first = await pushed(here.app, { 'd.txt': '1' });
    const commit = await pushed(here.app, { 'd.txt': '2' });
    const repo = await newWorkTree(here.git, commit);
    for (const id of [first, commit]) await fetchCommit(here.git, repo, here.remote, id);
    await checkOut(of({ oneCommit: false }), repo, here.remote, commit);
    const packs = (await readdir(join(repo.gitDir, 'objects/pack'))).filter((name) => name.endsWith('.pack'));
    expect(packs).toHaveLength(1);
    expect(await asked(repo, 'cat-file', '-t', commit)).toBe('commit');
  });

  it.each([true, false])(
    'has no objects but those of its commit, which it has alone: %s',
    async (oneCommit) => {
      const commit = await pushed(here.app, { 'c.txt': 'c' });
      const repo = await newWorkTree(here.git, commit);
      await fetchCommit(here.git, repo, here.remote, commit);
      const stray = writeObject(repo.gitDir, 'blob', 'stray');
      const broken = join(repo.gitDir, 'objects/pack/tmp_pack_1a2b3c');
      await writeFile(broken, 'PACK');
      await checkOut(of({ oneCommit }), repo, here.remote, commit);
      await expect(asked(repo, 'cat-file', '-e', stray)).rejects.toThrow('cat-file');
      expect(existsSync(broken)).toBe(false);
    },
  );
});

describe('the submodules of a work tree', () => {
  /** A commit of these entries beside `.gitmodules`, pushed nowhere. */
  const commitOf = (gitDir: string, gitmodules: string, entries: readonly Buffer[]) => {
    const file = treeEntry('100644', '.gitmodules', writeObject(gitDir, 'blob', gitmodules));
    const tree = writeObject(gitDir, 'tree', Buffer.concat([file, ...entries]));
    return writeObject(gitDir, 'commit', `tree ${tree}\nauthor ${PERSON}\ncommitter ${PERSON}\n\nx\n`);
  };
  const section = (path: string, name = 'lib') =>
    `[submodule "${path}"]\n\tpath = ${path}\n\turl = https://git.example.com/acme/${name}.git\n`;
  /** Checks a commit out that no host would send. */
  const local = async (make: (gitDir: string) => string, submodules = true, depth = 0) => {
    const repo = (await newWorkTree(here.git, lib)) as Repo & { workTree: string };
    const commit = make(repo.gitDir);
    await checkOut(of({ submodules, oneCommit: false }), repo, here.remote, commit, depth);
    return repo;
  };

  it('are repositories of their own inside, where the rule takes them', async () => {
    const make = (gitDir: string) => commitOf(gitDir, section('m'), [treeEntry('160000', 'm', lib)]);
    const { workTree } = await local(make);
    expect(await readFile(join(workTree, 'm/lib.txt'), 'utf8')).toBe('lib');
    expect(await readFile(join(workTree, 'm/.git/HEAD'), 'utf8')).toBe(`${lib}\n`);
    const without = await local(make, false);
    expect(existsSync(join(without.workTree, 'm/lib.txt'))).toBe(false);
    await expect(local(make, true, 5)).rejects.toMatchObject({ name: 'SubmoduleLimit' });
  });

  it('have submodules of their own, as deep as they may be, and each one pack of its own', async () => {
    const similar = Array.from({ length: 300 }, (_, n) => `${n * n}\n`).join('');
    const nested = await here.repository('acme/nested');
    await nested.commit({ '.gitmodules': section('deep'), 'a.txt': similar, 'b.txt': `${similar}b` });
    await nested.git('update-index', '--add', '--cacheinfo', `160000,${lib},deep`);
    await nested.git('commit', '--quiet', '--amend', '--no-edit');
    await nested.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const id = await nested.git('rev-parse', 'HEAD');
    const make = (gitDir: string) => commitOf(gitDir, section('m', 'nested'), [treeEntry('160000', 'm', id)]);
    const { workTree } = await local(make, true, 3);
    expect(await readFile(join(workTree, 'm/deep/lib.txt'), 'utf8')).toBe('lib');
    const gitDir = join(workTree, 'm/.git');
    const [index = ''] = (await readdir(join(gitDir, 'objects/pack'))).filter((name) =>
      name.endsWith('.idx'),
    );
    const verified = await asked({ gitDir }, 'verify-pack', '-v', join(gitDir, 'objects/pack', index));
    // no deltas, whose order depends on the host
    expect(verified).toMatch(/^non delta: \d+ objects$/m);
    expect(verified).not.toMatch(/chain length/);
    await expect(local(make, true, 4)).rejects.toMatchObject({ name: 'SubmoduleLimit' });
  });

  it('are not written where a link of another one leads out of the work tree', async () => {
    const other = await here.repository('acme/links');
    await symlink(here.home, join(other.folder, 'out'));
    const links = await pushed(other, { 'a.txt': 'a' });
    const planted = (gitDir: string) => {
      const below = writeObject(gitDir, 'tree', treeEntry('160000', 'planted', lib));
      const folder = writeObject(gitDir, 'tree', treeEntry('40000', 'out', below));
      const entries = [treeEntry('160000', 'm', links), treeEntry('40000', 'm', folder)];
      return commitOf(gitDir, section('m', 'links') + section('m/out/planted', 'lib'), entries);
    };
    await expect(local(planted)).rejects.toThrow(
      'submodule "m/out/planted" leads out of its repository; correct its path',
    );
    expect(existsSync(join(here.home, 'planted/lib.txt'))).toBe(false);
  });
});
