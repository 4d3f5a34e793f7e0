import type { RoomMutant } from './room-mutant.ts';

/** What became of a mutant. `left` was not tried for want of time. */
export type Status = 'killed' | 'survived' | 'uncovered' | 'excused' | 'left';

export interface Result {
  readonly mutant: RoomMutant;
  readonly status: Status;
  /** the test that failed */
  readonly by?: string | undefined;
  /** it survived the nearest tests, and others that may find it were not run for want of time */
  readonly partly?: boolean;
}

/**
 * The shares are those of what is not excused, in percent; where not all was tried, what was tried stands for the rest. What only
 * the nearest tests have not found is named, and is not in the shares: in a run that had no time for the others, it says nothing of them.
 */
export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  /** those of `survived` that tests which were not run may find */
  readonly partly: number;
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
  const partly = results.filter((result) => result.partly).length;
  const counted = results.length - count('excused');
  const tried = killed + survived - partly;
  const found = tried === 0 ? 1 : killed / tried;
  const covered = counted === 0 ? 1 : (counted - uncovered) / counted;
  return {
    mutants: results.length,
    killed,
    survived,
    partly,
    uncovered,
    excused: count('excused'),
    left: count('left'),
    ofCovered: percent(found),
    ofAll: percent(found * covered),
  };
}

export function holds(score: Score): boolean {
  const chance = chanceOf(score);
  return score.ofCovered >= FLOOR_OF_COVERED - chance && score.ofAll >= FLOOR_OF_ALL - chance;
}

// Of a normal distribution, one in twenty is so many deviations below its middle or more.
const DEVIATIONS = 1.645;

/** What tries of a part may be too low by, in percent, where all together are at the floor: nothing, where all was tried. */
function chanceOf({ killed, survived, partly, left }: Score): number {
  const tried = killed + survived - partly;
  if (tried === 0) return 0;
  const share = FLOOR_OF_COVERED / 100;
  return (
    100 *
    DEVIATIONS *
    Math.sqrt(((share * (1 - share)) / tried) * ((left + partly) / (tried + left + partly)))
  );
}

// Rounded down, past what floating point leaves of a whole number.
const percent = (share: number): number => Math.floor(1000 * share + 1e-9) / 10;

/** A line of a report. */
export function describeScore(room: string, found: Score): string {
  const { mutants, killed, survived, partly, uncovered, excused, left, ofCovered, ofAll } = found;
  const unsure = partly === 0 ? '' : ` (${partly} of them the nearest tests alone)`;
  const counts = `${mutants} mutants: ${killed} killed, ${survived} survived${unsure}, ${uncovered} come to by no test, ${excused} excused, ${left} not tried`;
  if (killed + survived + uncovered === 0) return `${room}: ${counts}`;
  const floor = holds(found) ? '' : `: BELOW THE FLOOR of ${FLOOR_OF_COVERED} % and ${FLOOR_OF_ALL} %`;
  return `${room}: ${counts}; ${ofCovered} % of what tests come to, ${ofAll} % of all${floor}`;
}

export function describeResult({ mutant, status, partly }: Result): string {
  const { file, line, code, replacement } = mutant;
  return `${file}:${line} ${status}${partly ? ' the nearest tests' : ''}: ${oneLine(code)}  ->  ${oneLine(replacement)}`;
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
};
