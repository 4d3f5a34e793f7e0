import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

async function isAlive(pid: number, since: string): Promise<boolean> {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await startOf(pid)) === since;
}

/** When the process began, in ticks since boot: a killed one's number may be another's by now. `''` where unknown. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command's name, in parentheses, may hold spaces; the start is the 20th field after it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
