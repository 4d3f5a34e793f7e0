import { parseArgs } from 'node:util';
import { type Load, type LoadOptions, measureLoad, megabytes } from './load/measure.ts';
import type { Percentiles } from './load/percentiles.ts';

const USAGE = `Usage: npm run load [-- options]

Sends signed deliveries to a Hookline of its own on this machine, and pushes beside them, and prints what becomes of
them. Most deliveries are of 8 kB and end in Ignored. Ends with 1 when one that was accepted has no outcome on record.

  --rate N       deliveries a second, 50 by default
  --minutes N    how long, 1 by default
  --burst N      deliveries sent as fast as they are answered, once all is quiet, by which draining is measured: 1000
  --bytes N      of a body, 8000 by default
  --push-every N seconds from one push to the next, 10 by default
  --heap N       megabytes of heap that the runtime may have, as Node decides by default
  --flag FLAG    a flag of Node for the runtime, such as --flag=--cpu-prof; may be repeated
  --json         the figures as JSON

npm run load -- --rate 100 --minutes 10
`;

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '1' },
    burst: { type: 'string', default: '1000' },
    bytes: { type: 'string', default: '8000' },
    'push-every': { type: 'string', default: '10' },
    heap: { type: 'string' },
    flag: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(USAGE);
else await measure();

async function measure(): Promise<void> {
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const load = await measureLoad(optionsOf());
  progress('');
  process.stdout.write(values.json ? `${JSON.stringify(load, null, 2)}\n` : table(load));
  if (load.lost > 0) process.exitCode = 1;
}

function optionsOf(): LoadOptions {
  return {
    rate: numberOf('rate'),
    seconds: numberOf('minutes') * 60,
    burst: numberOf('burst'),
    bytes: numberOf('bytes'),
    pushEvery: numberOf('push-every'),
    flags: [...(values.heap ? [`--max-old-space-size=${numberOf('heap')}`] : []), ...values.flag],
    progress,
  };
}

function numberOf(name: 'rate' | 'minutes' | 'burst' | 'bytes' | 'push-every' | 'heap'): number {
  const number = Number(values[name]);
  if (number > 0) return number;
  throw new Error(`--${name} ${values[name]} is not a number above 0`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function times({ p50, p99, max }: Percentiles): string {
  const shown = { p50, p99, max };
  return Object.entries(shown)
    .map(([name, time]) => `${name} ${time.toFixed(0)} ms`)
    .join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function table(load: Load): string {
  const outcomes = Object.entries(load.outcomes).map(([name, count]) => `${count} ${name}`);
  const rows: readonly [string, string][] = [
    ['accepted', `${load.accepted} of ${load.sent}`],
    ['lost', String(load.lost)],
    ['outcomes', outcomes.join(', ')],
    ['door', times(load.doorMs)],
    ['first list of the console', `${load.firstConsoleMs.toFixed(0)} ms`],
    ['list of the console after that', times(load.consoleMs)],
    ['executions ended during the flood', `${load.perSecond.toFixed(0)} a second`],
    ['executions ended while it drains', `${load.drainPerSecond.toFixed(0)} a second`],
    [
      'processor time of each, main thread',
      `${load.drainMs.cpu.toFixed(1)} ms, ${load.drainMs.main.toFixed(1)} ms`,
    ],
    ['processor time of a delivery', `${load.cpuMs.toFixed(1)} ms`],
    ['main thread for one, in the flood', `${load.mainMs.toFixed(1)} ms`],
    ['largest memory', `${megabytes(load.largest.rss)} MB`],
    ['largest memory but for mapped files', `${megabytes(load.largest.own)} MB`],
    ['largest heap', `${megabytes(load.largest.heap)} MB`],
    ['growth of the folder for a delivery', `${(load.folderBytes / 1000).toFixed(1)} kB`],
    [
      'start; start with all of that on disk',
      `${seconds(load.startMs.empty)}, ${seconds(load.startMs.full)}`,
    ],
    ['pushes with a pipeline, or overtaken', `${load.pushesBuilt} of ${load.pushes}`],
    ...load.pushesFailed.map((reason): [string, string] => ['a push failed', reason]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(40)}${value}\n`).join('');
}
