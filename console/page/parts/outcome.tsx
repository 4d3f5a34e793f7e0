/** How an outcome reads, and which of the few colours it has. */
export type Tone = 'good' | 'plain' | 'busy' | 'bad' | 'warn';

const OUTCOMES: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  '': ['Running', 'busy'],
  Pending: ['Running', 'busy'],
  Pong: ['Pong', 'plain'],
  Ignored: ['Ignored', 'plain'],
  Duplicate: ['Duplicate', 'plain'],
  Unchanged: ['Unchanged', 'plain'],
  Superseded: ['Superseded', 'warn'],
  RefGone: ['Ref gone', 'warn'],
  RefRetired: ['Ref retired', 'plain'],
  Published: ['Published', 'good'],
  PipelineStarted: ['Pipeline started', 'good'],
  Succeeded: ['Succeeded', 'good'],
  Rejected: ['Rejected', 'bad'],
  Malformed: ['Malformed', 'bad'],
  PullFailed: ['Pull failed', 'bad'],
  PublishFailed: ['Publish failed', 'bad'],
  PipelineFailed: ['Pipeline failed', 'bad'],
  Failed: ['Failed', 'bad'],
  TimedOut: ['Timed out', 'bad'],
  Stopped: ['Stopped', 'warn'],
};

/** The outcomes that a list can be filtered by, in the order of a delivery's way. */
export const FILTER_OUTCOMES = [
  'PipelineStarted',
  'Published',
  'Superseded',
  'Unchanged',
  'RefGone',
  'RefRetired',
  'Pong',
  'Ignored',
  'PullFailed',
  'PublishFailed',
  'PipelineFailed',
  'Rejected',
  'Malformed',
  'Failed',
  'TimedOut',
  'Stopped',
];

export const wordsOf = (outcome: string): string => OUTCOMES[outcome]?.[0] ?? outcome;
export const toneOf = (outcome: string): Tone => OUTCOMES[outcome]?.[1] ?? 'bad';

export function Outcome({ outcome }: { readonly outcome: string }) {
  return <span className={`outcome ${toneOf(outcome)}`}>{wordsOf(outcome)}</span>;
}
