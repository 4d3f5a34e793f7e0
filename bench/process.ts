import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

/** A `hookline up --no-demo` of its own, started from outside as a user does. */
export interface Running {
  /** its state folder */
  readonly data: string;
  readonly readyAfterMs: number;
  /** resident memory of the process and everything below it, in MB */
  megabytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * @param options of `hookline up`
 * @throws with what it wrote to stderr when it ends before it is ready
 */
export async function startProcess(root: string, options: readonly string[] = []): Promise<Running> {
  const data = await mkdtemp(join(tmpdir(), 'hookline-bench-'));
  const began = performance.now();
  const child = execa(
    process.execPath,
    ['cli/hookline.mjs', 'up', '--no-demo', '--port', '0', '--data', data, ...options],
    { cwd: root, reject: false, buffer: { stdout: false } },
  );
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) =>
    lines.on('line', (line) => line.includes('Hookline runs at') && resolve()),
  );
  await Promise.race([ready, once(child, 'exit')]);
  const readyAfterMs = performance.now() - began;
  if (child.exitCode !== null) throw new Error(`hookline up did not start: ${(await child).stderr}`);
  return {
    data,
    readyAfterMs,
    megabytes: () => residentMegabytes(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGINT');
      await child;
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const own = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => residentMegabytes(Number(child))),
  );
  return below.reduce((sum, megabytes) => sum + megabytes, own);
}
