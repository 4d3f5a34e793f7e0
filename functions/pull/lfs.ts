import { join } from 'node:path';
import { errors, HooklineError } from '../shared/errors.ts';
import type { Git, Repo } from './git.ts';
import type { GitConfig } from './git-environment.ts';
import { GitFailure } from './git-failure.ts';
import type { Remote } from './remote.ts';
import { withRetries } from './retry.ts';

/** Throws `LfsMissing` when the build's image has no git-lfs. */
export async function requireLfs(git: Git): Promise<void> {
  try {
    await git.run(['lfs', 'version']);
  } catch (cause) {
    // git's status for a command that it does not know
    if (!(cause instanceof GitFailure && cause.status === 1)) throw cause;
    throw new HooklineError(
      errors.lfsMissing,
      'git-lfs is not installed in the build and the rule has `lfs: true`; use an image that has it, or set `lfs: false`',
      { cause },
    );
  }
}

/** Fetches the LFS objects of a commit, several at a time: the filter alone would fetch one after the other. */
export async function fetchLfs(git: Git, repo: Repo, remote: Remote, commit: string): Promise<void> {
  await withRetries(() =>
    git.run(['lfs', 'fetch', 'origin', commit], { repo, remote, config: lfsConfig(git, remote) }),
  );
}

/** The filter that puts LFS content in place of its pointers, and the only place that it may come from. */
export function lfsConfig(git: Git, remote: Remote): GitConfig {
  return [
    ['filter.lfs.process', 'git-lfs filter-process'],
    ['filter.lfs.smudge', 'git-lfs smudge -- %f'],
    ['filter.lfs.clean', 'git-lfs clean -- %f'],
    ['filter.lfs.required', 'true'],
    ['lfs.storage', join(git.home, 'lfs')],
    // Of each object; git-lfs's eight take over half a minute, also where no other try can help. Longer outages are ours to retry.
    ['lfs.transfer.maxretries', '2'],
    // over any lfs.url of the repository's own .lfsconfig: the host is the configured one
    ['lfs.url', remote.protocol === 'ssh' ? remote.url : `${remote.url}/info/lfs`],
    ['remote.origin.url', remote.url],
  ];
}
