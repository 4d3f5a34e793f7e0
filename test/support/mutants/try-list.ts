import { progressLine } from '../../../cli/progress.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { startTrial, type Trial } from './trial.ts';

/** Puts each fault of the list in turn into a copy of the tree. @returns how many survived */
export async function tryList(only: RegExp): Promise<number> {
  const chosen = MUTANTS.filter(({ what, file }) => only.test(`${file} ${what}`));
  if (chosen.length === 0) throw new Error(`no fault matches ${only}: see test/support/mutants/mutants.ts`);
  const trial = await startTrial();
  try {
    const survivors = await survivorsOf(trial, chosen);
    process.stdout.write(`${chosen.length} faults, ${survivors} survived\n`);
    return survivors;
  } finally {
    await trial.remove();
  }
}

/** @throws when the test fails without a fault: such a test would find every one */
async function refuseFailing(trial: Trial, test: string): Promise<void> {
  if (await trial.passes(test, (output) => process.stderr.write(output))) return;
  throw new Error(`${test} fails without a fault: mend it first`);
}

async function survivorsOf(trial: Trial, mutants: readonly Mutant[]): Promise<number> {
  const progress = await progressLine();
  const tried = new Set<string>();
  let survivors = 0;
  for (const [index, mutant] of mutants.entries()) {
    const { what, file, test } = mutant;
    progress.show(`${file}: ${what}`, index / mutants.length);
    if (!tried.has(test)) await refuseFailing(trial, test);
    tried.add(test);
    const survived = await trial.survives(mutant);
    if (survived) survivors += 1;
    progress.done();
    process.stdout.write(`${survived ? 'SURVIVED' : 'killed  '} ${file}: ${what} (${test})\n`);
  }
  return survivors;
}
