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
  /** carries work out once; must not throw */
  attempt(work: T): Promise<NextAttempt<T>>;
  /** more to write in the transaction that takes done work out */
  done?(work: T): void;
  /** the work's name in a warning */
  nameOf(work: T): string;
}

// Work calls services of this process, which mostly wait for each other: more at a time makes nothing faster.
const CONCURRENCY = 32;
const MAX_TIMER = 2 ** 31 - 1;

export function diskQueue<T>(options: DiskQueueOptions<T>): DiskQueue<T> {
  const { cloud, queue, nameOf } = options;
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

  const wake = (): void => {
    clearTimeout(timer);
    if (!open) return;
    for (const { key, value } of queue.entries({ limit: running.size + CONCURRENCY })) {
      if (running.size >= cloud.foreground.room(CONCURRENCY)) return;
      if (running.has(JSON.stringify(key))) continue;
      const wait = Number(Array.isArray(key) ? key[0] : 0) - Date.now();
      if (wait > 0) {
        timer = setTimeout(wake, Math.min(wait, MAX_TIMER));
        return;
      }
      begin(key, value);
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
