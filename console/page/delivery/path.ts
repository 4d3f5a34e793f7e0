import type { DeliveryAnswer, Step } from '../../api.ts';
import type { Tone } from '../parts/outcome-words.ts';

export type Status = Step['status'];

/** The colour of a state's status, in the list of steps and in the picture. */
export const STATUS_TONES: Readonly<Record<Status, Tone>> = {
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  caught: 'warn',
  stopped: 'warn',
};

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  caught: 'failed, and the machine went on',
  stopped: 'stopped',
};

/**
 * The index of the step to show until the reader chooses one: the running step, else the first failed, else the last.
 */
export function stepToShow(steps: readonly Step[]): number {
  const running = steps.findLastIndex(({ status }) => status === 'running');
  if (running >= 0) return running;
  const failedStep = steps.findIndex(({ status }) => status === 'caught' || status === 'failed');
  return failedStep >= 0 ? failedStep : steps.length - 1;
}

/** The status of each entered state, at its last entry. */
export function statusByState(steps: readonly Step[]): ReadonlyMap<string, Status> {
  return new Map(steps.map(({ name, status }) => [name, status]));
}

/** The taken transitions, each as `from→to`. */
export function takenTransitions(steps: readonly Pick<Step, 'name'>[]): ReadonlySet<string> {
  return new Set(steps.slice(1).map(({ name }, index) => transitionKey(steps[index]?.name ?? '', name)));
}

export const transitionKey = (from: string, to: string): string => `${from}→${to}`;

export const isRunning = ({ execution }: DeliveryAnswer): boolean => execution.status === 'RUNNING';

/** The duration of a step, until `now` while the step runs. */
export const stepDurationMs = ({ startedAt, endedAt }: Step, now: number): number =>
  (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt);
