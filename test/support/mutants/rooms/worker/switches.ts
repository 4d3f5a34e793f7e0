/** What the instrumented files look at, by the name that Stryker's instrumenter gives it. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

declare global {
  var __stryker__: Switches | undefined;
}

// A loop that has lost its end comes to its mutant more often than any test does.
const MOST_HITS = 5_000_000;
// The programs that a test starts look there.
const VARIABLE = '__STRYKER_ACTIVE_MUTANT__';

// The instrumented modules keep the object.
globalThis.__stryker__ ??= {};
const switches = globalThis.__stryker__;

/** @param mutant the one to switch on; without, all are off */
export function switchOn(mutant: string | undefined): void {
  switches.activeMutant = mutant;
  switches.hitCount = mutant === undefined ? undefined : 0;
  switches.hitLimit = mutant === undefined ? undefined : MOST_HITS;
  if (mutant === undefined) delete process.env[VARIABLE];
  else process.env[VARIABLE] = mutant;
}

/** What is come to from now on belongs to the test. */
export function enter(test: string | undefined): void {
  switches.currentTestId = test;
}

/** Counts anew. @returns what is come to from now on, by test */
export function watch(): NonNullable<Switches['mutantCoverage']> {
  const coverage = { static: {}, perTest: {} };
  switches.mutantCoverage = coverage;
  return coverage;
}
