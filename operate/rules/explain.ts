import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { SOURCE } from '../../events/bus-event.ts';
import type { Connection } from '../connection/connection.ts';
import type { BusEvent } from '../deliveries/event.ts';
import { type Clause, clausesOf } from './clauses.ts';
import type { DeployedRule } from './index.ts';
import { routeOptionsOf } from './route-options.ts';
import { type ValueAtPath, valuesAtPaths } from './values-at.ts';
import { readEvent, type Verdict, verdictOf } from './verdict.ts';

/** The explanation of a rule for an event: whether each clause matches, and the verdict after a match. */
export interface Explanation {
  readonly rule: string;
  readonly matches: boolean;
  readonly clauses: readonly ExplainedClause[];
  /** undefined without a match, and for a rule that was deployed without its options */
  readonly verdict?: Verdict | undefined;
}

export interface ExplainedClause extends Clause {
  readonly matches: boolean;
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
  event: BusEvent,
): Promise<Explanation> {
  const clauses = clausesOf(rule.match);
  const [matches = false, ...each] = await Promise.all(
    [rule.match, ...clauses.map(({ pattern }) => pattern)].map((pattern) =>
      matchesDetail(connection, pattern, event),
    ),
  );
  const options = matches ? await routeOptionsOf(connection, rule) : undefined;
  return {
    rule: rule.name,
    matches,
    clauses: clauses.map((clause, index) => ({
      ...clause,
      matches: each[index] ?? false,
      found: valuesAtPaths(event.detail, clause.pattern),
    })),
    verdict: options && verdictOf(options, readEvent(event)),
  };
}

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
