import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, startOf } from './process.ts';

/**
 * Takes the state folder for this process.
 * @returns what gives it back
 * @throws when a living process holds it
 */
export async function holdFolder(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'runtime.pid');
  const [holder = 0, since = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  if (Number(holder) !== process.pid && (await isAlive(Number(holder), since))) {
    throw new Error(
      `${directory} is in use by process ${holder}: stop it, or choose another folder with --data`,
    );
  }
  await writeFile(file, `${process.pid} ${await startOf(process.pid)}`);
  return () => rm(file, { force: true });
}
