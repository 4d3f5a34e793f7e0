import type { Row } from './rows.ts';

export interface KillRow extends Row {
  /** what is killed while the host sends its pack: the git that fetches, or so many parents above it */
  readonly above: number;
  readonly times: number;
}

/** What is killed of a build, by what becomes of the push. */
export const KILL_ROWS: readonly KillRow[] = [
  { what: 'Its git is killed once', above: 0, times: 1, outcome: 'Published' },
  { what: 'Its git is killed three times', above: 0, times: 3, outcome: 'Published', builds: 2 },
  { what: 'The program that pulls is killed', above: 1, times: 1, outcome: 'Published', builds: 2 },
  { what: 'The whole build is killed', above: 2, times: 1, outcome: 'Published', builds: 2 },
];
