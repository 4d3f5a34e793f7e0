import { parseArgs } from 'node:util';
import { print, printJson } from '../cli/print.ts';
import { progressLine } from '../cli/progress.ts';
import { chaos } from '../test/support/chaos/index.ts';
import type { RunResult } from '../test/support/chaos/run.ts';

const USAGE = `Usage: npm run chaos -- [--seed N] [--runs M] [--within SECONDS] [--json]

Starts a Hookline in a process of its own, pushes and posts signed deliveries, and kills it meanwhile: every second run at
random moments, it or a process below it; the others at a call, each call in turn, after its effect and before. Each time it
is started again on its state folder, and what is there when all is quiet is looked at. Ends with 1 when anything is lost,
twice, torn or stuck.

  --seed N          of the first run; each further run has the next one (default: made of the time)
  --runs M          how many (default: 20)
  --within SECONDS  when all has to be done, from the last start or the last sending on (default: 60)
  --json            the runs as JSON on standard output
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '20' },
    within: { type: 'string', default: '60' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main(numberOf('seed', values.seed), numberOf('runs', values.runs));

async function main(seed: number, runs: number): Promise<void> {
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const progress = await progressLine();
  progress.show(`seed ${seed}: a run without kills`, 0);
  const told = (result: RunResult, done: number): void => {
    progress.show(`${done} of ${runs} runs, the last: ${result.kills.join(', ')}`, done / runs);
    if (problemsOf(result).length > 0) process.stderr.write(`${linesOf(result).join('\n')}\n`);
  };
  const results = await chaos({ seed, runs, withinMs: numberOf('within', values.within) * 1000, told });
  progress.done();
  if (values.json) printJson({ seed, totals: totalsOf(results), runs: results });
  else print(summaryOf(seed, results));
  if (results.some((result) => problemsOf(result).length > 0)) process.exitCode = 1;
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} is ${JSON.stringify(text)}: give a whole number of at most nine digits`);
}

function problemsOf({ lost, twice, torn, stuck }: RunResult): string[] {
  return Object.entries({ lost, twice, torn, stuck }).flatMap(([how, all]) =>
    all.map((what) => `${how}: ${what}`),
  );
}

function linesOf(result: RunResult): string[] {
  const { seed, kills } = result;
  return [`seed ${seed}, killed: ${kills.join(', ')}`, ...problemsOf(result).map((line) => `  ${line}`)];
}

function totalsOf(results: readonly RunResult[]) {
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

function summaryOf(seed: number, results: readonly RunResult[]): string {
  const { runs, kills, accepted, finished, lost, twice, torn, stuck, slowest } = totalsOf(results);
  return `seed ${seed}: ${runs} runs, ${kills} kills, ${accepted} accepted, ${finished} finished, ${lost} lost, ${twice} twice, ${torn} torn, ${stuck} stuck, slowest ${slowest.toFixed(1)} s`;
}
