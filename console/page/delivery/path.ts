import type { DeliveryAnswer, Step } from '../../api.ts';
import type { Tone } from '../parts/outcome.tsx';

export type Status = Step['status'];

/** How a state's status looks, here and in the picture. */
export const TONES: Readonly<Record<Status, Tone>> = {
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  caught: 'warn',
  stopped: 'warn',
};

export const WORDS: Readonly<Record<Status, string>> = {
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  caught: 'failed, and was dealt with',
  stopped: 'stopped',
};

/** The state to show until the reader chooses one: the one that runs, else the first that failed, else the last. */
export function telling(steps: readonly Step[]): number {
  const running = steps.findLastIndex(({ status }) => status === 'running');
  if (running >= 0) return running;
  const failedStep = steps.findIndex(({ status }) => status === 'caught' || status === 'failed');
  return failedStep >= 0 ? failedStep : steps.length - 1;
}

/** The status of each state that was entered, as it was the last time. */
export function statusByState(steps: readonly Step[]): ReadonlyMap<string, Status> {
  return new Map(steps.map(({ name, status }) => [name, status]));
}

/** The transitions that were taken, each as `from→to`. */
export function taken(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.slice(1).map(({ name }, index) => arrow(steps[index]?.name ?? '', name)));
}

export const arrow = (from: string, to: string): string => `${from}→${to}`;

export const runs = ({ execution }: DeliveryAnswer): boolean => execution.status === 'RUNNING';

/** How long a state took, or has taken. */
export const tookMs = ({ startedAt, endedAt }: Step, now: number): number =>
  (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt);
