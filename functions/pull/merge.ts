import { join } from 'node:path';
import type { Git, Repo } from './git.ts';
import { fetchLfs } from './lfs.ts';
import { progress } from './log.ts';
import type { Access, Remote } from './remote.ts';
import { fetchCommit } from './repository.ts';
import { submodulesOf } from './submodules.ts';

/** What the trees of submodules are merged from. */
export interface Merge {
  readonly git: Git;
  readonly repo: Repo;
  readonly access: Access;
  readonly lfs: boolean;
}

/**
 * Puts the trees of all submodules, and of theirs, into the tree of `commit`.
 * @returns a commit of that tree which is else the original one, dates and message included: the same for the same
 * commit, so that an archive of it has the same bytes
 */
export async function mergeSubmodules(merge: Merge, remote: Remote, commit: string): Promise<string> {
  const { git, repo } = merge;
  // read-tree --prefix insists on a work tree, and does not touch it
  const env = { GIT_INDEX_FILE: join(repo.gitDir, `merge-${commit}`), GIT_WORK_TREE: git.home };
  await git.run(['read-tree', commit], { repo, env });
  await addSubmodules(merge, { parent: remote, commit, prefix: '', env });
  const tree = (await git.run(['write-tree'], { repo, env })).trim();
  const original = await git.run(['cat-file', 'commit', commit], { repo });
  const merged = original.replace(/^tree [0-9a-f]+/, `tree ${tree}`);
  return (await git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { repo, input: merged })).trim();
}

interface Level {
  readonly parent: Remote;
  readonly commit: string;
  /** where the parent stands in the merged tree: `""`, or a path with a slash at its end */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string>>;
}

async function addSubmodules(merge: Merge, { parent, commit, prefix, env }: Level): Promise<void> {
  const { git, repo, access, lfs } = merge;
  for (const submodule of await submodulesOf(git, repo, { access, parent, commit })) {
    const path = prefix + submodule.path;
    progress(`submodule ${path} at ${submodule.commit}`);
    const fetched = await fetchCommit(git, repo, submodule.remote, submodule.commit);
    if (lfs) await fetchLfs(git, repo, submodule.remote, fetched);
    const removal = `0 ${'0'.repeat(commit.length)}\t${path}\0`;
    await git.run(['update-index', '-z', '--index-info'], { repo, env, input: removal });
    await git.run(['read-tree', `--prefix=${path}/`, fetched], { repo, env });
    await addSubmodules(merge, { parent: submodule.remote, commit: fetched, prefix: `${path}/`, env });
  }
}
