import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the runtime takes at a moment. */
export interface Sample {
  /** resident memory of its process, its threads and the mapped part of its state file among it, in bytes */
  readonly rss: number;
  /** the same without what is mapped from files, which the system takes back as it needs it */
  readonly own: number;
  /** the heap of its main thread, in bytes */
  readonly heap: number;
  /** the time of the processors so far, that of its threads among it */
  readonly cpuMs: number;
  /** that of its main thread alone, by which the door answers; 0 where the system does not say */
  readonly mainMs: number;
  /** the executions that have ended so far */
  readonly ended: number;
}

type Largest = Pick<Sample, 'rss' | 'own' | 'heap'>;

export interface Measured {
  readonly pid: number;
  /** the newest sample */
  latest(): Sample;
  /** the largest of all samples */
  largest(): Largest;
  stop(): Promise<void>;
}

export interface MeasuredOptions {
  readonly assembly: string;
  readonly data: string;
  /** flags of Node, such as `--max-old-space-size=512` */
  readonly flags: readonly string[];
}

const PROGRAM = fileURLToPath(new URL('runtime.ts', import.meta.url));
const NOTHING: Sample = { rss: 0, own: 0, heap: 0, cpuMs: 0, mainMs: 0, ended: 0 };

/** Starts a Hookline in a process of its own. @throws when it ends before it is ready */
export async function startMeasured({ assembly, data, flags }: MeasuredOptions): Promise<Measured> {
  const child = fork(PROGRAM, [assembly, data], { execArgv: ['--import', 'tsx', ...flags] });
  let latest = NOTHING;
  let largest: Largest = NOTHING;
  await isReady(child);
  child.on('message', (message: Sample) => {
    latest = message;
    largest = {
      rss: Math.max(largest.rss, message.rss),
      own: Math.max(largest.own, message.own),
      heap: Math.max(largest.heap, message.heap),
    };
  });
  return {
    pid: child.pid ?? 0,
    latest: () => latest,
    largest: () => largest,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function isReady(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the runtime ended before it was ready (${signal ?? code})`);
  });
  exited.catch(() => undefined);
  await Promise.race([once(child, 'message'), exited]);
}
