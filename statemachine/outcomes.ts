import { errors } from './errors.ts';

/** What a delivery ends in: the machine's last states, which its record and its commit status are told. */
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
  rejected: errors.rejected,
  malformed: errors.malformed,
  pullFailed: errors.pullFailed,
  publishFailed: 'PublishFailed',
  pipelineFailed: 'PipelineFailed',
  // what no state of the machine reports: the end of the execution is recorded
  failed: 'Failed',
  timedOut: 'TimedOut',
  stopped: 'Stopped',
} as const;

export type Outcome = (typeof outcomes)[keyof typeof outcomes];

/** What a delivery is shown with that no rule took: it has no execution, and its record is its line in the log of deliveries. */
export const UNMATCHED = 'Unmatched';

/** What needs nobody's attention. A list that a person looks at counts these deliveries, and shows them when asked. */
export const QUIET: readonly string[] = [outcomes.ignored, outcomes.pong, UNMATCHED];

/** What a record says while the pull runs: it is reported, and no outcome. */
export const PENDING = 'Pending';

/** The outcomes that anybody who finds the door can bring about: nothing is verified or recorded of them. */
export const REFUSED = [outcomes.rejected, outcomes.malformed] as const;

/** The outcomes of a verified delivery that failed: the record holds the error. */
export const FAILURES = [outcomes.pullFailed, outcomes.publishFailed, outcomes.pipelineFailed] as const;

/** The statuses of an execution that has ended without success. */
export const FAILED_STATUSES = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** What an execution that ended without a report is recorded as, by its status. */
export const unreported = {
  FAILED: outcomes.failed,
  TIMED_OUT: outcomes.timedOut,
  ABORTED: outcomes.stopped,
  SUCCEEDED: 'Succeeded',
} as const;
