import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { type Entry, entrySchema, type Job } from './journal.ts';

const CONFIG = 'test/support/mutants/rooms/worker/vitest.config.ts';
const POLL_MS = 250;
// To start vitest and load what the tests share.
const START_MS = 180_000;

export const KILLED_BY_TIME = 'its time limit';

export interface Work extends Omit<Job, 'journal'> {
  /** @param told every entry that says how something ended */
  told(entry: Entry): void;
  /** no worker goes on when it is true */
  over(): boolean;
}

/**
 * Does the work in one process after another: a mutant that never comes to an end takes its process with it.
 * @param tree a copy of the repository, instrumented
 */
export async function doWork(tree: string, name: string, work: Work): Promise<void> {
  let { unknown, mutants } = work;
  while ((unknown.length > 0 || mutants.length > 0) && !work.over()) {
    const done = new Set<string>();
    const stuck = await oneProcess(tree, name, { ...work, unknown, mutants }, (entry) => {
      if ('coverage' in entry) done.add(entry.coverage.file);
      if ('mutant' in entry) done.add(entry.mutant);
      work.told(entry);
    });
    if (stuck === undefined && done.size === 0 && !work.over())
      throw new Error('a worker ended before it had done anything: run the tests of the rooms by themselves');
    if (stuck !== undefined) {
      done.add(stuck);
      if (mutants.some(({ id }) => id === stuck)) work.told({ mutant: stuck, killedBy: KILLED_BY_TIME });
    }
    unknown = unknown.filter(({ file }) => !done.has(file));
    mutants = mutants.filter(({ id }) => !done.has(id));
  }
}

/** @returns what the process was at when it had to be killed for want of an end, or died */
async function oneProcess(
  tree: string,
  name: string,
  { unknown, mutants, over }: Work,
  told: (entry: Entry) => void,
): Promise<string | undefined> {
  const journal = join(tree, `mutants-${name}.jsonl`);
  const job = join(tree, `mutants-${name}.json`);
  const temporary = join(tree, 'tmp', name);
  await rm(journal, { force: true });
  await mkdir(temporary, { recursive: true });
  await writeFile(job, JSON.stringify({ journal, unknown, mutants } satisfies Job));
  const worker = execa('node', ['node_modules/vitest/vitest.mjs', 'run', '--config', CONFIG], {
    cwd: tree,
    // What a test leaves when it is cut off goes with the tree.
    env: { MUTANTS_JOB: job, TMPDIR: temporary },
    // A group of its own: what the tests have started ends with it.
    detached: true,
    stdio: 'ignore',
    reject: false,
  });
  let ended = false;
  void worker.then(() => {
    ended = true;
  });
  let [seen, at, deadline] = [0, undefined as string | undefined, Date.now() + START_MS];
  const read = async (): Promise<void> => {
    const lines = (await readFile(journal, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    for (const line of lines.slice(seen)) {
      const entry = entrySchema.parse(JSON.parse(line));
      if ('began' in entry) [at, deadline] = [entry.began, Date.now() + entry.limit];
      else {
        at = undefined;
        told(entry);
      }
    }
    seen = lines.length;
  };
  while (!ended && Date.now() < deadline && !over()) {
    await setTimeout(POLL_MS);
    await read();
  }
  killGroup(worker.pid);
  await worker;
  await read();
  return over() ? undefined : at;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
