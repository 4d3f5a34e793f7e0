import type { Git, Repo } from './git.ts';
import type { Remote } from './remote.ts';
import { withRetries } from './retry.ts';

/** What a fetch leaves out, where the host can leave it out. */
export interface Part {
  /** `tree:0` leaves commits alone, `blob:none` commits and trees */
  readonly filter: 'tree:0' | 'blob:none';
  /** how many generations of commits */
  readonly depth: number;
}

/**
 * Fetches a part of an object and of its history, to read ids, names and text of it. It is not checked: git checks a part
 * more strictly than a whole, by which it would refuse a commit that becomes an artifact, or one of its history.
 * Throws whatever git's failure names.
 */
export async function fetchPart(
  git: Git,
  repo: Repo,
  remote: Remote,
  id: string,
  { filter, depth }: Part,
): Promise<void> {
  const args = [
    'fetch',
    '--quiet',
    '--progress',
    `--depth=${depth}`,
    `--filter=${filter}`,
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
  ];
  const options = { repo, remote, config: [['fetch.fsckObjects', 'false']] as const };
  await withRetries(() => git.run([...args, '--end-of-options', remote.url, id], options));
}
