import type { Coverage, TestRun } from './journal.ts';
import type { RoomMutant } from './room-mutant.ts';
import { nearness } from './test-files.ts';

// A mutant of a module's own values is come to by every file that loads the module: these many seconds of the nearest
// have to find it. One that tests come to, be it in a file that takes long, has more.
const MOST_MS = { outside: 20_000, tested: 90_000 };
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
  found.sort((one, other) => one.far - other.far || other.near - one.near || one.took - other.took);
  let spent = 0;
  const within = found.filter(({ took, far }, index) => {
    spent += took;
    return index === 0 || spent <= (far ? MOST_MS.outside : MOST_MS.tested);
  });
  return within.map(({ run }) => run);
}

/** Milliseconds after which a test file that took so long has no end, on a machine that others use too. */
export const limitOf = (took: number): number => 20_000 + 8 * took;
