import { type ErrorName, errors, HooklineError } from '../../shared/errors.ts';
import type { Git, Repo } from '../git.ts';
import type { Remote } from '../remote.ts';
import { bareRepository, fetchCommit, fetchObjects } from '../repository.ts';
import { type Folder, outline } from './folder.ts';

/** A commit in a local repository, or as much of it as names one of its folders. */
interface Outline {
  readonly repo: Repo;
  readonly commit: string;
}

/** Fetches what names a folder of a commit. git checks a part more strictly than a whole: what it refuses then is fetched whole. */
export async function fetchOutline(git: Git, remote: Remote, id: string, path: string): Promise<Outline> {
  const repo = await bareRepository(git, id);
  try {
    return { repo, commit: await fetchCommit(git, repo, remote, id, { filter: outline(path) }) };
  } catch (error) {
    if (!isOf(error, errors.objectRefused)) throw error;
    return fetchWhole(git, remote, id);
  }
}

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
    if (!isOf(error, errors.commitUnreachable)) throw error;
    return (await fetchWhole(git, remote, commit)).repo;
  }
}

async function fetchWhole(git: Git, remote: Remote, id: string): Promise<Outline> {
  const repo = await bareRepository(git, id);
  return { repo, commit: await fetchCommit(git, repo, remote, id) };
}

const isOf = (error: unknown, name: ErrorName): boolean =>
  error instanceof HooklineError && error.name === name;
