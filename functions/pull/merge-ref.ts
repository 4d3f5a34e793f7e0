import { setTimeout as wait } from 'node:timers/promises';
import type { HostRequest } from '../../events/request-reader.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { askHost } from '../shared/host-api.ts';
import { progress } from './log.ts';
import type { MergeOf } from './merge-of.ts';
import type { PullContext } from './pull-context.ts';
import { bareRepository, fetchCommit } from './repository.ts';
import type { Tip } from './tip.ts';

/** Seconds between the looks at a merge that is not there yet: a host makes it in the background. */
const PAUSES = [1, 3, 6];

/**
 * Looks at the merge of a request until it is that of the delivered head. Asking the host's API has GitHub make the merge.
 * @param look looks the ref up
 * @returns the last look: `onRef` is false when the request is closed or has another head by now. Throws `MergeConflict`,
 * `MergeMissing`.
 */
export async function lookUntilMerged<L extends { readonly tip: Tip | undefined }>(
  work: PullContext,
  of: MergeOf,
  look: () => Promise<L>,
): Promise<L & { onRef: boolean }> {
  for (const pause of [...PAUSES, undefined]) {
    const seen = await look();
    if (seen.tip && (await mergedHead(work, seen.tip)) === of.head) return { ...seen, onRef: true };
    const request = await requestNow(work, of);
    if (request && (!request.open || request.pullRequest.head.commit !== of.head))
      return { ...seen, onRef: false };
    if (request?.mergeable === false) throw conflict(of);
    if (pause === undefined) break;
    progress(`${work.input.ref} is not the merge of ${of.head}: looking again in ${pause} s`);
    await wait(pause * 1000);
  }
  throw new HooklineError(
    errors.mergeMissing,
    `the host has no merge of ${of.head} at ${work.input.ref}: a conflict with ${of.base} is the usual cause, which a push to the request's branch resolves`,
  );
}

/** The second parent of a merge, which is the head that it merges. The parents of a shallow commit are in the object alone. */
async function mergedHead({ git, remote }: PullContext, tip: Tip): Promise<string | undefined> {
  const repo = await bareRepository(git, tip.id);
  await fetchCommit(git, repo, remote, tip.id);
  const object = await git.run(['cat-file', 'commit', tip.commit], { repo });
  const [header = ''] = object.split('\n\n');
  return [...header.matchAll(/^parent ([0-9a-f]+)/gm)][1]?.[1];
}

/** The request as the host has it; undefined when the host does not say, as with a deploy key and no token. */
async function requestNow({ input }: PullContext, { number }: MergeOf): Promise<HostRequest | undefined> {
  const { host, fullName } = input.repository;
  try {
    return await askHost(host, fullName, (reader, api) => reader.read(api, fullName, number));
  } catch (error) {
    progress(`pull request ${number} is not to be asked about: ${String(error)}`);
    return undefined;
  }
}

const conflict = ({ number, head, base }: MergeOf): HooklineError =>
  new HooklineError(
    errors.mergeConflict,
    `pull request ${number} at ${head} conflicts with ${base}, so that there is no merge to build: merge ${base} into its branch, and push`,
  );
