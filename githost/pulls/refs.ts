import type { Git } from '../git.ts';
import type { Repository } from '../repositories.ts';
import type { PullRequest } from './store.ts';

const AUTHOR = ['-c', 'user.name=hookline', '-c', 'user.email=hookline@users.noreply.localhost'];

/** The commit of a branch; undefined when there is no such branch. */
export const branchCommit = (git: Git, { folder }: Repository, branch: string): Promise<string | undefined> =>
  git.find(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`);

/** Brings the commit of a request's head to `refs/pull/N/head`. @param from the repository of the head */
export async function moveHead(git: Git, base: Repository, number: number, from: Repository, sha: string) {
  if (from.fullName !== base.fullName)
    await git.run(base.folder, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from.folder, sha);
  await git.run(base.folder, 'update-ref', `refs/pull/${number}/head`, sha);
}

/** Makes the commit that merges a request: its parents are base and head. @returns null when the two conflict */
export async function mergeCommit(
  git: Git,
  { folder }: Repository,
  { base, head }: Pick<PullRequest, 'base' | 'head'>,
  message: string,
): Promise<string | null> {
  const merged = await git.find(folder, 'merge-tree', '--write-tree', base.sha, head.sha);
  if (merged === undefined) return null;
  const [tree = ''] = merged.split('\n');
  const parents = ['-p', base.sha, '-p', head.sha];
  return git.run(folder, ...AUTHOR, 'commit-tree', tree, ...parents, '-m', message);
}

/** Puts a request's merge at `refs/pull/N/merge`, or takes the ref away where there is none. */
export async function moveMerge(git: Git, { folder }: Repository, number: number, commit: string | null) {
  const ref = `refs/pull/${number}/merge`;
  await git.run(folder, 'update-ref', ...(commit === null ? ['-d', ref] : [ref, commit]));
}

/** Whether the first commit is the second or one before it. */
export const isAncestor = async (git: Git, { folder }: Repository, first: string, second: string) =>
  (await git.find(folder, 'merge-base', '--is-ancestor', first, second)) !== undefined;
