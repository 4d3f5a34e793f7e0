import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splice } from '../../../../functions/pull/warm/splice.ts';
import { readDirectory, type ZipSource } from '../../../../functions/pull/warm/zip-source.ts';
import { createRepository, type Repository } from '../../../support/repository.ts';

const sourceOf = (zip: Buffer): ZipSource => ({
  size: zip.length,
  async *read(start, end) {
    // in pieces that fit nothing
    for (let at = start; at < end; at += 7001) yield zip.subarray(at, Math.min(at + 7001, end));
  },
});
const opened = async (zip: Buffer) => {
  const source = sourceOf(zip);
  return { source, directory: await readDirectory(source, 40) };
};

describe('a zip with 65,535 entries or more', () => {
  let repository: Repository;
  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository?.remove());

  /** A commit of empty files, at a time of its own. */
  const commitOf = async (names: readonly string[], time: number) => {
    const input = names.map((name) => `100644 blob ${empty}\t${name}\n`).join('');
    const git = async (args: string[], options = {}) =>
      (await execa('git', args, { cwd: repository.folder, ...options })).stdout;
    const tree = await git(['mktree'], { input });
    const people = { NAME: 'a', EMAIL: 'a@b', DATE: `@${time} +0000` };
    const env = Object.fromEntries(
      Object.entries(people).flatMap(([name, value]) => [
        [`GIT_AUTHOR_${name}`, value],
        [`GIT_COMMITTER_${name}`, value],
      ]),
    );
    return git(['commit-tree', '-m', 'many', tree], { env });
  };
  let empty = '';

  it('is spliced to the bytes that git makes', async () => {
    empty = await repository.git('hash-object', '-w', '/dev/null');
    const names = Array.from({ length: 65_600 }, (_, n) => `f${n}`);
    const commits = [
      await commitOf(names, 1_700_000_000),
      await commitOf(['new'], 1_700_003_600),
      await commitOf([...names.slice(3), 'new'], 1_700_003_600),
    ] as const;
    const [before, changed, whole] = await Promise.all(commits.map(repository.archive));
    if (!before || !changed || !whole) throw new Error('git has made nothing');
    const sha256 = createHash('sha256').update(before).digest('hex');
    const removed = new Set([...names.slice(0, 3), 'new']);
    const chunks: Buffer[] = [];
    const made = splice({
      earlier: { ...(await opened(before)), sha256 },
      changed: await opened(changed),
      isChanged: (path) => removed.has(path),
      commit: commits[2],
      time: 1_700_003_600,
    });
    for await (const chunk of made) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
  });
});
