import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesize } from '../../../cli/up/synthesis.ts';
import { LANES, type Lane } from './lanes.ts';
import { type Known, planOf } from './plan.ts';
import { carryOut, type RunResult } from './run.ts';
import type { Trees } from './sender.ts';
import { type Survivor, startSurvivor } from './survivor.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly runs: number;
  /** when all has to be quiet, from the last start or the last sending on; without end by default */
  readonly withinMs?: number;
  /** called after each run */
  readonly told?: (result: RunResult, done: number) => void;
}

/** Carries out the plans of the seeds from `seed` on, all on one state folder. */
export async function chaos({
  seed,
  runs,
  withinMs = Number.POSITIVE_INFINITY,
  told,
}: ChaosOptions): Promise<RunResult[]> {
  const data = await mkdtemp(join(tmpdir(), 'hookline-chaos-'));
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const rules = fileURLToPath(new URL('rules', import.meta.url));
  const trees: Trees = new Map();
  let survivor: Survivor | undefined;
  try {
    const { directory } = await synthesize(root, { rules });
    survivor = await startSurvivor(data, directory);
    const known = await knownCalls(survivor, trees);
    const results: RunResult[] = [];
    for (let run = 0; run < runs; run++) {
      const result = await carryOut(survivor, trees, planOf(seed + run, known), withinMs);
      results.push(result);
      told?.(result, run + 1);
    }
    return results;
  } finally {
    await survivor?.close();
    await Promise.all([...trees.values()].map((tree) => tree.remove()));
    await rm(data, { recursive: true, force: true });
  }
}

/** The calls of each lane by itself, in which nothing is killed. @throws when something is wrong already */
async function knownCalls(survivor: Survivor, trees: Trees): Promise<Known[]> {
  const made: { readonly lane: Lane; readonly calls: readonly string[] }[] = [];
  for (const lane of LANES) made.push({ lane, calls: await callsOf(lane, survivor, trees) });
  const times = (call: string): number =>
    Math.max(...made.map(({ calls }) => calls.filter((each) => each === call).length));
  return [...new Set(made.flatMap(({ calls }) => calls))].sort().map((call) => ({
    call,
    times: times(call),
    lanes: made.flatMap(({ lane, calls }) => (calls.includes(call) ? [lane] : [])),
  }));
}

async function callsOf(lane: Lane, survivor: Survivor, trees: Trees): Promise<readonly string[]> {
  const { running } = await survivor.alive();
  const before = (await running.ask()).calls.length;
  const plan = { seed: 0, lanes: [lane], kills: [] };
  const { lost, twice, torn } = await carryOut(survivor, trees, plan, Number.POSITIVE_INFINITY);
  const wrong = [...lost, ...twice, ...torn];
  if (wrong.length > 0) throw new Error(`${lane}, without a kill: ${wrong.join('; ')}`);
  return (await running.ask()).calls.slice(before);
}
