import type { Git, Repo } from '../git.ts';

/** What has changed from the earlier commit to the new one. */
export interface Changes {
  /** every path that is no more what it was, as latin1 */
  readonly paths: ReadonlySet<string>;
  /** the changed files that are there in the new commit */
  readonly files: readonly TreeFile[];
  /** the new commit's files of attributes */
  readonly attributes: readonly TreeFile[];
}

export interface TreeFile {
  readonly mode: string;
  readonly id: string;
  /** the path's bytes as latin1 */
  readonly path: string;
}

const GITLINK = '160000';

/** The host sends each of these files whole, without a delta: more of them may cost what all the commit does. */
const MAX_FILES = 2000;

/** Throws where an entry that has not changed may make other bytes all the same, and where much has changed. */
export async function changesBetween(
  git: Git,
  repo: Repo,
  earlier: string,
  commit: string,
): Promise<Changes> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--end-of-options', earlier, commit];
  const fields = (await git.bytes(args, { repo })).toString('latin1').split('\0');
  const paths = new Set<string>();
  const files: TreeFile[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [before = '', mode = '', , id = ''] = (fields[index] ?? '').slice(1).split(' ');
    const path = fields[index + 1] ?? '';
    if (isAttributes(path) || before === GITLINK || mode === GITLINK)
      throw new Error('attributes or submodules have changed');
    paths.add(path);
    if (mode !== '000000') files.push({ mode, id, path });
  }
  if (files.length > MAX_FILES) throw new Error(`${files.length} files have changed`);
  return { paths, files, attributes: await attributesOf(git, repo, commit) };
}

/** The files of attributes of a commit, links among them: git reads the text of one. Throws for a commit with submodules. */
export async function attributesOf(git: Git, repo: Repo, commit: string): Promise<TreeFile[]> {
  const listed = await git.bytes(['ls-tree', '-r', '-z', '--end-of-options', commit], { repo });
  const lines = listed.toString('latin1').split('\0');
  if (lines.some((line) => line.startsWith(GITLINK))) throw new Error('the commit has submodules');
  return lines.flatMap((line) => {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t(.+)/s.exec(line) ?? [];
    return mode && id && path && isAttributes(path) ? [{ mode, id, path }] : [];
  });
}

const isAttributes = (path: string): boolean => /(^|\/)\.gitattributes$/.test(path);
