import { errors, HooklineError } from '../../shared/errors.ts';
import type { Git, Repo } from '../git.ts';
import type { Remote } from '../remote.ts';
import { bareRepository, fetchCommit } from '../repository.ts';
import { withRetries } from '../retry.ts';
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
  const args = ['fetch', '--quiet', '--no-filter', '--no-tags', '--no-recurse-submodules'];
  const input = [folder.tree, ...folder.attributes.map(({ id }) => id)].map((id) => `${id}\n`).join('');
  const fetch = [...args, '--no-write-fetch-head', '--stdin', '--end-of-options', remote.url];
  try {
    await withRetries(() => git.run(fetch, { repo, remote, input }));
    return repo;
  } catch (error) {
    if (!(error instanceof HooklineError && error.name === errors.commitUnreachable)) throw error;
    const whole = await bareRepository(git, commit);
    await fetchCommit(git, whole, remote, commit);
    return whole;
  }
}
