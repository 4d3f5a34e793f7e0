import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Git } from '../../../../functions/pull/git.ts';
import { attributesOf, changesBetween } from '../../../../functions/pull/warm/changes.ts';
import { temporaryFolder } from '../../../../local/testing.ts';
import { treeEntry, writeObject } from '../../../support/functions/pull-here.ts';
import { createRepository, type Repository } from '../../../support/repository.ts';

const PERSON = 'A <a@example.com> 1700000000 +0000';
const LINK = '5'.repeat(40);

let repository: Repository;
const git = new Git(temporaryFolder().path);
beforeAll(async () => {
  repository = await createRepository();
});
afterAll(() => repository?.remove());

type Files = Record<string, string | { mode: string; id: string }>;
const gitDir = () => join(repository.folder, '.git');
const blob = (content: string) => writeObject(gitDir(), 'blob', content);
const commitOf = (files: Files) => {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const tree = Buffer.concat(
    entries.map(([name, file]) =>
      typeof file === 'string'
        ? treeEntry('100644', Buffer.from(name, 'latin1'), blob(file))
        : treeEntry(file.mode, name, file.id),
    ),
  );
  const id = writeObject(gitDir(), 'tree', tree);
  return writeObject(gitDir(), 'commit', `tree ${id}\nauthor ${PERSON}\ncommitter ${PERSON}\n\nx\n`);
};
const changes = (before: Files, after: Files) =>
  changesBetween(git, { gitDir: gitDir() }, commitOf(before), commitOf(after));
const link = { mode: '160000', id: LINK };

describe('what has changed between two commits', () => {
  it('is every path that is another, and the files that are there now', async () => {
    const program = { mode: '100755', id: blob('same') };
    const found = await changes(
      { a: '1', gone: '2', kept: '3', mode: 'same', old: 'moved', '.gitattributes': 'x -text\n' },
      { a: '2', 'n\xe9w': '4', kept: '3', mode: program, new: 'moved', '.gitattributes': 'x -text\n' },
    );
    expect(found).toEqual({
      paths: new Set(['a', 'gone', 'mode', 'n\xe9w', 'new', 'old']),
      files: [
        { mode: '100644', id: blob('2'), path: 'a' },
        { mode: '100755', id: program.id, path: 'mode' },
        { mode: '100644', id: blob('moved'), path: 'new' },
        { mode: '100644', id: blob('4'), path: 'n\xe9w' },
      ],
      attributes: [{ mode: '100644', id: blob('x -text\n'), path: '.gitattributes' }],
    });
  });

  it('is nothing between the same', async () => {
    expect(await changes({ a: '1' }, { a: '1' })).toEqual({ paths: new Set(), files: [], attributes: [] });
  });

  it.each<[Files, Files, string]>([
    [{ '.gitattributes': 'a' }, { '.gitattributes': 'b' }, 'attributes or submodules have changed'],
    [{ a: '1' }, { a: '1', m: link }, 'attributes or submodules have changed'],
    [{ a: '1', m: link }, { a: '1' }, 'attributes or submodules have changed'],
    [{ a: '1', m: link }, { a: '2', m: link }, 'the commit has submodules'],
  ])('is no such as can be told from %j to %j', async (before, after, why) => {
    await expect(changes(before, after)).rejects.toThrow(why);
  });

  it('is too much with more than two thousand files', async () => {
    const id = blob('x');
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, { mode: '100644', id }]));
    expect((await changes({}, many(2000))).files).toHaveLength(2000);
    await expect(changes({}, many(2001))).rejects.toThrow('2001 files have changed');
    expect((await changes(many(2001), {})).paths.size).toBe(2001);
  });
});

describe('the attributes of a commit', () => {
  it('are its files and links of that name, in every folder', async () => {
    const inner = writeObject(gitDir(), 'tree', treeEntry('100644', '.gitattributes', blob('inner')));
    const files = {
      '.gitattributes': 'root',
      'x.gitattributes': 'no',
      '.gitattributes.bak': 'no',
      [`100644 blob ${LINK}\t.gitattributes`]: 'no',
      folder: { mode: '40000', id: inner },
      z: { mode: '120000', id: blob('.gitattributes') },
    };
    expect(await attributesOf(git, { gitDir: gitDir() }, commitOf(files))).toEqual([
      { mode: '100644', id: blob('root'), path: '.gitattributes' },
      { mode: '100644', id: blob('inner'), path: 'folder/.gitattributes' },
    ]);
    const linked = { '.gitattributes': { mode: '120000', id: blob('x') } };
    expect(await attributesOf(git, { gitDir: gitDir() }, commitOf(linked))).toEqual([
      { mode: '120000', id: blob('x'), path: '.gitattributes' },
    ]);
  });
});
