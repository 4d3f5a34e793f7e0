import { parseArgs } from 'node:util';
import { INTERRUPTED } from '../cli/interrupt.ts';
import { print, printJson } from '../cli/print.ts';
import { progressLine } from '../cli/progress.ts';
import { chaos } from '../test/support/chaos/index.ts';
import type { RunResult } from '../test/support/chaos/run.ts';
import { problemsOf, summaryOf, totalsOf } from '../test/support/chaos/totals.ts';

const USAGE = `Usage: npm run chaos -- [--seed N] [--runs M] [--lanes L] [--within SECONDS] [--json]

Starts a Hookline in a process of its own, pushes and posts signed deliveries, and kills it meanwhile: every second run at
random moments, it or a process below it; the others at a call, each call in turn, after its effect and before. Each time it
is started again on its state folder, and what is there when all is quiet is looked at. Ends with 1 when anything is lost,
twice, torn or stuck. SIGINT and SIGTERM end it with the figures of the runs that are done.

  --seed N          of the first run; each further run has the next one (default: made of the time)
  --runs M          how many (default: 20)
  --lanes L         how many at once, each on a Hookline of its own (default: 1)
  --within SECONDS  when all has to be done, from the last start or the last sending on (default: 60)
  --json            the runs as JSON on standard output
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '20' },
    lanes: { type: 'string', default: '1' },
    within: { type: 'string', default: '60' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main(numberOf('seed', values.seed), numberOf('runs', values.runs));

async function main(seed: number, runs: number): Promise<void> {
  const lanes = numberOf('lanes', values.lanes);
  if (lanes === 0) throw new Error('--lanes is 0: give at least 1');
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const progress = await progressLine();
  progress.show(`seed ${seed}: each action without kills`, 0);
  const told = (result: RunResult, done: readonly RunResult[]): void => {
    progress.show(`of ${runs}, ${summaryOf(done)}; the last: seed ${result.seed}`, done.length / runs);
    if (problemsOf(result).length > 0) process.stderr.write(`${linesOf(result).join('\n')}\n`);
  };
  const stopped = new AbortController();
  // For good: where no listener is left, a git that runs has execa end this process by the same signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
  const withinMs = numberOf('within', values.within) * 1000;
  const results = await chaos({ seed, runs, lanes, withinMs, signal: stopped.signal, told });
  progress.done();
  if (values.json) printJson({ seed, totals: totalsOf(results), runs: results });
  else print([...results.flatMap(failedOf), `seed ${seed}: ${summaryOf(results)}`].join('\n'));
  if (stopped.signal.aborted) process.exitCode = INTERRUPTED;
  if (results.some((result) => problemsOf(result).length > 0)) process.exitCode = 1;
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} is ${JSON.stringify(text)}: give a whole number of at most nine digits`);
}

function failedOf(result: RunResult): string[] {
  return problemsOf(result).length > 0 ? linesOf(result) : [];
}

function linesOf(result: RunResult): string[] {
  const { seed, kills } = result;
  return [`seed ${seed}, killed: ${kills.join(', ')}`, ...problemsOf(result).map((line) => `  ${line}`)];
}
