import type { RunResult } from './run.ts';

/** What is wrong with a run, a line each. */
export function problemsOf({ lost, twice, torn, stuck }: RunResult): string[] {
  return Object.entries({ lost, twice, torn, stuck }).flatMap(([how, all]) =>
    all.map((what) => `${how}: ${what}`),
  );
}

/** The sums of all runs; `slowest` in seconds. */
export function totalsOf(results: readonly RunResult[]) {
  const sum = (of: (result: RunResult) => number): number => results.reduce((all, each) => all + of(each), 0);
  return {
    runs: results.length,
    kills: sum(({ kills }) => kills.filter((kill) => !kill.startsWith('nothing')).length),
    accepted: sum(({ accepted }) => accepted),
    finished: sum(({ finished }) => finished),
    lost: sum(({ lost }) => lost.length),
    twice: sum(({ twice }) => twice.length),
    torn: sum(({ torn }) => torn.length),
    stuck: sum(({ stuck }) => stuck.length),
    slowest: Math.max(0, ...results.map(({ quietMs }) => quietMs)) / 1000,
  };
}

export function summaryOf(results: readonly RunResult[]): string {
  const { runs, kills, accepted, finished, lost, twice, torn, stuck, slowest } = totalsOf(results);
  return `${runs} runs, ${kills} kills, ${accepted} accepted, ${finished} finished, ${lost} lost, ${twice} twice, ${torn} torn, ${stuck} stuck, slowest ${slowest.toFixed(1)} s`;
}
