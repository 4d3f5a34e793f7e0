import { fileURLToPath } from 'node:url';

const REPORTER = fileURLToPath(new URL('worker/report-at-exit.mjs', import.meta.url));

/** The programs of ours that tests start with `environmentOfMutants`. */
export const PROGRAMS: readonly string[] = ['functions/pull/index.ts'];

/** This module: who loads it starts programs. */
export const STARTER = 'test/support/mutants/rooms/programs.ts';

/**
 * What a program of ours needs in its environment for the mutant that is on to be on there too, and for the tests that
 * come to a mutant there to be known. Empty where nobody tries mutants.
 */
export function environmentOfMutants(): Record<string, string> {
  const { MUTANTS_PROGRAMS: report, __STRYKER_ACTIVE_MUTANT__: active } = process.env;
  if (active !== undefined) return { __STRYKER_ACTIVE_MUTANT__: active };
  if (report === undefined) return {};
  return {
    NODE_OPTIONS: `--import=${REPORTER}`,
    MUTANTS_PROGRAMS: report,
    MUTANTS_TEST: globalThis.__stryker__?.currentTestId ?? '',
  };
}
