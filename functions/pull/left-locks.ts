import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the lock files of a git that a signal has ended, which the next git would take for those of another that runs.
 * The repository is the pull's own, and one git at a time writes in it.
 */
export async function removeLeftLocks(gitDir: string): Promise<void> {
  const names = await readdir(gitDir, { recursive: true });
  const locks = names.filter((name) => name.endsWith('.lock'));
  await Promise.all(locks.map((name) => rm(join(gitDir, name), { force: true })));
}
