import { join } from 'node:path';
import { fetchSubmodule } from './fetch-submodule.ts';
import type { Git, Repo } from './git.ts';
import { progress } from './log.ts';
import type { Access, Remote } from './remote.ts';
import type { SubmoduleBounds } from './submodule-bounds.ts';
import { submodulesOf } from './submodules.ts';

/** What the trees of submodules are merged from. */
export interface Merge {
  readonly git: Git;
  readonly repo: Repo;
  readonly access: Access;
  readonly bounds: SubmoduleBounds;
  readonly lfs: boolean;
}

/** An index of a repository, and which commit each part of it is from. */
export interface Merged {
  /** by which git finds the index */
  readonly env: Readonly<Record<string, string>>;
  /** the commit of every path that begins with `prefix` (`""`, or a path with a slash at its end), parents first */
  readonly parts: readonly { readonly prefix: string; readonly commit: string }[];
}

/** An index with the tree of `commit`. */
export async function indexOf(git: Git, repo: Repo, commit: string): Promise<Merged> {
  // read-tree --prefix insists on a work tree, and does not touch it
  const env = { GIT_INDEX_FILE: join(repo.gitDir, `merge-${commit}`), GIT_WORK_TREE: git.home };
  await git.run(['read-tree', commit], { repo, env });
  return { env, parts: [{ prefix: '', commit }] };
}

/** The same with the trees of all submodules, and of theirs, in it. */
export async function mergeSubmodules(merge: Merge, remote: Remote, commit: string): Promise<Merged> {
  const { env, parts } = await indexOf(merge.git, merge.repo, commit);
  return {
    env,
    parts: [...parts, ...(await addSubmodules(merge, { parent: remote, commit, depth: 0, prefix: '', env }))],
  };
}

interface Level {
  readonly parent: Remote;
  readonly commit: string;
  readonly depth: number;
  /** where the parent stands in the merged tree: `""`, or a path with a slash at its end */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string>>;
}

async function addSubmodules(
  merge: Merge,
  { parent, commit, depth, prefix, env }: Level,
): Promise<{ prefix: string; commit: string }[]> {
  const { git, repo, access, bounds, lfs } = merge;
  const parts: { prefix: string; commit: string }[] = [];
  for (const submodule of await submodulesOf(git, repo, { access, bounds, parent, commit, depth })) {
    const path = prefix + submodule.path;
    progress(`submodule ${path} at ${submodule.commit}`);
    const fetched = await fetchSubmodule(git, repo, submodule, lfs);
    // in place of the link to the submodule
    await git.run(['read-tree', `--prefix=${path}/`, fetched], { repo, env });
    const level = {
      parent: submodule.remote,
      commit: fetched,
      depth: depth + 1,
      prefix: `${path}/`,
      env,
    };
    parts.push({ prefix: level.prefix, commit: fetched }, ...(await addSubmodules(merge, level)));
  }
  return parts;
}
