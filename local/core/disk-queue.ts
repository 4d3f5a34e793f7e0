import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { Collection, Key } from './store.ts';
import { untilWritten } from './until-written.ts';

/** The follow-up of an attempt: none, or another attempt at this work at this time. */
export type NextAttempt<T> = 'done' | { readonly due: number; readonly work: T };

/** Work on disk, carried out a few pieces at a time in the order in which they are due. */
export interface DiskQueue<T> {
  /** puts work in, inside of a transaction of the store */
  write(due: number, work: T): void;
  /** looks for work that is due; call it after the transaction */
  wake(): void;
  start(): void;
  stop(): Promise<void>;
}

export interface DiskQueueOptions<T> {
  readonly cloud: Pick<Cloud, 'store' | 'warn' | 'foreground'>;
  /** by `[due, sequence, id]` */
  readonly queue: Collection<T>;
  /** how long work waits at most, in ms. What would wait longer was written before the clock was set back, and is due at once */
  readonly longestWait: number;
  /** whether work waits longer all the same, as somebody has asked for that */
  mayWaitLonger?(work: T): boolean;
  /** carries work out once; must not throw */
  attempt(work: T): Promise<NextAttempt<T>>;
  /** more to write in the transaction that takes done work out */
  done?(work: T): void;
  /** the work's name in a warning */
  nameOf(work: T): string;
}

// Work calls services of this process, which mostly wait for each other: more at a time makes nothing faster.
const CONCURRENCY = 32;
// The clock may be set while a timer runs, which does not hear of that.
const LOOK_MS = 60_000;

export function diskQueue<T>(options: DiskQueueOptions<T>): DiskQueue<T> {
  const { cloud, queue, longestWait, mayWaitLonger, nameOf } = options;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let open = false;
  let sequence = 0;

  const write = (due: number, work: T): void => void queue.put([due, sequence++, randomUUID()], work);

  const begin = (key: Key, work: T): void => {
    const id = JSON.stringify(key);
    const ended = carryOut(options, key, work, write, stopping.signal).then(
      () => {
        running.delete(id);
        wake();
      },
      // The row stays marked as running, so that the work is taken up at the next start and not at once, over and over.
      (error) => cloud.warn(`${nameOf(work)} could not be noted: ${String(error)}`),
    );
    running.set(id, ended);
  };

  function* due(now: number): Iterable<{ key: Key; value: T }> {
    yield* queue.entries({ end: [now + 1], limit: running.size + CONCURRENCY });
    for (const entry of queue.entries({ start: [now + longestWait + 1] }))
      if (!mayWaitLonger?.(entry.value)) yield entry;
  }

  const wake = (): void => {
    clearTimeout(timer);
    if (!open) return;
    const now = Date.now();
    for (const { key, value } of due(now)) {
      if (running.size >= cloud.foreground.room(CONCURRENCY)) return;
      if (!running.has(JSON.stringify(key))) begin(key, value);
    }
    for (const { key } of queue.entries({ start: [now + 1], limit: 1 })) {
      const wait = Number(Array.isArray(key) ? key[0] : 0) - now;
      timer = setTimeout(wake, Math.min(wait, LOOK_MS));
    }
  };

  cloud.foreground.onQuiet(wake);
  return {
    write,
    wake,
    start: () => {
      open = true;
      wake();
    },
    stop: async () => {
      open = false;
      stopping.abort();
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** Tries a piece of work once, and notes what follows: on a full disk when there is room, without another try. */
async function carryOut<T>(
  { cloud, queue, attempt, done, nameOf }: DiskQueueOptions<T>,
  key: Key,
  work: T,
  write: DiskQueue<T>['write'],
  stopping: AbortSignal,
): Promise<void> {
  const next = await attempt(work);
  const note = (): Promise<void> =>
    cloud.store.transaction(() => {
      void queue.remove(key);
      if (next === 'done') done?.(work);
      else write(next.due, next.work);
    });
  const failed = ({ message }: Error): void =>
    cloud.warn(`${nameOf(work)} is noted once that can be written: ${message}`);
  await untilWritten(note, { stopping, failed });
}
