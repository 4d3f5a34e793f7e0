import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, loadAssembly, startOf } from '../../local/index.ts';

// Assets are named after what they hold, so the assemblies of a folder share them. None is ever removed: a runtime reads
// an asset when it first needs it, long after another assembly was made.
const ASSETS = 'assets';
const STAGING = /^staging\.(\d+)\.(\d*)\./;

/** Whether an assembly can be deployed: it has a stack, and all files that it names are there. */
export function isUsable(assembly: string): boolean {
  try {
    const { stacks, assets } = loadAssembly(assembly);
    return stacks.length > 0 && [...assets.values()].every(({ path }) => existsSync(path));
  } catch {
    return false;
  }
}

/**
 * Makes an assembly aside and puts the whole of it in its place in one step, so that nobody ever sees a part of one: not
 * while others do the same, nor after a process was killed or a disk was full.
 * @param folder holds assemblies, each under a name of its own
 * @param make writes the assembly into the empty folder that it is given, and tells its name; `undefined` when the
 *   assembly is not to be kept
 * @returns the assembly's folder
 */
export async function addAssembly(
  folder: string,
  make: (staging: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  await mkdir(join(folder, ASSETS), { recursive: true });
  await removeLeftOver(folder);
  const staging = join(folder, `staging.${process.pid}.${startOf(process.pid)}.${randomUUID()}`);
  try {
    await mkdir(staging);
    const name = await make(staging);
    if (name === undefined) return undefined;
    const directory = join(folder, name);
    await shareAssets(staging, join(folder, ASSETS));
    await moveTo(directory, staging);
    return directory;
  } finally {
    await remove(staging);
  }
}

/** Removes a folder. Where that fails, as an app that lost its parent still writes there, a later synthesis removes it. */
const remove = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch(() => undefined);

/** Removes the assemblies that killed processes were making. */
async function removeLeftOver(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid, since = ''] = STAGING.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid), since)) await remove(join(folder, name));
  }
}

/** Leaves a link to the shared asset in the place of each of the assembly's own. */
async function shareAssets(staging: string, shared: string): Promise<void> {
  for (const name of await readdir(staging)) {
    if (!name.startsWith('asset.')) continue;
    const [own, kept] = [join(staging, name), join(shared, name)];
    await rename(own, kept).catch(async (error: unknown) => {
      if (!existsSync(kept)) throw error;
      await rm(own, { recursive: true });
    });
    await symlink(join('..', ASSETS, name), own);
  }
}

/** Moves an assembly into its place. A folder that holds files cannot be renamed over, so a damaged one is moved away first. */
async function moveTo(directory: string, staging: string): Promise<void> {
  const damaged = `${staging}.damaged`;
  if (existsSync(directory) && !isUsable(directory)) await rename(directory, damaged);
  await remove(damaged);
  await rename(staging, directory).catch((error: unknown) => {
    // Another process may have made the same assembly in the meantime.
    if (!isUsable(directory)) throw error;
  });
}
