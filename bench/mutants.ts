import { parseArgs } from 'node:util';
import { progressLine } from '../cli/progress.ts';
import type { Mutant } from '../test/support/mutants/mutant.ts';
import { MUTANTS } from '../test/support/mutants/mutants.ts';
import { startTrial, type Trial } from '../test/support/mutants/trial.ts';

const USAGE = `Usage: npm run mutants -- [--only PATTERN]

Puts a fault into each guard of a list in turn (test/support/mutants/mutants.ts), in a copy of the tree, and runs the test
file that has to fail for it. Says which faults were killed and which survived. Ends with 1 when one survived.

  --only PATTERN  the faults whose file or description matches this regular expression, such as 'lease|claim'
`;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) process.stdout.write(USAGE);
else await tryAll(new RegExp(values.only));

async function tryAll(only: RegExp): Promise<void> {
  const chosen = MUTANTS.filter(({ what, file }) => only.test(`${file} ${what}`));
  if (chosen.length === 0) throw new Error(`no fault matches ${only}: see test/support/mutants/mutants.ts`);
  const trial = await startTrial();
  try {
    const survivors = await survivorsOf(trial, chosen);
    process.stdout.write(`${chosen.length} faults, ${survivors} survived\n`);
    if (survivors > 0) process.exitCode = 1;
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
