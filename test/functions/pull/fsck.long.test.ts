import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullExitStatus } from '../../../functions/shared/errors.ts';
import { type Bench, type Delivery, openBench } from '../../support/functions/pull-program.ts';
import { readZip } from '../../support/zip.ts';

const PERSON = 'Odd <odd@example.com> 1700000000 +0000';

describe('an object of the pulled commit', () => {
  let bench: Bench;
  let blob: string;
  beforeAll(async () => {
    bench = await openBench();
    const commit = await bench.app.commit({ 'a.txt': 'a' });
    blob = await bench.app.git('rev-parse', `${commit}:a.txt`);
  });
  afterAll(() => bench?.close());

  const write = async (type: string, input: string | Buffer) => {
    const args = ['hash-object', '-t', type, '-w', '--stdin', '--literally'];
    return (await execa('git', args, { cwd: bench.app.folder, input })).stdout;
  };
  const entry = (mode: string, name: string, id: string) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
  const tree = (...entries: Buffer[]) => write('tree', Buffer.concat(entries));
  const commitOf = (id: string, author = PERSON, committer = PERSON) =>
    write('commit', `tree ${id}\nauthor ${author}\ncommitter ${committer}\n\nOdd\n`);
  const pull = async (
    commit: string,
    options: NonNullable<Delivery['pull']> = {},
    ref = 'refs/heads/main',
  ) => {
    await bench.app.git('push', '--quiet', '--force', 'origin', `${commit}:${ref}`);
    return bench.run({ commit, ref, pull: options });
  };

  it.each([
    [{}, 'a link and a folder of one name', 'treeNotSorted|duplicateEntries'],
    [{ git: true }, 'a step up', 'hasDotdot'],
    [{}, 'a .git folder', 'hasDotgit'],
    [{ path: 'b' }, 'a .git folder', 'hasDotgit'],
  ])('by %j is refused for %s', async (options, what, finding) => {
    const inner = await tree(entry('100644', 'b.txt', blob));
    const target = await write('blob', '/etc');
    const trees: Record<string, Buffer[]> = {
      'a link and a folder of one name': [entry('120000', 'a', target), entry('40000', 'a', inner)],
      'a step up': [entry('40000', '..', inner)],
      'a .git folder': [entry('40000', '.git', inner)],
    };
    const run = await pull(await commitOf(await tree(...(trees[what] ?? []))), options);
    expect(run.output).toMatch(new RegExp(`ObjectRefused: .*git fsck --strict.*(${finding})`));
    expect(run).toMatchObject({ status: pullExitStatus.ObjectRefused, left: [] });
    expect(run.output).not.toContain('again in');
  });

  it('is taken with lines about people and dates that git finds fault with, as hosts take them', async () => {
    const root = await tree(entry('100644', 'a.txt', blob));
    const odd: [author: string, committer: string][] = [
      ['Odd <odd@example.com> 1700000000 +051800', 'Odd 1700000000 +0000'],
      ['Odd <odd@example.com>1700000000 +0000', '<odd@example.com> 1700000000 +0000'],
      ['Odd<odd@example.com> 1700000000 +0000', 'Odd <odd <x> @example.com> 1700000000 +0000'],
      ['Odd <odd@example.com> 0700000000 +0000', 'Odd <odd@example.com> 99999999999999999999 +0000'],
      [`${PERSON}\nauthor ${PERSON}`, PERSON],
    ];
    for (const [author, committer] of odd) {
      const run = await pull(await commitOf(root, author, committer));
      expect(run, `${author}, ${committer}: ${run.output}`).toMatchObject({ status: 0, left: [] });
    }
  });

  it('is taken so by a host that leaves parts out too: by a folder, a filter, a value, and behind another commit', async () => {
    for (const setting of ['allowFilter', 'allowAnySHA1InWant'])
      await execa('git', ['config', `uploadpack.${setting}`, 'true'], {
        cwd: join(bench.root, 'acme/app.git'),
      });
    const docs = await tree(entry('100644', 'a.txt', blob));
    const roots = [await tree(entry('40000', 'docs', docs)), await tree(entry('040000', 'docs', docs))];
    const child = (id: string, author: string, parent: string) =>
      write('commit', `tree ${id}\nparent ${parent}\nauthor ${author}\ncommitter ${PERSON}\n\nOdd\n`);
    for (const root of roots) {
      const before = await commitOf(await tree(entry('100644', 'a.txt', blob)));
      const odd = await child(root, 'Odd<odd@example.com> 1700000000 +0000', before);
      const inFolder = await pull(odd, { path: 'docs' });
      expect(inFolder, inFolder.output).toMatchObject({ status: 0, left: [] });
      const body = bench.aws.objects.get(inFolder.exports.KEY ?? '')?.body ?? Buffer.alloc(0);
      expect([...(await readZip(body)).keys()]).toEqual(['a.txt']);
      const asked = { values: ['commit.subject', 'commit.files'] };
      const run = await bench.run({ commit: odd, more: { before }, asked });
      expect(run.exports).toMatchObject({ OUTCOME: 'pulled', SUBJECT: 'Odd', FILES: '2' });
      const filtered = await bench.run({ commit: odd, more: { before }, asked: { paths: ['src/**'] } });
      expect(filtered.exports).toMatchObject({ OUTCOME: 'filtered' });
      const next = await child(root, PERSON, odd);
      const tip = await child(root, PERSON, next);
      await bench.app.git('push', '--quiet', '--force', 'origin', `${tip}:refs/heads/main`);
      const behind = await bench.run({ commit: next });
      expect(behind, behind.output).toMatchObject({ status: 0, exports: { COMMIT: next, TIP: tip } });
    }
  });

  it('is taken with a mode of an old git, and a tag without a tagger', async () => {
    const padded = await tree(entry('040000', 'folder', await tree(entry('100644', 'a.txt', blob))));
    const commit = await commitOf(padded);
    expect(await pull(commit)).toMatchObject({ status: 0, left: [] });
    const tag = await write('tag', `object ${commit}\ntype commit\ntag v 1\n\nno tagger\n`);
    const run = await pull(tag, {}, 'refs/tags/odd');
    expect(run, run.output).toMatchObject({ status: 0, exports: { COMMIT: commit } });
  });
});
