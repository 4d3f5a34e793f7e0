import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latin1, substituteFormats } from './export-subst.ts';
import type { Git, Repo } from './git.ts';
import type { Merged } from './merge.ts';

/**
 * A commit of an index, at a time, for an archive that shows another commit everywhere: its formats are substituted
 * already. `git archive` of a mere tree has no time before git 2.41.
 * @param attributes lines of attributes that stand over those of the repository's own files
 */
export async function standIn(
  git: Git,
  repo: Repo,
  merged: Merged,
  time: number,
  attributes = '',
): Promise<string> {
  const substituted = await substituteFormats(git, repo, merged);
  await mkdir(join(repo.gitDir, 'info'), { recursive: true });
  const asTheyAre = substituted.map((path) => `${attributesPattern(path)} ${UNCONVERTED}\n`);
  const lines = ['* -export-subst\n', latin1(attributes), ...asTheyAre].join('');
  await writeFile(join(repo.gitDir, 'info', 'attributes'), lines, 'latin1');
  const tree = (await git.run(['write-tree'], { repo, env: merged.env })).trim();
  const env = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'hookline'],
      [`GIT_${who}_EMAIL`, 'hookline@localhost'],
      [`GIT_${who}_DATE`, `@${time} +0000`],
    ]),
  );
  return (await git.run(['commit-tree', tree], { repo, env })).trim();
}

const UNCONVERTED = '-text -ident !working-tree-encoding -filter';

/** A path as `.gitattributes` writes it: nothing in it stands for anything else. */
export function attributesPattern(path: string): string {
  const literal = `/${path}`.replace(/[*?[\]\\]/g, '\\$&');
  return `"${literal.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** The zip of a stand-in with the id of the commit that it stands for, which `git archive` writes at a zip's end. */
export async function* asCommit(
  zip: AsyncIterable<Buffer>,
  standIn: string,
  commit: string,
): AsyncGenerator<Buffer> {
  let tail = Buffer.alloc(0);
  for await (const chunk of zip) {
    const read = Buffer.concat([tail, chunk]);
    const end = Math.max(read.length - standIn.length, 0);
    if (end > 0) yield read.subarray(0, end);
    tail = read.subarray(end);
  }
  yield tail.toString('latin1') === standIn ? Buffer.from(commit) : tail;
}
