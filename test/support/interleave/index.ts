import { type Steps, startSteps } from '../functions/steps.ts';
import { broken } from './checks.ts';
import { sha } from './history.ts';
import { run } from './run.ts';
import { type Scenario, type Step, scenario } from './scenario.ts';

/** An interleaving that broke an invariant, and how to see it again. */
export interface Failure {
  readonly seed: number;
  readonly wrong: readonly string[];
  /** each call in its order, of the smallest scenario that still breaks */
  readonly trace: readonly string[];
}

export interface Runs {
  readonly runs: number;
  readonly calls: number;
  readonly failure: Failure | undefined;
}

/** Runs scenarios of consecutive seeds until one breaks an invariant. @param searchMs how long to look for a smaller one */
export async function interleave(first: number, runs: number, searchMs = 20_000): Promise<Runs> {
  const steps = await startSteps({ inMemory: true });
  try {
    for (let commit = 1; commit < 10; commit++) await steps.putArtifact(sha(commit));
    let calls = 0;
    for (let seed = first; seed < first + runs; seed++) {
      const { wrong, trace } = await once(steps, scenario(seed), seed);
      calls += trace.length;
      if (wrong.length === 0) continue;
      const failure = await smallest(steps, seed, { wrong, trace }, performance.now() + searchMs);
      return { runs: seed - first + 1, calls, failure };
    }
    return { runs, calls, failure: undefined };
  } finally {
    await steps.close();
  }
}

interface Broken {
  readonly wrong: readonly string[];
  readonly trace: readonly string[];
}

async function once(steps: Steps, whole: Scenario, seed: number): Promise<Broken> {
  const history = await run(steps, whole, seed);
  return { wrong: await broken(history, steps), trace: history.trace };
}

/** Schedules that are tried for each smaller scenario: one step less is another schedule. */
const TRIES = 20;

/** Leaves out one step, rule or telling after the other for as long as a schedule of what is left breaks too. */
async function smallest(steps: Steps, seed: number, found: Broken, until: number): Promise<Failure> {
  const quiet = { ...scenario(seed), faults: 0 };
  const calm = await breaking(steps, quiet, seed, until);
  let whole = calm ? quiet : scenario(seed);
  let best = calm ?? found;
  for (let index = 0; index < whole.steps.length && performance.now() < until; ) {
    const smaller = without(whole, index);
    const again = await breaking(steps, smaller, seed, until);
    if (again) {
      whole = smaller;
      best = again;
    } else index += 1;
  }
  return { seed, ...best };
}

/** A telling less; a change is left out when nobody tells of it, so that changes keep their numbers. */
function without(whole: Scenario, index: number): Scenario {
  const steps = whole.steps.filter((step: Step, at) => at !== index || 'change' in step);
  return { ...whole, steps };
}

async function breaking(
  steps: Steps,
  smaller: Scenario,
  seed: number,
  until: number,
): Promise<Broken | undefined> {
  for (let schedule = seed; schedule < seed + TRIES && performance.now() < until; schedule++) {
    const result = await once(steps, smaller, schedule);
    if (result.wrong.length > 0) return result;
  }
  return undefined;
}
