import { outcomes, PENDING, UNMATCHED, unreported } from '../../../statemachine/outcomes.ts';

/** The colour class of an outcome or a status. */
export type Tone = 'good' | 'plain' | 'busy' | 'bad' | 'warn';

const OUTCOMES: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  '': ['Running', 'busy'],
  [PENDING]: ['Running', 'busy'],
  [outcomes.pong]: ['Pong', 'plain'],
  [outcomes.ignored]: ['Ignored', 'plain'],
  [UNMATCHED]: ['Unmatched', 'plain'],
  [outcomes.duplicate]: ['Duplicate', 'plain'],
  [outcomes.unchanged]: ['Unchanged', 'plain'],
  [outcomes.superseded]: ['Superseded', 'warn'],
  [outcomes.refGone]: ['Ref gone', 'warn'],
  [outcomes.refRetired]: ['Ref retired', 'plain'],
  [outcomes.published]: ['Published', 'good'],
  [outcomes.pipelineStarted]: ['Pipeline started', 'good'],
  [outcomes.pipelineDeleted]: ['Pipeline deleted', 'good'],
  [unreported.SUCCEEDED]: ['Succeeded', 'good'],
  [outcomes.rejected]: ['Rejected', 'bad'],
  [outcomes.malformed]: ['Malformed', 'bad'],
  [outcomes.pullFailed]: ['Pull failed', 'bad'],
  [outcomes.publishFailed]: ['Publish failed', 'bad'],
  [outcomes.pipelineFailed]: ['Pipeline failed', 'bad'],
  [outcomes.teardownFailed]: ['Teardown failed', 'bad'],
  [unreported.FAILED]: ['Failed', 'bad'],
  [unreported.TIMED_OUT]: ['Timed out', 'bad'],
  [unreported.ABORTED]: ['Stopped', 'warn'],
};

/** The outcomes that the list's filter offers, in the order of a delivery's way. */
export const FILTER_OUTCOMES: readonly string[] = [
  outcomes.pipelineStarted,
  outcomes.published,
  outcomes.superseded,
  outcomes.unchanged,
  outcomes.refGone,
  outcomes.refRetired,
  outcomes.pipelineDeleted,
  outcomes.pong,
  outcomes.ignored,
  UNMATCHED,
  outcomes.pullFailed,
  outcomes.publishFailed,
  outcomes.pipelineFailed,
  outcomes.teardownFailed,
  outcomes.rejected,
  outcomes.malformed,
  unreported.TIMED_OUT,
  unreported.ABORTED,
];

export const wordsOf = (outcome: string): string => OUTCOMES[outcome]?.[0] ?? outcome;
export const toneOf = (outcome: string): Tone => OUTCOMES[outcome]?.[1] ?? 'bad';
