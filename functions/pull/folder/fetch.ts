import { errors, HooklineError } from '../../shared/errors.ts';
import type { Git, Repo } from '../git.ts';
import type { Remote } from '../remote.ts';
import { bareRepository, fetchCommit, fetchObjects } from '../repository.ts';
import type { Folder } from './folder.ts';

/**
 * Fetches what a folder holds, into the repository that has the commit's outline. A host that hands out commits alone is
 * asked for the whole commit.
 * @returns the repository that holds the folder
 */
export async function fetchFolder(
  git: Git,
  repo: Repo,
  remote: Remote,
  { commit, folder }: { commit: string; folder: Folder },
): Promise<Repo> {
  try {
    await fetchObjects(git, repo, remote, [folder.tree, ...folder.attributes.map(({ id }) => id)]);
    return repo;
  } catch (error) {
    if (!(error instanceof HooklineError && error.name === errors.commitUnreachable)) throw error;
    const whole = await bareRepository(git, commit);
    await fetchCommit(git, whole, remote, commit);
    return whole;
  }
}
