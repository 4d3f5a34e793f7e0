import type { Git, Repo } from './git.ts';
import { fetchLfs } from './lfs.ts';
import type { Remote } from './remote.ts';
import { fetchCommit } from './repository.ts';

const faults = new WeakSet<Error>();

/** Whether an error is of a submodule, and says nothing of the delivery's own repository. */
export const isOfSubmodule = (error: Error): boolean => faults.has(error);

/** Fetches the commit of a submodule from its own repository. @returns its id */
export async function fetchSubmodule(
  git: Git,
  repo: Repo,
  { remote, commit }: { readonly remote: Remote; readonly commit: string },
  lfs: boolean,
): Promise<string> {
  try {
    const fetched = await fetchCommit(git, repo, remote, commit);
    if (lfs) await fetchLfs(git, repo, remote, fetched);
    return fetched;
  } catch (error) {
    if (error instanceof Error) faults.add(error);
    throw error;
  }
}
