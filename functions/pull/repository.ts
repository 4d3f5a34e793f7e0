import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, HooklineError } from '../shared/errors.ts';
import type { Git, Repo } from './git.ts';
import { GitFailure } from './git-failure.ts';
import type { Remote } from './remote.ts';
import { withRetries } from './retry.ts';

/** An empty repository without a work tree, for object ids as long as `id`. */
export async function bareRepository(git: Git, id: string): Promise<Repo> {
  const repo = { gitDir: await mkdtemp(join(git.home, 'bare-')) };
  await git.run(['init', '--quiet', '--bare', '--template=', objectFormat(id)], { repo });
  return repo;
}

/** An empty repository with `workTree` around it. */
export async function workRepository(git: Git, workTree: string, id: string): Promise<Repo> {
  await mkdir(workTree, { recursive: true });
  const repo = { gitDir: join(workTree, '.git'), workTree };
  await git.run(['init', '--quiet', '--template=', objectFormat(id)], { repo });
  return repo;
}

interface Wanted {
  readonly depth?: number | 'full' | undefined;
  /** as git's `--filter` has it */
  readonly filter?: string;
}

/**
 * Fetches one object, without its history unless more is asked for.
 * @param id a full object id: a commit, or an annotated tag
 * @param what how many generations of commits, or all of them; which of the commit's objects, where the host can leave
 *   out the rest
 * @returns the commit, peeled. Throws `RefInvalid` for a tag of something else, and whatever git's failure names.
 */
export async function fetchCommit(
  git: Git,
  repo: Repo,
  remote: Remote,
  id: string,
  { depth = 1, filter }: Wanted = {},
): Promise<string> {
  const args = [
    'fetch',
    '--quiet',
    '--progress',
    ...(depth === 'full' ? [] : [`--depth=${depth}`]),
    ...(filter === undefined ? [] : [`--filter=${filter}`]),
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
  ];
  await withRetries(() => git.run([...args, '--end-of-options', remote.url, id], { repo, remote }));
  try {
    return (await git.run(['rev-parse', '--verify', '--end-of-options', `${id}^{commit}`], { repo })).trim();
  } catch (cause) {
    if (!(cause instanceof GitFailure && cause.status === 128)) throw cause;
    throw new HooklineError(errors.refInvalid, `object ${id} is no commit and no tag of one; tag a commit`, {
      cause,
    });
  }
}

/** Fetches objects by their ids, with all that they hold, into a repository that has a part of a commit. */
export async function fetchObjects(
  git: Git,
  repo: Repo,
  remote: Remote,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const args = ['fetch', '--quiet', '--progress', '--no-filter', '--no-tags', '--no-recurse-submodules'];
  const fetch = [...args, '--no-write-fetch-head', '--stdin', '--end-of-options', remote.url];
  const input = [...new Set(ids)].map((id) => `${id}\n`).join('');
  // What we say that we have, the host leaves out, and of those commits we have a part.
  const config = [['fetch.negotiationAlgorithm', 'noop']] as const;
  const options = { repo, input, remote: { ...remote, config: [...remote.config, ...config] } };
  await withRetries(() => git.run(fetch, options));
}

/** The URL's host learns the hash function from us, and an id's length tells it. */
function objectFormat(id: string): string {
  return `--object-format=${id.length === 64 ? 'sha256' : 'sha1'}`;
}
