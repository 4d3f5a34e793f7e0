import type { JsonObject } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import type { Execution, Status, Tables } from '../tables.ts';
import { detailed, type Journal, outputDetails } from './journal.ts';
import { Halt } from './signals.ts';

/** Why everything of an execution ends at once. */
export class Ended extends Error {
  override readonly name = 'Ended';
  constructor(
    readonly status: 'ABORTED' | 'TIMED_OUT',
    readonly error: string | undefined,
    readonly reason: string | undefined,
  ) {
    super(status);
  }
}

/** How an execution ends. */
export interface End {
  readonly status: Exclude<Status, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

const EVENTS = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  ABORTED: 'Aborted',
  TIMED_OUT: 'TimedOut',
} as const;

/** How an error ends an execution; undefined for the end of the process, which ends no execution. */
export function endOf(error: unknown): End | undefined {
  if (error instanceof Halt) return undefined;
  if (error instanceof Ended) return { status: error.status, error: error.error, cause: error.reason };
  if (error instanceof StateError) return { status: 'FAILED', error: error.error, cause: error.reason };
  return { status: 'FAILED', error: 'States.Runtime', cause: `the local runtime failed: ${String(error)}` };
}

/** Writes the end: the last event, the record, and where a redrive would go on. */
export function finish(tables: Tables, journal: Journal, execution: Execution, end: End): void {
  const details = { ...optional('error', end.error), ...optional('cause', end.cause) };
  const output = end.output === undefined ? {} : { output: end.output };
  const name = EVENTS[end.status];
  journal.end({
    type: `Execution${name}`,
    previousEventId: journal.last,
    ...detailed(
      `execution${name}EventDetails`,
      end.output === undefined ? details : { output: end.output, outputDetails },
    ),
  });
  const ended: Execution = { ...execution, status: end.status, stopDate: Date.now(), ...output, ...details };
  journal.write(() => {
    const position = tables.positions.get(execution.arn);
    if (position && end.status !== 'SUCCEEDED') void tables.stopped.put(execution.arn, position);
    void tables.positions.remove(execution.arn);
    void tables.executions.put(execution.arn, ended);
    void tables.untold.put(execution.arn, true);
  });
}

/** The member with its value; nothing for a value that is not there. */
function optional(name: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
