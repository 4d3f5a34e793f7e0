import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { mergeCommit } from '../pulls/refs.ts';
import type { PullRequest } from '../pulls/store.ts';
import type { Repository } from '../repositories.ts';
import { type ApiContext, callerOf } from './api-context.ts';
import { ApiError, bodyOf } from './request-and-error.ts';

const mergeSchema = z.looseObject({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z
    .literal('merge', { error: 'this host merges by a merge commit only: merge' })
    .default('merge'),
});

/** Merges a request: its merge is pushed to the base branch, which closes the request as merged. */
export async function mergePull(
  { git, announcer, pushes, pulls, ...context }: ApiContext,
  { base, pull: { number } }: { readonly base: Repository; readonly pull: PullRequest },
  request: FastifyRequest,
) {
  const wanted = await bodyOf(request, mergeSchema, 'PullRequest');
  const login = callerOf(context, request);
  const sha = await pushes.run(base.fullName, async () => {
    const pull = pulls.find(base, number);
    if (pull?.state !== 'open' || pull.draft || pull.mergeCommit === null)
      throw new ApiError(405, 'Pull Request is not mergeable');
    if (wanted.sha !== undefined && wanted.sha !== pull.head.sha)
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
    const commit = await mergeCommit(git, base, pull, messageOf(pull, wanted));
    if (commit === null) throw new ApiError(405, 'Pull Request is not mergeable');
    await announcer.begin(base, login);
    await git.run(base.folder, 'update-ref', `refs/heads/${pull.base.ref}`, commit, pull.base.sha);
    await announcer.end(base);
    return commit;
  });
  return { sha, merged: true, message: 'Pull Request successfully merged' };
}

function messageOf(
  { number, title, head }: PullRequest,
  { commit_title, commit_message }: z.infer<typeof mergeSchema>,
): string {
  const [owner = ''] = head.repository.split('/');
  const subject = commit_title ?? `Merge pull request #${number} from ${owner}/${head.ref}`;
  return `${subject}\n\n${commit_message ?? title}`;
}
