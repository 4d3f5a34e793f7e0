import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesizeHere } from '../synthesize-here.ts';
import { ACTIONS, type Action } from './actions.ts';
import { createLane, type Lane } from './lane.ts';
import { inTurn, type Known, planOf } from './plan.ts';
import { compileProgram, type Program } from './program.ts';
import type { RunResult } from './run.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly runs: number;
  /** how many runs at once, each on a Hookline of its own; one by default */
  readonly lanes?: number;
  /** when all has to be quiet, from the last start or the last sending on; without end by default */
  readonly withinMs?: number;
  /** ends the runs that go on, without a result */
  readonly signal?: AbortSignal;
  /** called after each run, with all that are done */
  readonly told?: (result: RunResult, done: readonly RunResult[]) => void;
}

// A stack has what an App needs when a host of its settings may have one.
const HOSTS = { 'github.com': { provider: 'github', url: 'https://github.com', app: true } };

/**
 * Carries out the plans of the seeds from `seed` on. A lane has one state folder for all of its runs.
 * @returns the results by seed; when the signal aborts, those of the runs that were done
 */
export async function chaos(options: ChaosOptions): Promise<RunResult[]> {
  const { seed, runs, lanes: count = 1, withinMs = Number.POSITIVE_INFINITY, told } = options;
  const { signal = new AbortController().signal } = options;
  const data = await mkdtemp(join(tmpdir(), 'hookline-chaos-'));
  const lanes: Lane[] = [];
  const close = () => Promise.all(lanes.map((lane) => lane.close()));
  const results: RunResult[] = [];
  let program: Program | undefined;
  try {
    const rules = fileURLToPath(new URL('rules', import.meta.url));
    const assembly = await synthesizeHere(join(data, 'cdk.out'), { rules, settings: { hosts: HOSTS } });
    program = await compileProgram();
    signal.throwIfAborted();
    const what = { program: program.file, assembly };
    for (let lane = 0; lane < Math.min(count, runs); lane++)
      lanes.push(createLane(join(data, String(lane)), what));
    signal.addEventListener('abort', () => void close());
    const made = await shared(lanes, signal, ACTIONS, async (lane, action) => ({
      action,
      calls: await lane.callsOf(action, withinMs),
    }));
    const known = inTurn(knownOf(made));
    const seeds = Array.from({ length: runs }, (_, run) => seed + run);
    await shared(lanes, signal, seeds, async (lane, each) => {
      const result = await lane.carryOut(planOf(each, known), withinMs);
      results.push(result);
      told?.(result, results);
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await close();
    await program?.remove();
    await rm(data, { recursive: true, force: true });
  }
  return results.sort((one, other) => one.seed - other.seed);
}

/** Has each lane take the next item when it is done with one. @returns what was made, in the order of the items */
async function shared<T, U>(
  lanes: readonly Lane[],
  signal: AbortSignal,
  items: readonly T[],
  work: (lane: Lane, item: T) => Promise<U>,
): Promise<U[]> {
  const made: U[] = [];
  const rest = items.entries();
  const workThrough = async (lane: Lane): Promise<void> => {
    for (const [index, item] of rest) {
      signal.throwIfAborted();
      made[index] = await work(lane, item);
    }
  };
  await Promise.all(lanes.map(workThrough));
  return made;
}

/** The calls of each action by itself, in which nothing was killed. */
function knownOf(made: readonly { readonly action: Action; readonly calls: readonly string[] }[]): Known[] {
  const times = (call: string): number =>
    Math.max(...made.map(({ calls }) => calls.filter((each) => each === call).length));
  return [...new Set(made.flatMap(({ calls }) => calls))].sort().map((call) => ({
    call,
    times: times(call),
    actions: made.flatMap(({ action, calls }) => (calls.includes(call) ? [action] : [])),
  }));
}
