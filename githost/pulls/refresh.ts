import type { Repository } from '../repositories.ts';
import type { PullParts } from './pulls.ts';
import { branchCommit, isAncestor, mergeCommit, moveHead, moveMerge } from './refs.ts';
import type { PullRequest } from './store.ts';

/** What has become of an open request since its branches were looked at last. */
interface Refreshed {
  readonly request: PullRequest;
  readonly actions: readonly ('synchronize' | 'closed')[];
}

/** Looks at the branches of an open request, and moves its refs. @param login who has moved a branch */
export async function refreshed(
  { git, repositories }: Pick<PullParts, 'git' | 'repositories'>,
  base: Repository,
  request: PullRequest,
  login: string,
): Promise<Refreshed> {
  const [owner = '', name = ''] = request.head.repository.split('/');
  const from = repositories.find(owner, name);
  const head = from && (await branchCommit(git, from, request.head.ref));
  const into = await branchCommit(git, base, request.base.ref);
  if (!from || head === undefined || into === undefined) return closed(request);
  const isSame = head === request.head.sha && into === request.base.sha;
  if (isSame) return { request, actions: [] };
  if (head !== request.head.sha) await moveHead(git, base, request.number, from, head);
  const now = {
    ...request,
    head: { ...request.head, sha: head },
    base: { ...request.base, sha: into },
    updatedAt: new Date().toISOString(),
  };
  if (await isAncestor(git, base, head, into)) {
    await moveMerge(git, base, request.number, null);
    return closed({ ...now, mergeCommit: into, mergedAt: now.updatedAt, mergedBy: login });
  }
  return {
    request: { ...now, mergeCommit: await testMerge({ git }, base, now) },
    actions: head === request.head.sha ? [] : ['synchronize'],
  };
}

/** Makes the merge of an open request anew, at `refs/pull/N/merge`. @returns its commit, null when the two conflict */
export async function testMerge(
  { git }: Pick<PullParts, 'git'>,
  base: Repository,
  request: Pick<PullRequest, 'number' | 'head' | 'base'>,
): Promise<string | null> {
  const message = `Merge ${request.head.sha} into ${request.base.sha}`;
  const commit = await mergeCommit(git, base, request, message);
  await moveMerge(git, base, request.number, commit);
  return commit;
}

function closed(request: PullRequest): Refreshed {
  const now = new Date().toISOString();
  return { request: { ...request, state: 'closed', closedAt: now, updatedAt: now }, actions: ['closed'] };
}
