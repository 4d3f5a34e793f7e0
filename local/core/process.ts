import { readFileSync } from 'node:fs';

/** Whether the process that began at `since` still runs: a killed one's number may be another's by now. */
export function isAlive(pid: number, since: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === since;
}

/** When a process began, in ticks since boot; `''` where unknown. */
export function startOf(pid: number): string {
  // The command's name, in parentheses, may hold spaces; the start is the 20th field after it.
  const stat = statOf(pid);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
