import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { changedFiles } from '../../../functions/pull/changed-files.ts';
import { commitText } from '../../../functions/pull/commit-facts.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import type { PullInput } from '../../../functions/pull/input.ts';
import { isOnRef } from '../../../functions/pull/on-ref.ts';
import { type Here, openHere, pushed, treeEntry, writeObject } from '../../support/functions/pull-here.ts';

let here: Here;
/** four commits of main, of which the third is tagged, and two of a topic that left main at the second */
let main: string[];
let topic: string[];
let tag: string;
let log: string[];
beforeAll(async () => {
  here = await openHere();
  const { app } = here;
  const commit = (n: number, ref?: string) =>
    pushed(app, { [`${ref ?? 'm'}${n}.txt`]: `${n}` }, ref && `refs/heads/${ref}`);
  main = [await commit(1), await commit(2), await commit(3)];
  await app.git('tag', '-a', '-m', 'one', 'v1');
  await app.git('tag', 'light');
  await app.git('push', '--quiet', 'origin', 'v1', 'light');
  tag = await app.git('rev-parse', 'v1');
  main.push(await commit(4));
  await app.git('checkout', '--quiet', main[1] ?? '');
  topic = [await commit(5, 'topic'), await commit(6, 'topic')];
  await app.git('checkout', '--quiet', '--orphan', 'alone');
  await pushed(app, { 'alone.txt': 'alone' }, 'refs/heads/alone');
});
afterAll(() => here?.close());
beforeEach(() => {
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  return () => vi.restoreAllMocks();
});

const tipOf = (id = '', commit = id) => ({ id, commit });
const short = (id = '') => id.slice(0, 7);

describe('a delivered commit', () => {
  const on = (delivered: string | undefined, tip = tipOf(main[3]), ref = 'refs/heads/main') =>
    isOnRef(here.context({ delivered, ref }), tip);

  it('is on its ref as its tip, as the tag that the tip is, or where there is none', async () => {
    expect(await on(main[3])).toBe(true);
    expect(await on(undefined)).toBe(true);
    expect(await on(tag, tipOf(tag, main[2]), 'refs/tags/v1')).toBe(true);
    expect(await on(main[2], tipOf(tag, main[2]), 'refs/tags/v1')).toBe(true);
    expect(log).toEqual([]);
  });

  it('is on its ref before the tip, and not beside it', async () => {
    expect(await on(main[0])).toBe(true);
    expect(log).toEqual([`looking for ${main[0]} in 100 generations before ${main[3]}\n`]);
    expect(await on(topic[1])).toBe(false);
    expect(log.slice(1)).toHaveLength(1);
    expect(await on(main[3], tipOf(main[2]))).toBe(false);
  });

  it('of a tag is what the delivered tag names', async () => {
    expect(await on(tag, tipOf(main[3]), 'refs/tags/v1')).toBe(true);
    expect(await on(tag, tipOf(topic[1]), 'refs/tags/v1')).toBe(false);
    log = [];
    expect(await on('1'.repeat(40), tipOf(main[3]), 'refs/tags/v1')).toBe(false);
    expect(log).toEqual([]);
  });

  it('is found behind commits with an author that git finds fault with, and hosts take', async () => {
    const gitDir = join(here.app.folder, '.git');
    const tree = await here.app.git('rev-parse', `${main[3]}^{tree}`);
    const child = (parent = '', author = 'Odd <odd@example.com>') =>
      writeObject(
        gitDir,
        'commit',
        `tree ${tree}\nparent ${parent}\nauthor ${author} 1700000000 +0000\ncommitter A <a@example.com> 1700000000 +0000\n\nx\n`,
      );
    const odd = child(main[3], 'Odd<odd@example.com>');
    const delivered = child(odd);
    const tip = child(delivered);
    await here.app.git('push', '--quiet', 'origin', `${tip}:refs/heads/odd`);
    for (const commit of [delivered, odd, main[0]]) expect(await on(commit, tipOf(tip))).toBe(true);
    expect(await commitText(here.context(), odd)).toMatchObject({ subject: 'x', author: 'Odd' });
  });

  it('fails where the host cannot be asked', async () => {
    const away = {
      ...here.context({ delivered: tag, ref: 'refs/tags/v1' }),
      remote: here.access.remote('acme/none'),
    };
    await expect(isOnRef(away, tipOf(main[3]))).rejects.toMatchObject({ name: 'RepositoryMissing' });
  });

  it('is looked for in more generations of a long history', async () => {
    const asked: unknown[] = [];
    const answers: Record<string, string[]> = {
      'rev-list': ['x\ny\n', 'x\nwanted\n'],
      'rev-parse': ['true\n', 'true\n', 'true\n'],
    };
    const run = async ([name = '', ...args]: string[]) => {
      if (name === 'fetch') asked.push(args.find((arg) => arg.startsWith('--depth')));
      return answers[name]?.shift() ?? '';
    };
    const work = {
      ...here.context({ delivered: 'wanted' }),
      git: Object.assign(Object.create(here.git), { run }),
    };
    expect(await isOnRef(work, tipOf('tip'))).toBe(true);
    expect(asked).toEqual(['--depth=100', '--depth=1000']);
    answers['rev-parse'] = ['true\n', 'true\n', 'true\n'];
    expect(await isOnRef(work, tipOf('tip'))).toBe(false);
    expect(asked.slice(2)).toEqual(['--depth=100', '--depth=1000', '--depth=10000']);
    expect(await isOnRef(work, tipOf('tip'))).toBe(false);
    expect(asked.slice(5)).toEqual(['--depth=100']);
  });
});

