import type { Catcher, Retrier } from '../definition/schema.ts';
import { ResultTooLarge, type StateError } from '../state-error.ts';

// States.ALL does not take it: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
const DATA_LIMIT = 'States.DataLimitExceeded';

/** The retrier that takes this error and has attempts left, with how long to wait in milliseconds. */
export function retryOf(
  retriers: readonly Retrier[],
  error: StateError,
  attempts: readonly number[],
): { index: number; delay: number } | undefined {
  const index = retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
  const retrier = retriers[index];
  const used = attempts[index] ?? 0;
  if (!retrier || used >= retrier.MaxAttempts) return undefined;
  return { index, delay: delayOf(retrier, used) };
}

function delayOf(
  { IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier,
  used: number,
): number {
  const seconds = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds ?? Infinity);
  return 1000 * (JitterStrategy === 'FULL' ? Math.random() * seconds : seconds);
}

/** The attempts with one more for this retrier. */
export function withAttempt(attempts: readonly number[], index: number): number[] {
  return Array.from(
    { length: Math.max(attempts.length, index + 1) },
    (_, i) => (attempts[i] ?? 0) + (i === index ? 1 : 0),
  );
}

/** The catcher that takes this error. */
export function catcherOf(catchers: readonly Catcher[], error: StateError): Catcher | undefined {
  return catchers.find(({ ErrorEquals }) => matches(ErrorEquals, error));
}

/** The error as the state that a catcher leads to gets it: both members are always there. */
export function errorOutput({ error = '', reason = '' }: StateError): Record<string, string> {
  return { Error: error, Cause: reason };
}

function matches(names: readonly string[], failure: StateError): boolean {
  const { error = '' } = failure;
  if (error === 'States.Runtime') return false;
  if (names.includes(error)) return true;
  if (names.includes('States.Timeout') && error === 'States.HeartbeatTimeout') return true;
  if (error === DATA_LIMIT && !(failure instanceof ResultTooLarge)) return false;
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout');
}
