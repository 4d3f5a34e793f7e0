import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from './repositories.ts';

/** Removes what a host that was killed had begun to write. Nothing may write meanwhile. */
export async function removeDrafts(directory: string, repositories: readonly Repository[]): Promise<void> {
  const folders = repositories.map(({ folder }) => folder);
  const begun = [directory, join(directory, 'deliveries'), ...folders.map((each) => join(each, 'hookline'))];
  for (const folder of begun) await removeBelow(folder, '.draft');
  for (const folder of [directory, ...folders.map((each) => join(each, 'lfs'))])
    await rm(join(folder, 'drafts'), { recursive: true, force: true });
}

// Where git has locks. The objects themselves have none, and are many.
const LOCKED = ['refs', 'objects/info', 'objects/pack'];

/**
 * Removes the lock files of gits that were killed, which the next git would take for those of another that runs. No git may
 * write in the repository meanwhile.
 */
export async function removeLeftLocks({ folder }: Repository): Promise<void> {
  await removeBelow(folder, '.lock');
  for (const part of LOCKED) await removeBelow(join(folder, part), '.lock', true);
}

async function removeBelow(folder: string, ending: string, recursive = false): Promise<void> {
  const names = await readdir(folder, { recursive }).catch(() => []);
  for (const name of names) if (name.endsWith(ending)) await rm(join(folder, name), { force: true });
}
