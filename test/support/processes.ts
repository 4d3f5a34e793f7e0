import { readdir, readFile } from 'node:fs/promises';

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
