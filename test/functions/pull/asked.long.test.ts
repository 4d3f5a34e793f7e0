import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullResultSchema } from '../../../statemachine/payloads.ts';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await leaveOut(true);
});
afterAll(() => bench?.close());

const git = (...args: string[]) => bench.app.git(...args);

/** Whether the host leaves files out of a fetch, as one that has no filters cannot. */
const leaveOut = (does: boolean) =>
  execa('git', ['-C', join(bench.root, 'acme/app.git'), 'config', 'uploadpack.allowFilter', String(does)]);

/** Commits, pushes with force, and returns the commit. */
async function push(files: Record<string, string>, message = 'Change', ref = 'refs/heads/main') {
  const commit = await bench.app.commit(files, message);
  await git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
  return commit;
}

/** What the steps read of the program's exports. */
async function pulled(delivery: Delivery) {
  const { status, output, exports } = await bench.run(delivery);
  if (status !== 0) throw new Error(output);
  const members = Object.entries(exports).map(([name, value]) => [
    name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return pullResultSchema.parse(Object.fromEntries(members));
}

const onlySrc = { paths: ['src/**'] };
const filtered = { outcome: 'filtered', token: 0, key: '' };
const short = (commit: string) => commit.slice(0, 7);

describe('a path filter that the payload left open', () => {
  it('takes a push that changes such a file, and no other push', async () => {
    const before = await push({ 'src/a.ts': '1', 'docs/a.md': '1' });
    const docs = await push({ 'docs/a.md': '2' });
    const compared = `git diff ${short(before)}..${short(docs)}`;
    const tokens = new Map(bench.aws.tokens);
    expect(await pulled({ commit: docs, more: { before }, asked: onlySrc })).toMatchObject({
      ...filtered,
      commit: docs,
      reason: `no changed file matches src/** (${compared})`,
    });
    expect(bench.aws.tokens).toEqual(tokens);
    expect([...bench.aws.objects.keys()].join()).not.toContain(docs);
    const renamed = await push({ 'src/b.ts': '1' });
    expect(await pulled({ commit: renamed, more: { before: docs }, asked: onlySrc })).toMatchObject({
      outcome: 'pulled',
      reason: `the changed file src/b.ts matches src/** (git diff ${short(docs)}..${short(renamed)})`,
    });
    const ignored = { 'paths-ignore': ['docs/**'] };
    expect(await pulled({ commit: docs, more: { before }, asked: ignored })).toMatchObject({
      ...filtered,
      reason: `every changed file matches paths-ignore docs/** (${compared})`,
    });
  });

  it('compares a forced push with what it replaced, a file that it takes back included', async () => {
    const kept = await push({ 'docs/a.md': '3' });
    const before = await push({ 'src/gone.ts': '1' });
    await git('reset', '--quiet', '--hard', kept);
    const commit = await push({ 'docs/a.md': '4' });
    const forced = { before, forced: true };
    await leaveOut(false);
    expect(await pulled({ commit, more: forced, asked: { paths: ['src/gone.ts'] } })).toMatchObject({
      outcome: 'pulled',
    });
    expect(await pulled({ commit, more: forced, asked: { paths: ['lib/**'] } })).toMatchObject(filtered);
    await leaveOut(true);
  });

  it('compares a pull request and a new branch with the commit in which it left its base', async () => {
    await git('checkout', '--quiet', '-b', 'topic');
    const first = await push({ 'docs/topic.md': '1' }, 'first', 'refs/heads/topic');
    const commit = await push({ 'docs/topic.md': '2' }, 'second', 'refs/heads/topic');
    await git('checkout', '--quiet', '-');
    await push({ 'src/of-main.ts': '1' });
    const of = { ref: 'refs/heads/topic', commit };
    const head = { ref: 'topic', commit };
    const pullRequest = {
      number: 1,
      action: 'opened',
      draft: false,
      merged: false,
      fork: false,
      head,
      base: 'main',
    };
    const requested = { ...of, more: { event: 'pull_request', pullRequest } };
    expect(await pulled({ ...requested, asked: onlySrc })).toMatchObject(filtered);
    expect(await pulled({ ...requested, asked: { paths: ['docs/**'] } })).toMatchObject({
      outcome: 'pulled',
    });
    expect(await pulled({ ...of, more: { created: true }, asked: onlySrc })).toMatchObject(filtered);
    expect(first).not.toBe(commit);
  });

  it.each([
    [
      'the commit that was replaced is gone',
      { before: '9'.repeat(40) },
      'the host has one of the two commits no more',
    ],
    ['the default branch is new', {}, 'refs/heads/main is new, and there is nothing to compare it with'],
  ])('passes, and says so, when %s', async (_title, more, reason) => {
    const commit = await push({ 'docs/a.md': String(Math.random()) });
    expect(await pulled({ commit, more, asked: onlySrc })).toMatchObject({
      outcome: 'pulled',
      reason: expect.stringContaining(`the path filter passes: ${reason}`),
    });
  });

  it('passes a new branch that changes nothing yet', async () => {
    const commit = await push({ 'docs/a.md': 'base' });
    await git('push', '--quiet', 'origin', 'HEAD:refs/heads/new');
    const of = { ref: 'refs/heads/new', commit, more: { created: true }, asked: onlySrc };
    expect(await pulled(of)).toMatchObject({
      outcome: 'pulled',
      reason: 'the path filter passes: the new branch changes nothing since it left main',
    });
  });
});

describe('a message that the payload has not', () => {
  it.each([
    ['Fix\n\nsaves time [skip ci]', 'filtered', "the commit's message says [skip ci]"],
    ['Fix\n\n\nskip-checks: true', 'filtered', "the commit's message says skip-checks: true"],
    ['Fix the skip of ci', 'pulled', ''],
  ])('%j: %s', async (message, outcome, reason) => {
    const commit = await push({ 'a.txt': message }, message);
    expect(await pulled({ commit, asked: { skip: ['ci-words'] } })).toMatchObject({ outcome, reason });
  });
});

describe('the values of a commit', () => {
  const values = ['subject', 'message', 'author', 'time', 'files', 'changed'].map((name) => `commit.${name}`);

  it('come from git, whatever they hold, also for an artifact that was there', async () => {
    const before = await push({ 'a.txt': 'values' });
    const message = 'grüße $(id) `id` 100% "x" \'y\' 😀\n\nbody\tof it\n';
    const commit = await push({ 'b "c".txt': '1', 'ünï.txt': '1' }, message);
    const said = {
      outcome: 'pulled',
      subject: message.split('\n')[0],
      message: message.trim(),
      author: (await git('log', '-1', '--format=%an')).trim(),
      time: (await git('log', '-1', '--format=%cI')).trim(),
      files: '2',
      changed: '["b \\"c\\".txt","ünï.txt"]',
    };
    const first = await pulled({ commit, more: { before }, asked: { values } });
    expect(first).toMatchObject(said);
    const again = await pulled({ commit, more: { before }, asked: { values } });
    expect(again).toEqual({ ...first, token: first.token + 1 });
  });

  it('are cut, and a list of files ends with a whole name', async () => {
    const before = await push({ 'a.txt': 'many' });
    const names = Array.from({ length: 40 }, (_, at) => `${'x'.repeat(60)}${10 + at}`);
    const files = Object.fromEntries(names.map((name) => [name, '1']));
    const commit = await push(files, `${'日'.repeat(1200)}\n`);
    const { subject, changed, files: count } = await pulled({ commit, more: { before }, asked: { values } });
    expect(subject).toBe('日'.repeat(1000));
    expect(count).toBe('40');
    expect(JSON.parse(changed)).toEqual(names.slice(0, 15));
  });

  it('are empty where nothing is asked for, or nothing is known', async () => {
    const commit = await push({ 'a.txt': 'unasked' }, '-');
    expect(await pulled({ commit })).toMatchObject({ subject: '', files: '' });
    const asked = { values: ['commit.subject', 'commit.files'] };
    expect(await pulled({ commit, asked })).toMatchObject({ subject: '-', message: '-', files: '' });
  });
});
