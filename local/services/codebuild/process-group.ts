import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const GRACE = 5_000;
const FIRST_LOOK = 10;
const LONGEST_LOOK = 200;

/** Ends every process of a group: asks, and after five seconds insists. Resolves when none is left. */
export async function endGroup(group: number): Promise<void> {
  const deadline = Date.now() + GRACE;
  signal(group, 'SIGTERM');
  for (let wait = FIRST_LOOK; Date.now() < deadline; wait = Math.min(LONGEST_LOOK, wait * 2)) {
    if (!(await isAlive(group))) return;
    await pause(wait);
  }
  signal(group, 'SIGKILL');
}

/** Ends at once the processes that a finished build left running, as the end of its container would. */
export function killGroup(group: number): void {
  signal(group, 'SIGKILL');
}

/**
 * The process groups of which a process has one of these variables in its environment. Process ids are used again
 * after a while, so that a written down one may be anybody's; an environment is its process's own.
 */
export async function groupsWith(variables: readonly string[]): Promise<number[]> {
  const wanted = new Set(variables);
  const found = new Set<number>();
  for (const { pid, group } of await processes()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').some((variable) => wanted.has(variable))) found.add(group);
  }
  return [...found];
}

/** A process that has ended counts as gone, even where nobody has asked for its status yet. */
async function isAlive(group: number): Promise<boolean> {
  if (!signal(group, 0)) return false;
  const all = await processes();
  if (all.length === 0) return true;
  return all.some((one) => one.group === group && !'ZX'.includes(one.state));
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

interface Process {
  readonly pid: string;
  readonly state: string;
  readonly group: number;
}

/** Empty where the system has no /proc. */
async function processes(): Promise<Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const all = names.filter((name) => /^\d+$/.test(name)).map(processOf);
  return (await Promise.all(all)).filter((one) => one !== undefined);
}

async function processOf(pid: string): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The command's name, in parentheses, may hold spaces; state, parent and group come after it.
  const [state = '', , group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return group === undefined ? undefined : { pid, state, group: Number(group) };
}
