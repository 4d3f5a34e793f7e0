import type { Git, Repo } from './git.ts';
import { fetchLfs } from './lfs.ts';
import type { Remote } from './remote.ts';
import { fetchCommit } from './repository.ts';

const faults = new WeakMap<Error, Remote>();

/** The submodule that an error is of; none for one of the delivery's own repository. */
export const submoduleOf = (error: Error): Remote | undefined => faults.get(error);

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
    if (error instanceof Error) faults.set(error, remote);
    throw error;
  }
}
