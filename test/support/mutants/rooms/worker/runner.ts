import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { TestRunner } from 'vitest';
import * as z from 'zod';
import { type Coverage, type Entry, type Job, jobSchema, type TestRun } from '../journal.ts';
import { runTests } from './one-run.ts';
import { switchOn, watch } from './switches.ts';

/** Does its job when the host's one test is over: vitest makes a runner for each worker. */
export default class JobRunner extends TestRunner {
  override async onAfterRunFiles(): Promise<void> {
    super.onAfterRunFiles();
    await work(this, jobSchema.parse(JSON.parse(readFileSync(process.env.MUTANTS_JOB ?? '', 'utf8'))));
  }
}

// What `report-at-exit.mjs` writes.
const report = z.object({ test: z.string(), mutants: z.array(z.string()) });

async function work(host: TestRunner, { journal, unknown, mutants }: Job): Promise<void> {
  const write = (entry: Entry): void => appendFileSync(journal, `${JSON.stringify(entry)}\n`);
  for (const run of unknown) {
    write({ began: run.file, limit: run.limit });
    write({ coverage: await coverageOf(host, run) });
  }
  // A test that passes among others may fail alone, and that is no mutant's doing.
  const alone = new Map<string, boolean>();
  const passesAlone = async (run: TestRun): Promise<boolean> => {
    const name = JSON.stringify([run.file, run.tests]);
    const known = alone.get(name) ?? (await runTests(host, run)) === undefined;
    alone.set(name, known);
    return known;
  };
  for (const { id, runs } of mutants) {
    const began = ({ limit }: TestRun): void => write({ began: id, limit });
    write({ mutant: id, killedBy: await killerOf(host, id, runs, { began, passesAlone }) });
  }
}

async function coverageOf(host: TestRunner, run: TestRun): Promise<Coverage> {
  switchOn(undefined);
  const programs = `${process.env.MUTANTS_JOB}.programs`;
  process.env.MUTANTS_PROGRAMS = programs;
  rmSync(programs, { force: true });
  const coverage = watch();
  const before = performance.now();
  const failed = await runTests(host, run);
  const took = Math.round(performance.now() - before);
  delete process.env.MUTANTS_PROGRAMS;
  const tests = new Map(
    Object.entries(coverage.perTest).map(([name, hits]) => [name, new Set(Object.keys(hits))]),
  );
  const outside = new Set(Object.keys(coverage.static));
  for (const { test, mutants } of reportsOf(programs)) {
    const known = test === '' ? outside : (tests.get(test) ?? new Set());
    for (const mutant of mutants) known.add(mutant);
    if (test !== '') tests.set(test, known);
  }
  return {
    file: run.file,
    took,
    failed,
    outside: [...outside],
    tests: [...tests].map(([name, mutants]) => ({ name, mutants: [...mutants] })),
  };
}

function reportsOf(path: string): z.infer<typeof report>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => report.parse(JSON.parse(line)));
}

async function killerOf(
  host: TestRunner,
  mutant: string,
  runs: readonly TestRun[],
  { began, passesAlone }: { began: (run: TestRun) => void; passesAlone: (run: TestRun) => Promise<boolean> },
): Promise<string | undefined> {
  for (const run of runs) {
    began(run);
    switchOn(mutant);
    const failed = await runTests(host, run);
    switchOn(undefined);
    if (failed === undefined) continue;
    began(run);
    if (await passesAlone(run)) return `${run.file} > ${failed}`;
  }
  return undefined;
}
