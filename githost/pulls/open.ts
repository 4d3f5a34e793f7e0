import type { Repository } from '../repositories.ts';
import type { PullParts, Pulls } from './pulls.ts';
import { testMerge } from './refresh.ts';
import { branchCommit, isAncestor, moveHead } from './refs.ts';
import { nextNumber, type PullRequest, pullsOf } from './store.ts';

/** A request as somebody wants to open it. */
export interface WantedPull {
  readonly title: string;
  readonly body?: string | null | undefined;
  /** a branch, or `owner:branch` of a fork */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

type Parts = Pick<PullParts, 'git' | 'repositories'> & { readonly pulls: Pulls };

/** Opens a pull request. @returns the request, or why there can be none */
export async function openPull(
  { git, repositories, pulls }: Parts,
  base: Repository,
  { title, body = null, head: wanted, base: baseRef, draft }: WantedPull,
  login: string,
): Promise<PullRequest | string> {
  const colon = wanted.indexOf(':');
  const owner = colon < 0 ? base.owner : wanted.slice(0, colon);
  const ref = wanted.slice(colon + 1);
  const from = owner === base.owner ? base : repositories.forkOf(base, owner);
  const head = from && (await branchCommit(git, from, ref));
  const into = await branchCommit(git, base, baseRef);
  if (!from || head === undefined) return `there is no branch ${wanted} to be merged: push it first`;
  if (into === undefined) return `there is no branch ${baseRef} to merge into`;
  const other = openOf(base, from, ref, baseRef);
  if (other) return `A pull request already exists for ${owner}:${ref}: ${other.number}`;
  const number = nextNumber(base);
  await moveHead(git, base, number, from, head);
  if (await isAncestor(git, base, head, into)) return `No commits between ${baseRef} and ${ref}`;
  const now = new Date().toISOString();
  const sides = { head: { repository: from.fullName, ref, sha: head }, base: { ref: baseRef, sha: into } };
  const request: PullRequest = {
    number,
    title,
    body,
    login,
    draft,
    state: 'open',
    ...sides,
    mergeCommit: await testMerge({ git }, base, { number, ...sides }),
    mergedAt: null,
    mergedBy: null,
    labels: [],
    comments: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  };
  await pulls.save(base, request, [{ action: 'opened', login }]);
  return request;
}

/** The open request of a branch into another one. */
export const openOf = (
  base: Repository,
  from: Repository,
  ref: string,
  baseRef: string,
): PullRequest | undefined =>
  pullsOf(base).find(
    ({ state, head, base }) =>
      state === 'open' && head.repository === from.fullName && head.ref === ref && base.ref === baseRef,
  );
