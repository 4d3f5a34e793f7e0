import { appendFileSync } from 'node:fs';

// Every mutant that the program has come to, for the test that has started it.
process.on('exit', () => {
  const mutants = Object.keys(globalThis.__stryker__?.mutantCoverage?.static ?? {});
  const { MUTANTS_PROGRAMS: report, MUTANTS_TEST: test } = process.env;
  if (report && mutants.length > 0) appendFileSync(report, `${JSON.stringify({ test, mutants })}\n`);
});
