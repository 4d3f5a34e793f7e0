import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchPart } from '../../../functions/pull/fetch-part.ts';
import type { Repo } from '../../../functions/pull/git.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import {
  bareRepository,
  fetchCommit,
  fetchObjects,
  workRepository,
} from '../../../functions/pull/repository.ts';
import { type Here, openHere, pushed } from '../../support/functions/pull-here.ts';

let here: Here;
let commits: string[];
beforeAll(async () => {
  here = await openHere();
  commits = [];
  for (const n of [1, 2, 3]) commits.push(await pushed(here.app, { 'a.txt': `${n}`, 'b/c.txt': 'c' }));
  await here.app.git('tag', '-a', '-m', 'one', 'v1');
  await here.app.git('push', '--quiet', 'origin', 'v1');
});
afterAll(() => here?.close());

const asked = async (repo: Repo, ...args: string[]) => (await here.git.run(args, { repo })).trim();
/** How many objects of each kind the repository has. */
async function objects(repo: Repo): Promise<Record<string, number>> {
  const listed = await asked(repo, 'cat-file', '--batch-all-objects', '--batch-check=%(objecttype)');
  const counts: Record<string, number> = {};
  for (const kind of listed.split('\n').filter(Boolean)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
const fetched = async (what: Parameters<typeof fetchCommit>[4], id = commits[2] ?? '') => {
  const repo = await bareRepository(here.git, id);
  expect(await fetchCommit(here.git, repo, here.remote, id, what)).toBe(commits[2]);
  return objects(repo);
};

describe('a commit is fetched', () => {
  it('alone, with a part of its history, or with all of it', async () => {
    expect(await fetched(undefined)).toEqual({ commit: 1, tree: 2, blob: 2 });
    expect(await fetched({ depth: 2 })).toEqual({ commit: 2, tree: 3, blob: 3 });
    expect(await fetched({ depth: 'full' })).toEqual({ commit: 3, tree: 4, blob: 4 });
  });

  it('without what a filter leaves out', async () => {
    expect(await fetched({ filter: 'blob:none' })).toEqual({ commit: 1, tree: 2 });
  });

  it('by an annotated tag of it, and the tag comes along only so', async () => {
    const tag = await here.app.git('rev-parse', 'v1');
    expect(await fetched(undefined, tag)).toMatchObject({ commit: 1, tag: 1 });
  });

  it('in part, as many generations as are asked for', async () => {
    const repo = await bareRepository(here.git, commits[2] ?? '');
    await fetchPart(here.git, repo, here.remote, commits[2] ?? '', { filter: 'tree:0', depth: 2 });
    expect(await objects(repo)).toEqual({ commit: 2 });
    await fetchPart(here.git, repo, here.remote, commits[2] ?? '', { filter: 'blob:none', depth: 1 });
    expect(await objects(repo)).toMatchObject({ commit: 2 });
  });

  it('and nothing is written of it but the objects', async () => {
    const repo = await bareRepository(here.git, commits[2] ?? '');
    await fetchCommit(here.git, repo, here.remote, commits[2] ?? '');
    expect(await asked(repo, 'for-each-ref')).toBe('');
    expect(existsSync(join(repo.gitDir, 'FETCH_HEAD'))).toBe(false);
  });

  it('is refused where the host has it not, and where it is none', async () => {
    const { app, git, remote } = here;
    const missing = '1'.repeat(40);
    await expect(fetchCommit(git, await bareRepository(git, missing), remote, missing)).rejects.toMatchObject(
      {
        name: 'CommitUnreachable',
      },
    );
    const blob = await app.git('rev-parse', 'HEAD:a.txt');
    await app.git('tag', '-a', '-m', 'a blob', 'blob', blob);
    await app.git('push', '--quiet', 'origin', 'blob');
    const tag = await app.git('rev-parse', 'blob');
    await expect(fetchCommit(git, await bareRepository(git, tag), remote, tag)).rejects.toMatchObject({
      name: 'RefInvalid',
      message: `object ${tag} is no commit and no tag of one; tag a commit`,
      cause: expect.objectContaining({ status: 128 }),
    });
  });
});

describe('a failure that says nothing of a commit', () => {
  it.each([new GitFailure({ command: 'rev-parse', status: 137, stderr: '' }), { status: 128 }])(
    'is passed on: %s',
    async (error) => {
      const run = async ([name]: string[]) => {
        if (name === 'rev-parse') throw error;
        return '';
      };
      const git = Object.assign(Object.create(here.git), { run });
      await expect(fetchCommit(git, { gitDir: '' }, here.remote, commits[0] ?? '')).rejects.toBe(error);
    },
  );
});

describe('objects are fetched by their ids', () => {
  it('each once, into a repository that has their commit', async () => {
    const { app, git, remote } = here;
    const id = commits[2] ?? '';
    const repo = await bareRepository(git, id);
    await fetchCommit(git, repo, remote, id, { filter: 'blob:none' });
    const blobs = [await app.git('rev-parse', 'HEAD:a.txt'), await app.git('rev-parse', 'HEAD:b/c.txt')];
    await fetchObjects(git, repo, remote, []);
    expect(await objects(repo)).toEqual({ commit: 1, tree: 2 });
    const options: unknown[] = [];
    const watched = Object.assign(Object.create(git), {
      run: (args: string[], of: object) => options.push(of) && git.run(args, of),
    });
    const config = [['remote.x.url', 'kept']] as const;
    await fetchObjects(watched, repo, { ...remote, config }, [...blobs, ...blobs]);
    expect(await objects(repo)).toEqual({ commit: 1, tree: 2, blob: 2 });
    expect(options).toEqual([
      {
        repo,
        input: `${blobs[0]}\n${blobs[1]}\n`,
        remote: { ...remote, config: [...config, ['fetch.negotiationAlgorithm', 'noop']] },
      },
    ]);
  });
});

describe('a repository', () => {
  it.each([
    ['1'.repeat(40), 'sha1'],
    ['1'.repeat(64), 'sha256'],
  ])('for ids like %s has the hash %s', async (id, format) => {
    const bare = await bareRepository(here.git, id);
    expect(await asked(bare, 'rev-parse', '--show-object-format', '--is-bare-repository')).toBe(
      `${format}\ntrue`,
    );
    const work = await workRepository(here.git, `${here.home}/work/${format}`, id);
    expect(await asked(work, 'rev-parse', '--show-object-format', '--is-bare-repository')).toBe(
      `${format}\nfalse`,
    );
    expect(work).toEqual({
      gitDir: `${here.home}/work/${format}/.git`,
      workTree: `${here.home}/work/${format}`,
    });
    for (const { gitDir } of [bare, work]) {
      const { stdout } = await execa('ls', ['-A', gitDir]);
      expect(stdout).not.toMatch(/hooks|description/);
    }
  });
});
