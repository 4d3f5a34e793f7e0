import { fold } from '../fold.ts';
import type { JsonObject } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import { type Execution, placeOf, type Status, type Tables } from '../tables.ts';
import { keepText } from '../texts.ts';
import { eventDetails, type Journal, outputDetails } from './journal.ts';
import { Halt } from './signals.ts';

/** The reason why all lines of an execution end at once. */
export class ExecutionEnded extends Error {
  override readonly name = 'Ended';
  constructor(
    readonly status: 'ABORTED' | 'TIMED_OUT',
    readonly error: string | undefined,
    readonly reason: string | undefined,
  ) {
    super(status);
  }
}

/** The end of an execution: its status, and its output or error. */
export interface ExecutionEnd {
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

/** The end of an execution by an error; undefined for the end of the process, which ends no execution. */
export function endOf(error: unknown): ExecutionEnd | undefined {
  if (error instanceof Halt) return undefined;
  if (error instanceof ExecutionEnded)
    return { status: error.status, error: error.error, cause: error.reason };
  if (error instanceof StateError) return { status: 'FAILED', error: error.error, cause: error.reason };
  return { status: 'FAILED', error: 'States.Runtime', cause: `the local runtime failed: ${String(error)}` };
}

/** Writes the end: the last event, the record, and where a redrive would go on. */
export function finish(tables: Tables, journal: Journal, execution: Execution, end: ExecutionEnd): void {
  const details = { ...optional('error', end.error), ...optional('cause', end.cause) };
  const name = EVENTS[end.status];
  journal.end({
    type: `Execution${name}`,
    previousEventId: journal.last,
    ...eventDetails(
      `execution${name}EventDetails`,
      end.output === undefined ? details : { output: end.output, outputDetails },
    ),
  });
  const stopDate = Date.now();
  journal.write((known) => {
    const { arn } = execution;
    const output = end.output === undefined ? {} : { output: keepText(tables, arn, end.output, known) };
    const ended: Execution = { ...execution, status: end.status, stopDate, ...output, ...details };
    const position = tables.positions.get(arn);
    if (position && end.status !== 'SUCCEEDED') void tables.stopped.put(arn, position);
    if (end.status !== 'SUCCEEDED') void tables.unsuccessful.put(placeOf(execution), arn);
    void tables.positions.remove(arn);
    void tables.executions.put(arn, ended);
    void tables.untold.put(arn, true);
    if (end.status === 'SUCCEEDED') fold(tables, arn, known);
  });
}

/** The member with its value; nothing for a value that is not there. */
function optional(name: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
