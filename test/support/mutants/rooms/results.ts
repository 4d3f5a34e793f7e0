import type { RoomMutant } from './room-mutant.ts';

/** What became of a mutant. `left` was not tried for want of time. */
export type Status = 'killed' | 'survived' | 'uncovered' | 'excused' | 'left';

export interface Result {
  readonly mutant: RoomMutant;
  readonly status: Status;
  /** the test that failed */
  readonly by?: string | undefined;
}

/** Shares of what was tried and is not excused, in percent. */
export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  readonly uncovered: number;
  readonly excused: number;
  readonly left: number;
  readonly ofCovered: number;
  readonly ofAll: number;
}

const FLOOR_OF_COVERED = 90;
const FLOOR_OF_ALL = 85;

export function score(results: readonly Result[]): Score {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  const [killed, survived, uncovered] = [count('killed'), count('survived'), count('uncovered')];
  return {
    mutants: results.length,
    killed,
    survived,
    uncovered,
    excused: count('excused'),
    left: count('left'),
    ofCovered: percent(killed, killed + survived),
    ofAll: percent(killed, killed + survived + uncovered),
  };
}

export const holds = ({ ofCovered, ofAll }: Score): boolean =>
  ofCovered >= FLOOR_OF_COVERED && ofAll >= FLOOR_OF_ALL;

const percent = (part: number, whole: number): number =>
  whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10;

/** A line of a report. */
export function describeScore(room: string, found: Score): string {
  const { mutants, killed, survived, uncovered, excused, left, ofCovered, ofAll } = found;
  const counts = `${mutants} mutants: ${killed} killed, ${survived} survived, ${uncovered} come to by no test, ${excused} excused, ${left} not tried`;
  const floor = holds(found) ? '' : `: BELOW THE FLOOR of ${FLOOR_OF_COVERED} % and ${FLOOR_OF_ALL} %`;
  return `${room}: ${counts}; ${ofCovered} % of what tests come to, ${ofAll} % of all${floor}`;
}

export function describeResult({ mutant, status }: Result): string {
  const { file, line, code, replacement } = mutant;
  return `${file}:${line} ${status}: ${oneLine(code)}  ->  ${oneLine(replacement)}`;
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
};
