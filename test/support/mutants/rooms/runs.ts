import type { Coverage, TestRun } from './journal.ts';
import type { RoomMutant } from './room-mutant.ts';
import { nearness } from './test-files.ts';

// A mutant of a module's own values is come to by every file that loads the module: these many seconds of the nearest
// have to find it. One that tests alone come to, be it in a file that takes long, has more.
const MOST_MS = { own: 20_000, tested: 90_000 };
// What runs in less is run whole: a test may lean on the one before.
const SHORT_MS = 1_500;

/** The tests that come to the mutant, the nearest and fastest first. Empty where none does. */
export function runsFor({ id, file }: RoomMutant, coverages: readonly Coverage[]): TestRun[] {
  const found = coverages.flatMap((coverage) => {
    const tests = coverage.tests.filter(({ mutants }) => mutants.includes(id)).map(({ name }) => name);
    const outside = coverage.outside.includes(id);
    if (tests.length === 0 && !outside) return [];
    const whole = outside || coverage.took < SHORT_MS;
    const run = { file: coverage.file, tests: whole ? undefined : tests, limit: limitOf(coverage.took) };
    const far = tests.length === 0 ? 1 : 0;
    return [{ run, took: coverage.took, far, near: nearness(coverage.file, file) }];
  });
  // A test that starts a program comes to all that the program loads: it is no better than one that loads the module itself.
  found.sort((one, other) => other.near - one.near || one.far - other.far || one.took - other.took);
  const isOwn = coverages.some(({ outside }) => outside.includes(id));
  let spent = 0;
  const within = found.filter(({ took }, index) => {
    spent += took;
    return index === 0 || spent <= (isOwn ? MOST_MS.own : MOST_MS.tested);
  });
  return within.map(({ run }) => run);
}

/** Milliseconds after which a test file that took so long has no end, on a machine that others use too. */
export const limitOf = (took: number): number => 20_000 + 8 * took;
