import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commitText } from '../../../functions/pull/commit-facts.ts';
import { commitValues } from '../../../functions/pull/commit-values.ts';
import type { PullInput } from '../../../functions/pull/input.ts';
import { judge } from '../../../functions/pull/judge.ts';
import { type Here, openHere, pushed } from '../../support/functions/pull-here.ts';

let here: Here;
let commits: string[];
let log: string[];
beforeAll(async () => {
  here = await openHere();
  commits = [
    await pushed(here.app, { 'a.txt': '1' }),
    await pushed(
      here.app,
      { 'docs/b.md': '2', 'ü.txt': '2' },
      'refs/heads/main',
      'Größe\n\nbody\n\nmore\n\n',
    ),
    await pushed(here.app, { 'docs/b.md': '3' }, 'refs/heads/main', 'Docs [skip ci]'),
  ];
});
beforeEach(() => {
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  return () => vi.restoreAllMocks();
});
afterAll(() => here?.close());

const context = (delivered: string | undefined, asked: object, more: Partial<PullInput> = {}) =>
  here.context({ delivered, asked: { values: [], ...asked }, ...more });

describe('what a commit says of itself', () => {
  it('is its subject, message, author and time', async () => {
    expect(await commitText(here.context(), commits[1] ?? '')).toEqual({
      subject: 'Größe',
      message: 'Größe\n\nbody\n\nmore',
      author: 'Test',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)$/),
    });
  });

  it('is also had by a tag of it', async () => {
    await here.app.git('tag', '-a', '-m', 'about the tag', 'v1', commits[1] ?? '');
    await here.app.git('push', '--quiet', 'origin', 'v1');
    const tag = await here.app.git('rev-parse', 'v1');
    expect(await commitText(here.context(), tag)).toMatchObject({ subject: 'Größe' });
  });
});

describe('the values of a commit', () => {
  const text = { subject: 'Größe', message: expect.any(String), author: 'Test', time: expect.any(String) };
  const files = { files: '2', changed: '["docs/b.md","ü.txt"]' };

  it.each([
    [['commit.subject'], text],
    [['commit.message'], text],
    [['commit.author'], text],
    [['commit.time'], text],
    [['commit.files'], files],
    [['commit.changed'], files],
    [['commit.time', 'commit.changed'], { ...text, ...files }],
    [['subject', 'commit.other'], {}],
  ])('are those that %j name', async (values, expected) => {
    const work = context(commits[1], { values }, { before: commits[0] });
    expect(await commitValues(work, commits[1] ?? '')).toEqual(expected);
  });

  it('hold no files where nothing is compared', async () => {
    const work = context(commits[1], { values: ['commit.files'] });
    expect(await commitValues(work, commits[1] ?? '')).toEqual({});
  });

  it('list as many files as a value of a variable may hold', async () => {
    const other = await here.repository('acme/many');
    const names = Array.from({ length: 8 }, (_, n) => `${n}${'x'.repeat(n === 7 ? 108 : 120)}`);
    await pushed(other, { 'a.txt': 'a' });
    const before = await other.git('rev-parse', 'HEAD');
    // '[]', and of each file its quotes and a comma: 2 + 7 * 124 + 112 = 982
    const fits = await pushed(other, Object.fromEntries(names.map((name) => [name, name])));
    const listed = async (commit: string) => {
      const work = {
        ...context(commit, { values: ['commit.changed'] }, { before }),
        remote: here.access.remote('acme/many'),
      };
      const { changed = '', files } = await commitValues(work, commit);
      return { length: changed.length, count: JSON.parse(changed).length, files };
    };
    expect(await listed(fits)).toEqual({ length: 981, count: 8, files: '8' });
    const exact = await pushed(other, { ['8'.repeat(15)]: 'y' });
    expect(await listed(exact)).toEqual({ length: 999, count: 9, files: '9' });
    await other.git('mv', '8'.repeat(15), '8'.repeat(12));
    const over = await pushed(other, { '9': 'y' });
    expect(await listed(over)).toEqual({ length: 996, count: 9, files: '10' });
  });
});

describe('a delivery whose payload has left a filter open', () => {
  it('is not taken for a word of its message', async () => {
    const skip = { skip: ['ci-words'] };
    expect(await judge(context(commits[2], skip))).toEqual({
      taken: false,
      reason: expect.stringContaining('[skip ci]'),
    });
    expect(log.at(-1)).toMatch(/^not taken: .*\[skip ci\]/);
    const mergeOf = { number: 1, head: commits[2] ?? '', base: 'main' };
    expect(await judge(context(undefined, skip, { mergeOf }))).toMatchObject({ taken: false });
    expect(await judge(context(commits[1], skip))).toEqual({ taken: true, reason: '' });
    expect(await judge(context(undefined, skip))).toEqual({ taken: true, reason: '' });
    log = [];
    expect(await judge(context(commits[2], {}))).toEqual({ taken: true, reason: '' });
    expect(log).toEqual([]);
  });

  it.each([
    [{ paths: ['docs/**'] }, true],
    [{ paths: ['src/**'] }, false],
    [{ 'paths-ignore': ['docs/**'] }, false],
    [{ 'paths-ignore': ['src/**'] }, true],
  ])('is taken by the files that it changes: %j %j', async (asked, taken) => {
    const [, before = '', after = ''] = commits;
    const judged = await judge(context(after, asked, { before }));
    const compared = `(git diff ${before.slice(0, 7)}..${after.slice(0, 7)})`;
    expect(judged).toEqual({ taken, reason: expect.stringContaining(compared) });
    expect(log.at(-1)).toBe(`${taken ? 'taken' : 'not taken'}: ${judged.reason}\n`);
  });

  it('is taken where nothing can be compared', async () => {
    expect(await judge(context(commits[2], { paths: ['src/**'] }))).toEqual({
      taken: true,
      reason: 'the path filter passes: refs/heads/main is new, and there is nothing to compare it with',
    });
  });
});
