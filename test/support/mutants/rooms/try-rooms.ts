import { rm } from 'node:fs/promises';
import { copyTree } from '../tree.ts';
import { instrument, sourcesOfRooms } from './instrument.ts';
import type { Coverage, Entry } from './journal.ts';
import { type Kept, openKept } from './kept.ts';
import { testsThatLoad } from './loading-tests.ts';
import { isExcused } from './reasons.ts';
import type { Result } from './results.ts';
import type { RoomMutant } from './room-mutant.ts';
import { limitOf, runsFor } from './runs.ts';
import { nearness, testFiles } from './test-files.ts';
import { doWork } from './workers.ts';

export interface Asked {
  /** @returns whether the mutants of the file are to be tried; it is from the repository's root */
  chosen(file: string): boolean;
  /** with the tests of the long mode */
  readonly long: boolean;
  /** go on where an earlier run ended */
  readonly resume: boolean;
  /** processes at once */
  readonly workers: number;
  /** `Date.now()` at the end of what may be tried */
  readonly until: number;
  /** @returns whether somebody has asked for the end */
  stopped(): boolean;
  /** @param done from 0 to 1 */
  told(text: string, done: number): void;
}

export interface Found {
  readonly results: readonly Result[];
  /** the test files that were not run for want of time: what they come to is not known */
  readonly notRun: readonly string[];
  /** the tests that fail in a shared process without a mutant; their files are left out */
  readonly failing: readonly string[];
}

/** Tries every chosen mutant in a copy of the tree. */
export async function tryRooms(asked: Asked): Promise<Found> {
  const tree = await copyTree();
  try {
    const sources = (await sourcesOfRooms(tree)).filter(asked.chosen);
    const kept = await openKept(tree, sources, asked.resume);
    const loading = await testsThatLoad(tree, await testFiles(tree, asked.long), sources);
    const mutants = await instrument(tree, sources);
    const { coverages, notRun } = await cover(tree, loading, kept, asked);
    const sound = coverages.filter(({ failed }) => failed === undefined);
    const isPartly: IsPartly = ({ file }) =>
      loading.get(file)?.some((test) => notRun.includes(test)) ?? false;
    const killers = await tryMutants(tree, mutants, { coverages: sound, kept, isPartly, asked });
    return {
      results: mutants.map((mutant) => resultOf(mutant, sound, killers, isPartly(mutant))),
      notRun,
      failing: coverages.flatMap(({ file, failed }) => (failed === undefined ? [] : [`${file} > ${failed}`])),
    };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function cover(
  tree: string,
  loading: ReadonlyMap<string, readonly string[]>,
  kept: Kept,
  asked: Asked,
): Promise<{ coverages: Coverage[]; notRun: string[] }> {
  const nearest = (test: string): number =>
    Math.max(...[...loading.keys()].map((source) => nearness(test, source)));
  const tests = [...new Set([...loading.values()].flat())].sort(
    (one, other) => nearest(other) - nearest(one),
  );
  const coverages = tests.flatMap((file) => kept.coverage(file) ?? []);
  const missing = tests.filter((file) => !coverages.some((known) => known.file === file));
  // Half of the time is for the mutants.
  const until = Math.min(asked.until, Date.now() + (asked.until - Date.now()) / 2);
  await share(asked.workers, missing, (files, name) =>
    doWork(tree, name, {
      unknown: files.map((file) => ({ file, limit: limitOf(300_000) })),
      mutants: [],
      over: () => asked.stopped() || Date.now() >= until,
      told: (entry) => {
        if (!('coverage' in entry)) return;
        coverages.push(entry.coverage);
        void kept.keepCoverage(entry.coverage);
        asked.told('which tests come to which mutant', coverages.length / tests.length);
      },
    }),
  );
  return { coverages, notRun: tests.filter((file) => !coverages.some((known) => known.file === file)) };
}

/** @returns whether test files that load the mutant's file were not run for want of time */
type IsPartly = (mutant: RoomMutant) => boolean;

interface Known {
  readonly coverages: readonly Coverage[];
  readonly kept: Kept;
  readonly isPartly: IsPartly;
  readonly asked: Asked;
}

/** @returns by the id of each mutant that was tried, what killed it */
async function tryMutants(
  tree: string,
  mutants: readonly RoomMutant[],
  { coverages, kept, isPartly, asked }: Known,
): Promise<ReadonlyMap<string, string | undefined>> {
  const killers = new Map<string, string | undefined>();
  const work = [];
  const byId = new Map(mutants.map((mutant) => [mutant.id, mutant]));
  for (const mutant of mutants) {
    const known = kept.mutant(mutant);
    const runs = known || isExcused(mutant) ? [] : runsFor(mutant, coverages);
    if (known) killers.set(mutant.id, known.killedBy);
    else if (runs.length > 0) work.push({ id: mutant.id, runs });
  }
  const told = (entry: Entry): void => {
    if (!('mutant' in entry)) return;
    killers.set(entry.mutant, entry.killedBy);
    const mutant = byId.get(entry.mutant);
    // One that has survived the nearest tests is tried again when there is time for the others.
    if (mutant && (entry.killedBy !== undefined || !isPartly(mutant)))
      void kept.keepMutant(mutant, entry.killedBy);
    asked.told('mutants', killers.size / mutants.length);
  };
  const over = (): boolean => asked.stopped() || Date.now() >= asked.until;
  await share(asked.workers, spread(work), (part, name) =>
    doWork(tree, name, { unknown: [], mutants: part, over, told }),
  );
  return killers;
}

/**
 * @param killers by the id of each mutant that was tried, what killed it
 * @param partly whether test files that load its file were not run: those that were run are the nearest
 */
export function resultOf(
  mutant: RoomMutant,
  coverages: readonly Coverage[],
  killers: ReadonlyMap<string, string | undefined>,
  partly: boolean,
): Result {
  if (isExcused(mutant)) return { mutant, status: 'excused' };
  const by = killers.get(mutant.id);
  if (by !== undefined) return { mutant, status: 'killed', by };
  if (killers.has(mutant.id)) return { mutant, status: 'survived', partly };
  // A test file that was not run may come to it.
  const isUncovered = !partly && runsFor(mutant, coverages).length === 0;
  return { mutant, status: isUncovered ? 'uncovered' : 'left' };
}

/** Every part of the list early: what time is left for is a sample of all of it. */
function spread<T>(list: readonly T[]): T[] {
  const stride = Math.ceil(Math.sqrt(list.length)) || 1;
  return Array.from({ length: stride }, (_, start) =>
    list.filter((_, index) => index % stride === start),
  ).flat();
}

async function share<T>(
  workers: number,
  list: readonly T[],
  run: (part: T[], name: string) => Promise<void>,
): Promise<void> {
  const parts = Array.from({ length: workers }, (_, worker) =>
    list.filter((_, index) => index % workers === worker),
  );
  await Promise.all(parts.map((part, worker) => run(part, String(worker))));
}
