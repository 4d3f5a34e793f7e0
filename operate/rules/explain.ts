import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { SOURCE } from '../../events/bus-event.ts';
import type { Connection } from '../connection/connection.ts';
import type { BusEvent } from '../deliveries/event.ts';
import type { KnownEvent } from '../deliveries/known-event.ts';
import { type Clause, clausesOf } from './clauses.ts';
import type { DeployedRule } from './index.ts';
import { routeOptionsOf } from './route-options.ts';
import { pathsOf, type ValueAtPath, valuesAtPaths } from './values-at.ts';
import { readEvent, type Verdict, verdictOf } from './verdict.ts';

/** The explanation of a rule for an event: whether each clause matches, and the verdict after a match. */
export interface Explanation {
  readonly rule: string;
  /** undefined where it depends on what is not known of the event */
  readonly matches?: boolean | undefined;
  readonly clauses: readonly ExplainedClause[];
  /** whether the event is known in part only, so that what follows a match is not */
  readonly inPart?: boolean | undefined;
  /** undefined without a match, for a rule that was deployed without its options, and for an event that is known in part */
  readonly verdict?: Verdict | undefined;
}

export interface ExplainedClause extends Clause {
  /** undefined for a clause on what is not known of the event */
  readonly matches?: boolean | undefined;
  /** the event's value at each path of the clause */
  readonly found: readonly ValueAtPath[];
}

/**
 * Asks EventBridge itself about the whole pattern and about each clause alone. The verdict after a match is decided as
 * Validate decides it. Signatures are not checked.
 */
export async function explain(
  connection: Connection,
  rule: Pick<DeployedRule, 'name' | 'match'>,
  known: KnownEvent,
): Promise<Explanation> {
  const { event, knows } = known;
  const [matches, clauses] = await Promise.all([
    matchesKnown(connection, rule.match, known),
    Promise.all(clausesOf(rule.match).map((clause) => explainClause(connection, clause, known))),
  ]);
  const options = matches && !knows ? await routeOptionsOf(connection, rule) : undefined;
  return {
    rule: rule.name,
    matches,
    clauses,
    ...(knows ? { inPart: true } : {}),
    verdict: options && verdictOf(options, readEvent(event)),
  };
}

async function explainClause(
  connection: Connection,
  clause: Clause,
  known: KnownEvent,
): Promise<ExplainedClause> {
  const { pattern } = clause;
  if (!isKnown(pattern, known)) return { ...clause, matches: undefined, found: [] };
  const matches = await matchesDetail(connection, pattern, known.event);
  return { ...clause, matches, found: valuesAtPaths(known.event.detail, pattern) };
}

/** Whether an event is in a pattern on its detail, as far as is known of it: undefined where that does not decide. */
export async function matchesKnown(
  connection: Connection,
  match: Record<string, unknown>,
  known: KnownEvent,
): Promise<boolean | undefined> {
  if (isKnown(match, known)) return matchesDetail(connection, match, known.event);
  const patterns = clausesOf(match).map(({ pattern }) => pattern);
  const decided = patterns.filter((pattern) => isKnown(pattern, known));
  const each = await Promise.all(decided.map((pattern) => matchesDetail(connection, pattern, known.event)));
  return each.includes(false) ? false : undefined;
}

const isKnown = (pattern: Record<string, unknown>, { knows }: KnownEvent): boolean =>
  knows === undefined || pathsOf(pattern).every(knows);

/** Whether EventBridge finds the event in a pattern on its detail. */
export async function matchesDetail(
  { events }: Connection,
  detail: Record<string, unknown>,
  event: BusEvent,
): Promise<boolean> {
  const { Result } = await events.send(
    new TestEventPatternCommand({
      EventPattern: JSON.stringify({ source: [SOURCE], detail }),
      Event: JSON.stringify(event),
    }),
  );
  return Result ?? false;
}
