import type { Delivery } from './delivery.ts';
import { filterPaths, type PathFilter } from './path-filter.ts';
import { skipWordIn } from './skip-words.ts';

/** The part of a rule that decides by what a commit changes and says. */
export interface ChangeFilter extends PathFilter {
  readonly skip?: readonly 'ci-words'[] | undefined;
}

/** What a payload tells of the delivered commit: undefined where it tells nothing, or not all. */
export interface Told {
  /** the files that the push changed */
  readonly changed: readonly string[] | undefined;
  /** the message of its newest commit */
  readonly message?: string | undefined;
}

/** The parts of a rule's filter that only git decides. */
export type OpenFilter = 'paths' | 'skip';

/** A decision by the filter. */
export interface Filtered {
  readonly passes: boolean;
  readonly reason: string;
  /** whether the changed files decided */
  readonly byPaths: boolean;
  readonly open: readonly OpenFilter[];
}

/** Whether a rule takes a delivery by what its commit changes and says; undefined for a rule that asks for neither. */
export function filterChange(rule: ChangeFilter, delivery: Delivery, told: Told): Filtered | undefined {
  const { skip, paths, 'paths-ignore': ignored } = rule;
  if (!isFiltered(delivery) || (!skip && !paths && !ignored)) return undefined;
  const word = skip && told.message !== undefined ? skipWordIn(told.message) : undefined;
  if (word) return { passes: false, reason: skipped(word), byPaths: false, open: [] };
  const open = skip && told.message === undefined ? (['skip'] as const) : [];
  const filtered = filterPaths(rule, told.changed);
  if (filtered && told.changed) return { ...filtered, byPaths: true, open: filtered.passes ? open : [] };
  const isTag = delivery.ref?.startsWith('refs/tags/') ?? false;
  if (filtered && isTag)
    return { passes: true, reason: 'a path filter is for branches, and passes a tag', byPaths: true, open };
  const left = filtered ? ([...open, 'paths'] as const) : open;
  return left.length > 0
    ? { passes: true, reason: leftWords(left), byPaths: filtered !== undefined, open: left }
    : undefined;
}

/** GitHub Actions filters these two events, and no other. */
const isFiltered = ({ event, pullRequest }: Delivery): boolean =>
  event === 'push' || pullRequest !== undefined;

export const skipped = (word: string): string => `the commit's message says ${word}`;

const WHAT = { paths: 'the payload does not list every file', skip: "the payload has no commit's message" };

const leftWords = (open: readonly OpenFilter[]): string =>
  `${open.map((each) => WHAT[each]).join(', and ')}: the pull decides by git`;
