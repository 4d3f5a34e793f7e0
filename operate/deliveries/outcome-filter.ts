import { FAILURES, outcomes, PENDING, REFUSED, UNMATCHED, unreported } from '../../statemachine/outcomes.ts';

export { QUIET, UNMATCHED } from '../../statemachine/outcomes.ts';

/** The word for a delivery that has no outcome yet. */
export const RUNNING = 'running';

const UNREPORTED: ReadonlySet<string> = new Set(Object.values(unreported));
const NAMES: ReadonlySet<string> = new Set([...Object.values(outcomes), ...UNREPORTED, UNMATCHED]);
const FAILED: readonly string[] = [...REFUSED, ...FAILURES, unreported.FAILED, unreported.TIMED_OUT];

/** Words for several outcomes. Who stops a delivery knows of it: `Stopped` is neither failed nor done. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [RUNNING]: [''],
  failed: FAILED,
  done: [...NAMES].filter((name) => !FAILED.includes(name) && name !== unreported.ABORTED),
};

// "failed" in any case is the group, which the outcome "Failed" is one of.
const WORDS = new Map<string, readonly string[]>([
  ...[...NAMES].map((name) => [name.toLowerCase(), [name]] as const),
  ...Object.entries(GROUPS),
]);

/** The words of an outcome filter: the groups, then the outcomes. */
export const OUTCOME_WORDS: readonly string[] = [
  ...Object.keys(GROUPS),
  ...[...NAMES].filter((name) => !(name.toLowerCase() in GROUPS)),
];

/**
 * The outcomes that a filter's text names. `''` stands for running deliveries, as the outcome and as the text. The text
 * has names and groups in any case, with commas between them, and `!` before one that is left out.
 * @throws for an unknown word, with the known ones, and for a text that leaves nothing over
 */
export function outcomesOf(text: string): ReadonlySet<string> {
  const words = text === '' ? [RUNNING] : text.split(',').map((word) => word.trim());
  const without = words.filter((word) => word.startsWith('!'));
  const named = words.filter((word) => !word.startsWith('!'));
  const wanted = new Set(named.length > 0 ? named.flatMap(outcomesOfWord) : ['', ...NAMES]);
  for (const word of without) for (const name of outcomesOfWord(word.slice(1))) wanted.delete(name);
  if (wanted.size === 0)
    throw new Error(`${JSON.stringify(text)} leaves no outcome: leave fewer of them out`);
  return wanted;
}

function outcomesOfWord(word: string): readonly string[] {
  const found = WORDS.get(word.toLowerCase());
  if (found) return found;
  throw new Error(`there is no outcome ${JSON.stringify(word)}: write one of ${OUTCOME_WORDS.join(', ')}`);
}

/** Whether a row's outcome is wanted. The name of an error that ended an execution counts as `Failed`. */
export function isWanted(wanted: ReadonlySet<string>, outcome: string): boolean {
  if (outcome === PENDING) return wanted.has('');
  return wanted.has(outcome === '' || NAMES.has(outcome) ? outcome : unreported.FAILED);
}

/**
 * The part of the filter that the table can answer: the outcomes that may be on record, and whether rows without an
 * outcome may be wanted. The end of an execution is on record a moment after it.
 */
export function recordedOutcomes(wanted: ReadonlySet<string>): {
  readonly names: readonly string[];
  readonly open: boolean;
} {
  const possible = [...wanted].filter((name) => name !== UNMATCHED);
  const names = possible.filter((name) => name !== '');
  return { names, open: possible.some((name) => name === '' || UNREPORTED.has(name)) };
}

/** The outcome of an ended execution by its own name: a duplicate alone succeeds without a report. */
export const endedAs = (outcome: string): string =>
  outcome === unreported.SUCCEEDED ? outcomes.duplicate : outcome;