describe('the files of a delivery', () => {
  const changed = (input: Partial<PullInput>) =>
    changedFiles(here.context({ delivered: topic[1], ref: 'refs/heads/topic', ...input }));
  const compared = (from?: string, to?: string) => `git diff ${short(from)}..${short(to)}`;

  it('of a push are those since the commit that it replaced', async () => {
    expect(await changed({ before: topic[0] })).toEqual({
      files: ['topic6.txt'],
      compared: compared(topic[0], topic[1]),
    });
    expect(log).toEqual([`${compared(topic[0], topic[1])}: 1 files\n`]);
    expect(await changed({ before: main[3] })).toMatchObject({
      files: ['m3.txt', 'm4.txt', 'topic5.txt', 'topic6.txt'],
    });
  });

  it('of a request and of a new branch are those since it left its branch', async () => {
    const since = { files: ['topic5.txt', 'topic6.txt'], compared: compared(main[1], topic[1]) };
    expect(await changed({ base: 'main', before: topic[0] })).toEqual(since);
    expect(await changed({})).toEqual(since);
    const mergeOf = { number: 1, head: topic[1] ?? '', base: 'main' };
    expect(await changed({ delivered: undefined, mergeOf, base: 'main' })).toEqual(since);
  });

  it.each<[string, () => Partial<PullInput>, () => string]>([
    [
      'a tag',
      () => ({ ref: 'refs/tags/v1', before: main[0] }),
      () => 'the event compares nothing for refs/tags/v1',
    ],
    ['no commit', () => ({ delivered: undefined }), () => 'the event compares nothing for refs/heads/topic'],
    [
      'a new default branch',
      () => ({ ref: 'refs/heads/main' }),
      () => 'refs/heads/main is new, and there is nothing to compare it with',
    ],
    [
      'no default branch',
      () => ({ defaultBranch: undefined }),
      () => 'refs/heads/topic is new, and there is nothing to compare it with',
    ],
    ['a base that is gone', () => ({ base: 'gone' }), () => 'the host has no branch gone'],
    ['a default branch that is gone', () => ({ defaultBranch: 'gone' }), () => 'the host has no branch gone'],
    [
      'a new branch without a commit',
      () => ({ delivered: main[0] }),
      () => 'the new branch changes nothing since it left main',
    ],
    [
      'a branch of its own',
      () => ({ base: 'alone' }),
      () => `${topic[1]} and alone have no common commit in 10000 generations`,
    ],
  ])('of %s are not known', async (_, input, unknown) => {
    expect(await changed(input())).toEqual({ unknown: unknown() });
  });

  it('are not known where the host has the replaced commit no more, and fail where it cannot be asked', async () => {
    expect(await changed({ before: '1'.repeat(40) })).toEqual({
      unknown: expect.stringMatching(/^the host has one of the two commits no more: the commit is not at /),
    });
    const away = {
      ...here.context({ delivered: topic[1], before: topic[0] }),
      remote: here.access.remote('acme/none'),
    };
    await expect(changedFiles(away)).rejects.toMatchObject({ name: 'RepositoryMissing' });
  });

  it('are compared with a replaced commit that git refuses, so that a push can repair it', async () => {
    const gitDir = join(here.app.folder, '.git');
    const blob = writeObject(gitDir, 'blob', 'a');
    const tree = writeObject(gitDir, 'tree', treeEntry('100644', '.git', blob));
    const person = 'A <a@example.com> 1700000000 +0000';
    const text = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nx\n`;
    const before = writeObject(gitDir, 'commit', text);
    await here.app.git('push', '--quiet', 'origin', `${before}:refs/heads/refused`);
    expect(await changed({ before })).toEqual({
      files: ['.git', 'm1.txt', 'm2.txt', 'topic5.txt', 'topic6.txt'],
      compared: compared(before, topic[1]),
    });
  });

  it('are looked for in more generations of long histories', async () => {
    const asked: unknown[] = [];
    const none = new GitFailure({ command: 'merge-base', status: 1, stderr: '' });
    let bases: (string | Error)[] = [none, none, 'base\n'];
    let shallow = 'true\n';
    const run = async ([name = '', ...args]: string[]) => {
      if (name === 'fetch') asked.push(args.find((arg) => arg.startsWith('--depth')));
      if (name === 'ls-remote') return `${'e'.repeat(40)}\trefs/heads/main\n`;
      if (name === 'rev-parse') return shallow;
      if (name !== 'merge-base') return '';
      const base = bases.shift() ?? none;
      if (base instanceof Error) throw base;
      return base;
    };
    const bytes = async (args: string[]) => Buffer.from(`${args.slice(-2).join(' ')}\0`);
    const of = here.context({ delivered: 'wanted', base: 'main' });
    const work = { ...of, git: Object.assign(Object.create(here.git), { run, bytes }) };
    expect(await changedFiles(work)).toMatchObject({ files: ['base wanted'] });
    expect(asked.slice(0, 6).filter((_, n) => n % 2)).toEqual([
      '--depth=100',
      '--depth=1000',
      '--depth=10000',
    ]);
    asked.length = 0;
    bases = [];
    expect(await changedFiles(work)).toMatchObject({ unknown: expect.stringMatching(/no common commit/) });
    expect(asked).toHaveLength(6);
    shallow = 'false\n';
    asked.length = 0;
    expect(await changedFiles(work)).toMatchObject({ unknown: expect.stringMatching(/no common commit/) });
    expect(asked).toHaveLength(2);
    for (const error of [
      new GitFailure({ command: 'merge-base', status: 128, stderr: '' }),
      Object.assign(new Error('x'), { status: 1 }),
    ]) {
      bases = [error];
      await expect(changedFiles(work)).rejects.toBe(error);
    }
  });

  it('of a request without a change are none', async () => {
    expect(await changed({ delivered: main[0], base: 'main' })).toMatchObject({ files: [] });
  });
});
