import { setTimeout as wait } from 'node:timers/promises';
import type { Measured } from './child.ts';
import type { Door } from './door.ts';
import { burst } from './flood.ts';

const LOOK_MS = 100;
const AT_ONCE = 64;

/** What draining comes to. */
export interface Drained {
  /** executions that ended in a second once the burst was accepted */
  readonly drainPerSecond: number;
  /** processor time of the runtime, and of its main thread, for each of these */
  readonly drainMs: { readonly cpu: number; readonly main: number };
}

/** Drains so many deliveries that were accepted as fast as they could be. */
export async function drain(
  runtime: Measured,
  door: Door,
  count: number,
  expected: () => number,
): Promise<Drained> {
  await burst(door, count, AT_ONCE);
  const [began, from] = [runtime.latest(), performance.now()];
  const drainedAt = await quiet(runtime, expected);
  const { ended, cpuMs, mainMs } = runtime.latest();
  const executions = ended - began.ended;
  return {
    drainPerSecond: executions / ((drainedAt - from) / 1000),
    drainMs: { cpu: (cpuMs - began.cpuMs) / executions, main: (mainMs - began.mainMs) / executions },
  };
}

// What is expected has ended, and nothing more comes.
const QUIET_MS = 3000;
// Nothing has ended for so long: what has not ended by then waits for something.
export const STUCK_MS = 180_000;

/** Waits until as many executions have ended, or none ends any more. @returns when the last one has ended */
export async function quiet(runtime: Measured, expected: () => number): Promise<number> {
  let [last, since] = [runtime.latest().ended, performance.now()];
  while (performance.now() - since < (last < expected() ? STUCK_MS : QUIET_MS)) {
    await wait(LOOK_MS);
    const { ended } = runtime.latest();
    if (ended !== last) [last, since] = [ended, performance.now()];
  }
  return since;
}
