import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git, Repo } from './git.ts';
import { GitFailure } from './git-failure.ts';
import type { Merged } from './merge.ts';

/** The parents of a shallow commit are named, and the commit is not said to be grafted. */
export const withoutGrafts: Readonly<Record<string, string>> = { GIT_SHALLOW_FILE: '' };

const nul = Buffer.alloc(1);
const pattern = /\$Format:([^$]*)\$/g;

/**
 * Writes `$Format:…$` of files with the attribute export-subst into the index as `git archive` would, each from the
 * commit that its part of the index is of: git itself knows one commit for the whole archive.
 * @returns the paths of these files, which are as a work tree has them: to convert them again would change them
 */
export async function substituteFormats(git: Git, repo: Repo, merged: Merged): Promise<readonly string[]> {
  const paths = await substituted(git, repo, merged, await withFormat(git, repo, merged));
  if (paths.length === 0) return [];
  const modes = await modesOf(git, repo, merged);
  const converted = await convertedFiles(git, repo, merged, paths);
  const texts = new Map<string, string>();
  const changed = new Map<string, string>();
  for (const path of paths) {
    const mode = modes.get(path);
    const commit = merged.parts.findLast(({ prefix }) => path.startsWith(latin1(prefix)))?.commit;
    const copy = converted.get(path);
    if (!mode || !commit || !copy) continue;
    const content = await readFile(copy, 'latin1');
    const formats = [...content.matchAll(pattern)].map(([, format = '']) => format);
    for (const format of formats) {
      const key = `${commit} ${format}`;
      if (!texts.has(key)) texts.set(key, await formatted(git, repo, commit, format));
    }
    const text = content.replace(pattern, (_, format: string) => texts.get(`${commit} ${format}`) ?? '');
    const input = Buffer.from(text, 'latin1');
    const id = (await git.run(['hash-object', '-w', '--stdin'], { repo, input })).trim();
    changed.set(path, `${mode} ${id}\t${path}\0`);
  }
  const input = Buffer.from([...changed.values()].join(''), 'latin1');
  await git.run(['update-index', '-z', '--index-info'], { repo, env: merged.env, input });
  return [...changed.keys()];
}

/** Paths of files with something to substitute; bytes as latin1, as everywhere here. */
async function withFormat(git: Git, repo: Repo, { env }: Merged): Promise<string[]> {
  try {
    const args = ['grep', '--cached', '-z', '--files-with-matches', '--fixed-strings', '-e', '$Format:'];
    return split(await git.bytes(args, { repo, env }));
  } catch (error) {
    // nothing found
    if (error instanceof GitFailure && error.status === 1) return [];
    throw error;
  }
}

/** Those of `paths` that have the attribute. */
async function substituted(git: Git, repo: Repo, { env }: Merged, paths: string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const input = listOf(paths);
  const args = ['check-attr', '--cached', '-z', '--stdin', 'export-subst'];
  const attributes = split(await git.bytes(args, { repo, env, input }));
  return paths.filter((_, index) => attributes[3 * index + 2] === 'set');
}

/** Copies of files as git converts them before it substitutes: the ends of their lines, their ident, their encoding. */
async function convertedFiles(
  git: Git,
  repo: Repo,
  { env }: Merged,
  paths: string[],
): Promise<Map<string, string>> {
  const args = ['checkout-index', '--temp', '-z', '--stdin'];
  const copies = split(await git.bytes(args, { repo, env, input: listOf(paths) }));
  return new Map(
    copies.map((line) => {
      const tab = line.indexOf('\t');
      return [line.slice(tab + 1), join(git.home, line.slice(0, tab))];
    }),
  );
}

async function modesOf(git: Git, repo: Repo, { env }: Merged): Promise<Map<string, string>> {
  const listed = split(await git.bytes(['ls-files', '--stage', '-z'], { repo, env }));
  return new Map(
    listed.flatMap((line) => {
      const [, mode, path] = /(\d+) [0-9a-f]+ 0\t(.+)/s.exec(line) ?? [];
      return mode && path ? [[path, mode] as const] : [];
    }),
  );
}

/** A format of `git log` filled in for a commit. */
async function formatted(git: Git, repo: Repo, commit: string, format: string): Promise<string> {
  // C ends a text at NUL; any other byte that is not ASCII has a placeholder of its own
  const [asked = ''] = format.split('\0');
  const escaped = asked.replace(/[\x80-\xff]/g, (byte) => `%x${byte.charCodeAt(0).toString(16)}`);
  const args = ['log', '--no-walk', '--no-notes', `--format=format:${escaped}`];
  const text = await git.bytes([...args, '--end-of-options', commit], { repo, env: withoutGrafts });
  return text.toString('latin1');
}

function listOf(paths: readonly string[]): Buffer {
  return Buffer.concat(paths.flatMap((path) => [Buffer.from(path, 'latin1'), nul]));
}

function split(output: Buffer): string[] {
  return output.toString('latin1').split('\0').slice(0, -1);
}

export function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
