import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { localOutputs } from '../../cli/outputs/local-address.ts';
import { gitHostSecrets } from '../../cli/up/git-host.ts';
import { synthesizeHere } from '../../test/support/synthesize-here.ts';
import { bytesBelow, type Recorded, recorded } from './after.ts';
import { lookNowAndThen, type Pushes, pushNowAndThen } from './beside.ts';
import { type Measured, type MeasuredOptions, type Sample, startMeasured } from './child.ts';
import { type Door, openDoor } from './door.ts';
import { type Drained, drain, quiet, STUCK_MS } from './drain.ts';
import { flood } from './flood.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

export interface LoadOptions {
  /** deliveries a second */
  readonly rate: number;
  readonly seconds: number;
  /** deliveries that are sent as fast as they are answered, once the flood has drained */
  readonly burst: number;
  /** bytes of a body */
  readonly bytes: number;
  /** seconds from one real push to the next */
  readonly pushEvery: number;
  /** flags of Node for the runtime */
  readonly flags: readonly string[];
  /** hears of what goes on */
  progress(text: string): void;
}

export interface Load extends Drained {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  /** accepted, and without a recorded outcome three minutes after all was quiet */
  readonly lost: number;
  /** the outcomes on record, with their numbers */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly doorMs: Percentiles;
  /** the console's first list, while the runtime has only started */
  readonly firstConsoleMs: number;
  readonly consoleMs: Percentiles;
  /** executions that ended in a second of the flood, in the mean */
  readonly perSecond: number;
  /** processor time of the runtime for each delivery */
  readonly cpuMs: number;
  /** that of its main thread during the flood, for each delivery that was sent */
  readonly mainMs: number;
  /** bytes */
  readonly largest: Pick<Sample, 'rss' | 'own' | 'heap'>;
  /** growth of the state folder for each delivery, in bytes */
  readonly folderBytes: number;
  /** from the start of the process until it is ready: on an empty state folder, and on that of all these deliveries */
  readonly startMs: { readonly empty: number; readonly full: number };
  readonly pushes: number;
  readonly pushesFailed: readonly string[];
  /** the pushes whose pipeline has started, or that a newer one has overtaken */
  readonly pushesBuilt: number;
}

const LOOK_EVERY = 2;
// The door's own throttling would refuse what is measured.
const THROTTLE = { rate: 10_000, burst: 10_000 };

/** Sends a flood to a Hookline of its own and measures what becomes of it. */
export async function measureLoad(options: LoadOptions): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-load-'));
  options.progress('synthesizing');
  const assembly = await synthesizeHere(join(folder, 'cdk.out'), { settings: { throttle: THROTTLE } });
  const data = join(folder, 'data');
  try {
    const first = await started({ assembly, data, flags: options.flags }, (runtime) =>
      measure(runtime, data, options),
    );
    options.progress('starting again');
    const again = await started({ assembly, data, flags: options.flags }, () => undefined);
    return { ...first.result, startMs: { empty: first.ms, full: again.ms } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts a Hookline, does something with it and stops it. @returns the result, and how long the start took */
async function started<R>(
  options: MeasuredOptions,
  work: (runtime: Measured) => R,
): Promise<{ readonly ms: number; readonly result: Awaited<R> }> {
  const began = performance.now();
  const runtime = await startMeasured(options);
  const ms = performance.now() - began;
  try {
    return { ms, result: await work(runtime) };
  } finally {
    await runtime.stop();
  }
}

async function measure(
  runtime: Measured,
  data: string,
  options: LoadOptions,
): Promise<Omit<Load, 'startMs'>> {
  const { webhookUrl, gitUrl = '', consoleUrl = '' } = await localOutputs(data);
  const { token, webhookSecret } = await gitHostSecrets(join(data, 'git'));
  const door = openDoor({ url: webhookUrl, secret: webhookSecret, bytes: options.bytes });
  const told = setInterval(() => tell(options, door, runtime), LOOK_EVERY * 1000);
  const ending = new AbortController();
  const beside = Promise.all([
    pushNowAndThen(gitUrl, token, { signal: ending.signal, every: options.pushEvery }),
    lookNowAndThen(consoleUrl, { signal: ending.signal, every: LOOK_EVERY }),
  ]);
  try {
    const before = { bytes: await bytesBelow(data), ...runtime.latest() };
    await flood(door, options.rate, options.seconds);
    const flooded = runtime.latest().ended - before.ended;
    const mainMs = (runtime.latest().mainMs - before.mainMs) / door.answers.latencies.length;
    const doorMs = percentiles(door.answers.latencies);
    ending.abort();
    const [pushes, looks] = await beside;
    const expected = (): number => door.answers.accepted.length + pushes.commits.length;
    await quiet(runtime, expected);
    // Those among them that were taken, and answered too late.
    const delivered = runtime.latest().ended - before.ended;
    const folderBytes = ((await bytesBelow(data)) - before.bytes) / delivered;
    const cpuMs = (runtime.latest().cpuMs - before.cpuMs) / delivered;
    const drained = await drain(runtime, door, options.burst, expected);
    const known = await recordedAtLast(data, door.answers.accepted);
    return {
      sent: door.answers.latencies.length,
      accepted: door.answers.accepted.length,
      refused: door.answers.refused,
      ...known.totals,
      doorMs,
      firstConsoleMs: looks[0] ?? Number.NaN,
      consoleMs: percentiles(looks.slice(1)),
      perSecond: flooded / options.seconds,
      ...{ ...drained, cpuMs, mainMs, folderBytes },
      largest: runtime.largest(),
      ...pushesOf(pushes, known),
    };
  } finally {
    clearInterval(told);
    ending.abort();
    await door.close();
  }
}

function tell({ progress }: LoadOptions, { answers }: Door, runtime: Measured): void {
  const { ended, rss } = runtime.latest();
  progress(
    `${answers.accepted.length} accepted, ${answers.refused} refused, ${ended} ended, ${megabytes(rss)} MB`,
  );
}

// An execution that waits to try a call again may look like the end of all.
const LOOK_AGAIN_MS = 5000;

/** What is on record; waits for an outcome that is still to come. */
async function recordedAtLast(data: string, accepted: readonly string[]): Promise<Recorded> {
  const began = performance.now();
  for (;;) {
    const known = await recorded(data, accepted);
    if (known.totals.lost === 0 || performance.now() - began > STUCK_MS) return known;
    await wait(LOOK_AGAIN_MS);
  }
}

const pushesOf = (
  { commits, failures }: Pushes,
  { pushed }: Recorded,
): Pick<Load, 'pushes' | 'pushesFailed' | 'pushesBuilt'> => ({
  pushes: commits.length,
  pushesFailed: failures,
  pushesBuilt: commits.filter((commit) =>
    ['PipelineStarted', 'Superseded'].includes(pushed.get(commit) ?? ''),
  ).length,
});

export const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
