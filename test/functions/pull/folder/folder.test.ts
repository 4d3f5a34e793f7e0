import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fetchFolder } from '../../../../functions/pull/folder/fetch.ts';
import { folderOf, outline } from '../../../../functions/pull/folder/folder.ts';
import { folderZip } from '../../../../functions/pull/folder/zip.ts';
import { bareRepository, fetchCommit } from '../../../../functions/pull/repository.ts';
import { type Here, openHere, pushed } from '../../../support/functions/pull-here.ts';
import { readZip, readZipBytes } from '../../../support/zip.ts';

let here: Here;
beforeAll(async () => {
  here = await openHere();
});
afterAll(() => here?.close());

const ODD = '[o]d*d? "q"\\';

/** The folder of a commit, from a repository with its outline. */
async function fetched(commit: string, path: string) {
  const repo = await bareRepository(here.git, commit);
  await fetchCommit(here.git, repo, here.remote, commit, { filter: outline(path) });
  return { repo, commit, folder: await folderOf(here.git, repo, commit, path) };
}
const zipOf = async (commit: string, path: string, time = 1_700_000_000) => {
  const content = await folderZip(here.context(), await fetched(commit, path), time);
  return buffer(content());
};

describe('a folder of a commit', () => {
  it('is its tree, with the attributes of those above', async () => {
    const commit = await pushed(here.app, {
      'a/b/c.txt': 'c',
      'a/.gitattributes': 'x -text\n',
      '.gitattributes': 'y -text\n',
      'a/b/.gitattributes': 'its own\n',
      'b/z.txt': 'z',
    });
    const id = (path: string) => here.app.git('rev-parse', `${commit}:${path}`);
    const { folder } = await fetched(commit, 'a/b');
    expect(folder).toEqual({
      path: 'a/b',
      tree: await id('a/b'),
      attributes: [
        { mode: '100644', id: await id('.gitattributes'), path: '.gitattributes' },
        { mode: '100644', id: await id('a/.gitattributes'), path: 'a/.gitattributes' },
      ],
      content: expect.stringMatching(new RegExp(`^${await id('a/b')}-[0-9a-f]{12}$`)),
    });
    const { folder: other } = await fetched(commit, 'b');
    expect(other.content).toMatch(/-/);
    expect(other.content.split('-')[1]).not.toBe(folder.content.split('-')[1]);
  });

  it('without attributes above it has its tree’s id as its content', async () => {
    await here.app.git('rm', '-q', '--ignore-unmatch', '.gitattributes', 'a/.gitattributes');
    const commit = await pushed(here.app, { 'a/b/c.txt': 'd', 'a/.gitattributes/x': 'a folder' });
    const { folder } = await fetched(commit, 'a/b');
    expect(folder).toMatchObject({ attributes: [], content: folder.tree });
    await here.app.git('rm', '-r', '-q', 'a/.gitattributes');
    const contents = [];
    for (const text of ['x -text\n', 'y -text\n'])
      contents.push(
        (await fetched(await pushed(here.app, { '.gitattributes': text }), 'a/b')).folder.content,
      );
    expect(new Set([folder.content, ...contents]).size).toBe(3);
  });

  it('is missing where there is none, or where it is something else', async () => {
    const commit = await pushed(here.app, { 'file.txt': 'x' });
    const correct =
      "; correct `path` of the rule's pull, or narrow the rule's match to refs that have the folder";
    await expect(fetched(commit, 'none')).rejects.toMatchObject({
      name: 'FolderMissing',
      message: `commit ${commit} has no folder "none"${correct}`,
    });
    await expect(fetched(commit, 'file.txt')).rejects.toThrow(
      `commit ${commit} has no folder "file.txt", but a file, a link or a submodule${correct}`,
    );
  });

  it.each([
    ['a', 'tree:1'],
    ['a/b/c', 'tree:3'],
  ])('%s has its place in the outline %s', (path, filter) => {
    expect(outline(path)).toBe(filter);
  });
});

describe('the zip of a folder', () => {
  it('holds the folder as its root, as the attributes of all above say', async () => {
    const commit = await pushed(here.app, {
      '.gitattributes': '*.txt export-subst\n/top export-ignore\na/skip.md export-ignore\n',
      'top/sub/formats.txt': '$Format:%H$',
      'top/sub/run.sh': 'run',
      'top/.gitattributes': 'sub export-ignore\nsub/left.md export-ignore\n',
      'top/sub/left.md': 'left',
      'top/other.txt': 'other',
    });
    const zip = await zipOf(commit, 'top/sub');
    const files = await readZip(zip);
    expect([...files].map(([path, { mode, body }]) => [path, mode.toString(8), body.toString()])).toEqual([
      ['formats.txt', '100644', commit],
      ['run.sh', '100755', 'run'],
    ]);
    expect(zip.subarray(-40).toString()).toBe(commit);
    for (const { time } of await readZipBytes(zip)) expect(time.getTime()).toBe(1_700_000_000_000);
    expect((await zipOf(commit, 'top/sub')).equals(zip)).toBe(true);
    const early = await readZipBytes(await zipOf(commit, 'top/sub', 1));
    for (const { time } of early) expect(time.toISOString()).toBe('1980-01-01T00:00:00.000Z');
  });

  it('is as a link of attributes above says', async () => {
    await rm(join(here.app.folder, '.gitattributes'), { force: true });
    await symlink('left.md export-ignore', join(here.app.folder, '.gitattributes'));
    const commit = await pushed(here.app, { 'linked/left.md': 'left', 'linked/a.txt': 'a' });
    expect([...(await readZip(await zipOf(commit, 'linked'))).keys()]).toEqual(['a.txt']);
    await here.app.git('rm', '-q', '.gitattributes');
  });

  it('is made by any name', async () => {
    const commit = await pushed(here.app, {
      '.gitattributes': '/* export-ignore\n',
      [`${ODD}/in/a.txt`]: 'odd',
    });
    expect([...(await readZip(await zipOf(commit, ODD))).keys()]).toEqual(['in/', 'in/a.txt']);
    expect([...(await readZip(await zipOf(commit, `${ODD}/in`))).keys()]).toEqual(['a.txt']);
  });
});

describe('a host that hands out commits alone', () => {
  it('is asked for the whole commit', async () => {
    const commit = await pushed(here.app, { 'a/b/c.txt': 'whole' });
    const { repo, folder } = await fetched(commit, 'a/b');
    const asked = { commit, folder: { ...folder, tree: '1'.repeat(40) } };
    const whole = await fetchFolder(here.git, repo, here.remote, asked);
    expect(whole).not.toEqual(repo);
    expect(await here.git.run(['cat-file', 'blob', `${commit}:a/b/c.txt`], { repo: whole })).toBe('whole');
    expect(await fetchFolder(here.git, repo, here.remote, { commit, folder })).toBe(repo);
    const away = here.access.remote('acme/none');
    const ran = vi.spyOn(here.git, 'run');
    const fails = fetchFolder(here.git, repo, away, asked);
    await expect(fails).rejects.toMatchObject({ name: 'RepositoryMissing' });
    const odd = Object.assign(new Error('odd'), { name: 'CommitUnreachable' });
    ran.mockRejectedValueOnce(odd);
    await expect(fetchFolder(here.git, repo, here.remote, asked)).rejects.toBe(odd);
    expect(ran.mock.calls.map(([[name]]) => name)).toEqual(['fetch', 'fetch']);
    ran.mockRestore();
  });
});
