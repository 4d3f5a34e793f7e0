import { fetchPart } from './fetch-part.ts';
import type { Repo } from './git.ts';
import { GitFailure } from './git-failure.ts';
import { progress } from './log.ts';
import type { PullContext } from './pull-context.ts';
import { isUnreachable } from './replica.ts';
import { bareRepository } from './repository.ts';
import { lookUp } from './tip.ts';

/** The files that a delivery changed, and what git has compared; or why that cannot be said. */
export type ChangedFiles =
  | { readonly files: readonly string[]; readonly compared: string }
  | { readonly unknown: string };

/** How many generations of both sides are looked at for the commit in which they parted: some megabytes at most. */
const DEPTHS = [100, 1000, 10_000];

/**
 * The files of a delivery as GitHub Actions compares them: a push with the commit that it replaced, a pull request with the
 * commit in which it left its base branch, and a new branch likewise with the default branch. Trees alone are fetched.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#git-diff-comparisons
 */
export async function changedFiles(work: PullContext): Promise<ChangedFiles> {
  const { ref, mergeOf, delivered = mergeOf?.head, before, base, defaultBranch } = work.input;
  if (delivered === undefined || ref.startsWith('refs/tags/'))
    return { unknown: `the event compares nothing for ${ref}` };
  try {
    if (base !== undefined) return await sinceBranch(work, base, delivered);
    if (before !== undefined) return await between(work, before, delivered);
    if (defaultBranch === undefined || ref === `refs/heads/${defaultBranch}`)
      return { unknown: `${ref} is new, and there is nothing to compare it with` };
    return await newBranch(work, defaultBranch, delivered);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { unknown: `the host has one of the two commits no more: ${error.message}` };
  }
}

/** A new branch at a commit of the default branch has no change of its own, of which a filter could say anything. */
async function newBranch(work: PullContext, branch: string, commit: string): Promise<ChangedFiles> {
  const found = await sinceBranch(work, branch, commit);
  if ('unknown' in found || found.files.length > 0) return found;
  return { unknown: `the new branch changes nothing since it left ${branch}` };
}

/** The files between two commits; a file that was renamed by both its names, as a payload lists it. */
async function between({ git, remote }: PullContext, from: string, to: string): Promise<ChangedFiles> {
  const repo = await bareRepository(git, to);
  for (const id of [from, to]) await fetchPart(git, repo, remote, id, { filter: 'blob:none', depth: 1 });
  const options = ['-r', '--name-only', '--no-renames', '-z'];
  const listed = await git.bytes(['diff-tree', ...options, '--end-of-options', from, to], { repo });
  const files = listed.toString().split('\0').slice(0, -1);
  const compared = `git diff ${from.slice(0, 7)}..${to.slice(0, 7)}`;
  progress(`${compared}: ${files.length} files`);
  return { files, compared };
}

/** The files that were changed since a commit left a branch. */
async function sinceBranch(work: PullContext, branch: string, commit: string): Promise<ChangedFiles> {
  const { git, remote } = work;
  const tip = await lookUp(git, remote, `refs/heads/${branch}`);
  if (!tip) return { unknown: `the host has no branch ${branch}` };
  const parted = await mergeBase(work, tip.commit, commit);
  return parted === undefined
    ? { unknown: `${commit} and ${branch} have no common commit in ${DEPTHS.at(-1)} generations` }
    : between(work, parted, commit);
}

async function mergeBase(
  { git, remote }: PullContext,
  tip: string,
  commit: string,
): Promise<string | undefined> {
  const repo = await bareRepository(git, commit);
  for (const depth of DEPTHS) {
    for (const id of [tip, commit]) await fetchPart(git, repo, remote, id, { filter: 'tree:0', depth });
    const found = await commonCommit({ git, repo }, tip, commit);
    if (found !== undefined) return found;
    const shallow = await git.run(['rev-parse', '--is-shallow-repository'], { repo });
    if (shallow.trim() !== 'true') return undefined;
  }
  return undefined;
}

async function commonCommit(
  { git, repo }: Pick<PullContext, 'git'> & { readonly repo: Repo },
  one: string,
  other: string,
): Promise<string | undefined> {
  try {
    return (await git.run(['merge-base', '--end-of-options', one, other], { repo })).trim();
  } catch (error) {
    // 1 without a word: there is none
    if (error instanceof GitFailure && error.status === 1) return undefined;
    throw error;
  }
}
