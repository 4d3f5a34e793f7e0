import { progressLine } from '../../../cli/progress.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { startTrial, type Trial } from './trial.ts';

/** The faults of the list whose file or description matches. @throws when none does */
export function matching(only: RegExp): Mutant[] {
  const chosen = MUTANTS.filter(({ what, file }) => only.test(`${file} ${what}`));
  if (chosen.length === 0) throw new Error(`no fault matches ${only}: see test/support/mutants/mutants.ts`);
  return chosen;
}

/**
 * Puts each fault in turn into a copy of the tree.
 * @param until `Date.now()` after which none is begun
 * @param say prints a line
 * @returns how many survived
 */
export async function tryList(
  mutants: readonly Mutant[],
  until: number,
  say: (line: string) => void,
): Promise<number> {
  if (mutants.length === 0) return 0;
  const trial = await startTrial();
  try {
    const { tried, survivors } = await survivorsOf(trial, mutants, until, say);
    say(`${mutants.length} faults of the list: ${survivors} survived, ${mutants.length - tried} not tried`);
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

async function survivorsOf(
  trial: Trial,
  mutants: readonly Mutant[],
  until: number,
  say: (line: string) => void,
): Promise<{ tried: number; survivors: number }> {
  const progress = await progressLine();
  const sound = new Set<string>();
  let [tried, survivors] = [0, 0];
  for (const mutant of mutants) {
    if (Date.now() >= until) break;
    const { what, file, test } = mutant;
    progress.show(`${file}: ${what}`, tried / mutants.length);
    if (!sound.has(test)) await refuseFailing(trial, test);
    sound.add(test);
    const survived = await trial.survives(mutant);
    tried += 1;
    if (survived) survivors += 1;
    progress.done();
    say(`${survived ? 'SURVIVED' : 'killed  '} ${file}: ${what} (${test})`);
  }
  return { tried, survivors };
}
