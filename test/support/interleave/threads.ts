import type { Random } from './random.ts';

/** What the scheduler lets a waiting call do: be made, or one of the ways in which a function breaks off. */
export type Decision = 'go' | 'die-before' | 'die-after' | 'cut' | 'fail';

/** Something that runs until its next call, and then waits to be let on. */
export interface Thread {
  readonly name: string;
  /** what it waits to do, `undefined` while it runs or sleeps */
  label: string | undefined;
  /** in the time of the run: when it goes on by itself */
  wakes: number | undefined;
  ended: boolean;
  now(): number;
  pause(label: string): Promise<Decision>;
  sleep(ms: number): Promise<void>;
}

/** The one clock of a run: functions read it as `Date.now()`. */
export interface Threads {
  now(): number;
  advance(ms: number): void;
  spawn(name: string, body: (thread: Thread) => Promise<void>): Thread;
  /** a thread that is begun by another's call that goes on without it */
  adopt(name: string): Thread;
  end(thread: Thread): void;
  /** resolves when each thread waits, sleeps or has ended */
  settled(): Promise<void>;
  resume(thread: Thread, decision: Decision): void;
  readonly all: Thread[];
  /** what a thread threw, which no run may */
  readonly errors: unknown[];
}

interface Waiting extends Thread {
  go?: ((decision: Decision) => void) | undefined;
}

export function threads(start: number): Threads {
  let clock = start;
  let running = 0;
  let quiet: (() => void) | undefined;
  const all: Waiting[] = [];
  const errors: unknown[] = [];
  const stops = (): void => {
    running -= 1;
    if (running === 0) quiet?.();
  };
  const make = (name: string): Waiting => {
    const thread: Waiting = {
      name,
      label: undefined,
      wakes: undefined,
      ended: false,
      now: () => clock,
      pause: (label) =>
        new Promise((resolve) => {
          thread.label = label;
          thread.go = resolve;
          stops();
        }),
      sleep: (ms) =>
        new Promise((resolve) => {
          thread.wakes = clock + ms;
          thread.go = () => resolve();
          stops();
        }),
    };
    all.push(thread);
    running += 1;
    return thread;
  };
  const end = (thread: Thread): void => {
    if (thread.ended) return;
    const idle = thread.label !== undefined || thread.wakes !== undefined;
    thread.ended = true;
    thread.label = undefined;
    thread.wakes = undefined;
    if (!idle) stops();
  };
  return {
    all,
    errors,
    now: () => clock,
    advance: (ms) => {
      clock += ms;
    },
    adopt: make,
    end,
    spawn: (name, body) => {
      const thread = make(name);
      void body(thread)
        .catch((error: unknown) => errors.push(error))
        .finally(() => end(thread));
      return thread;
    },
    settled: () =>
      running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            quiet = () => {
              quiet = undefined;
              resolve();
            };
          }),
    resume: (thread, decision) => {
      const waiting = all.find((each) => each === thread);
      const go = waiting?.go;
      if (!waiting || !go) throw new Error(`${thread.name} does not wait: resume one that does`);
      waiting.go = undefined;
      thread.label = undefined;
      thread.wakes = undefined;
      running += 1;
      go(decision);
    },
  };
}

/**
 * Chooses who goes on: often the one that went last, so that others stand still in the middle of something.
 * @param restless how often another is chosen, from 0 to 1
 */
export function chooser(random: Random, restless: number): (ready: readonly Thread[]) => Thread {
  let last: Thread | undefined;
  let slow = new Set<Thread>();
  return (ready) => {
    if (random.chance(0.03)) slow = new Set(ready.filter(() => random.chance(0.5)));
    const quick = ready.filter((thread) => !slow.has(thread));
    const from = quick.length > 0 ? quick : ready;
    if (!last || !from.includes(last) || random.chance(restless)) last = random.pick(from);
    return last;
  };
}
