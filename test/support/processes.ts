import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Every process below one, whoever of them has started it. Reads `/proc`. */
export async function below(pid: number): Promise<string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(all.map(async (id) => [id, await parentOf(id)] as const));
  const children = (parent: string): string[] =>
    parents.flatMap(([id, its]) => (its === parent ? [id, ...children(id)] : []));
  return children(String(pid));
}

/** The parent of a process; `''` when the process has ended. */
export async function parentOf(pid: string): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
}

/** The command lines of those processes that still run; one that has ended and is not fetched has none. */
export async function commands(pids: readonly string[]): Promise<string[]> {
  const lines = await Promise.all(pids.map(commandOf));
  return lines.filter((line) => line !== '');
}

/** The command line of a process; `''` when it has ended. */
export async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').join(' ').trim();
}

/** Ends every process that runs in a folder or below, or has it in its command line or environment. */
export async function endAllOf(folder: string): Promise<void> {
  for (;;) {
    const found = await allOf(folder);
    if (found.length === 0) return;
    for (const id of found) endAtOnce(Number(id));
    await wait(LOOK_MS);
  }
}

const LOOK_MS = 50;

/** Without this process and without those that have ended and are not fetched. */
async function allOf(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const uses = await Promise.all(ids.map((id) => usesFolder(id, folder)));
  return ids.filter((_, index) => uses[index]);
}

async function usesFolder(id: string, folder: string): Promise<boolean> {
  const texts = await Promise.all([
    readlink(`/proc/${id}/cwd`).catch(() => ''),
    readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
    readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
  ]);
  return texts.some((text) => text.includes(folder));
}

function endAtOnce(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
