import type { Route } from '../events/decision.ts';
import { errors } from './errors.ts';

/**
 * The outcomes of a delivery: the names of the machine's last states, which the delivery's record and commit status
 * hold.
 */
export const outcomes = {
  pong: 'Pong',
  ignored: 'Ignored',
  duplicate: 'Duplicate',
  unchanged: errors.unchanged,
  superseded: errors.superseded,
  refGone: 'RefGone',
  refRetired: 'RefRetired',
  published: 'Published',
  pipelineStarted: 'PipelineStarted',
  pipelineDeleted: 'PipelineDeleted',
  rejected: errors.rejected,
  malformed: errors.malformed,
  pullFailed: errors.pullFailed,
  publishFailed: 'PublishFailed',
  pipelineFailed: 'PipelineFailed',
  teardownFailed: errors.teardownFailed,
  // no state of the machine reports these three: RecordEnd records the end of the execution
  failed: 'Failed',
  timedOut: 'TimedOut',
  stopped: 'Stopped',
} as const;

export type Outcome = (typeof outcomes)[keyof typeof outcomes];

/** What a delivery is shown with that no rule took: it has no execution, and its record is its line in the log of deliveries. */
export const UNMATCHED = 'Unmatched';

/** What needs nobody's attention. A list that a person looks at counts these deliveries, and shows them when asked. */
export const QUIET: readonly string[] = [outcomes.ignored, outcomes.pong, UNMATCHED];

/** The outcome in a record while the pull runs. The machine reports it, and no delivery ends in it. */
export const PENDING = 'Pending';

/** The outcomes that anybody who finds the door can cause: nothing of such a delivery is verified or recorded. */
export const REFUSED = [outcomes.rejected, outcomes.malformed] as const;

/** The outcomes of a verified delivery that failed: the record holds the error. */
export const FAILURES = [
  outcomes.pullFailed,
  outcomes.publishFailed,
  outcomes.pipelineFailed,
  outcomes.teardownFailed,
] as const;

/** The outcome that a route ends in at once, or the state that goes on with the delivery. */
export const stateOfRoute = {
  ping: outcomes.pong,
  ignored: outcomes.ignored,
  pull: 'Pull',
  retire: 'Retire',
  close: outcomes.ignored,
  approve: 'Approve',
} as const satisfies Readonly<Record<Route, string>>;

/** The outcomes that RecordEnd records: the execution has ended without a report, and may be redriven. */
export const UNREPORTED = [outcomes.failed, outcomes.timedOut, outcomes.stopped] as const;

/** The statuses of an execution that has ended without success. */
export const FAILED_STATUSES = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** The recorded outcome of an execution that ended without a report, by the execution's status. */
export const unreported = {
  FAILED: outcomes.failed,
  TIMED_OUT: outcomes.timedOut,
  ABORTED: outcomes.stopped,
  SUCCEEDED: 'Succeeded',
} as const;
