import type { NamedRule } from '../../events/rule.ts';
import { ruleOptions } from '../../events/rule-input.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, deliveryPages } from '../deliveries/index.ts';
import { keptEventOf } from '../deliveries/known-event.ts';
import { matchesKnown } from './explain.ts';
import { readEvent, type Verdict, verdictOf } from './verdict.ts';

/** What a rule that is not deployed would do with the last deliveries. */
export interface Trial {
  /** how many deliveries were looked at */
  readonly tried: number;
  /** deliveries of which too little is kept to tell */
  readonly unknown: number;
  /** those that the rule would take, newest first */
  readonly taken: readonly Taken[];
}

export interface Taken {
  readonly row: DeliveryRow;
  /** undefined for a delivery that is known in part */
  readonly verdict: Verdict | undefined;
}

// EventBridge and Step Functions throttle the calls.
const AT_ONCE = 10;

/** Holds a rule against the newest deliveries, whatever became of them. @param last how many of them */
export async function tryRule(connection: Connection, rule: NamedRule, last: number): Promise<Trial> {
  const rows = await lastDeliveries(connection, last);
  const found: (Taken | 'unknown' | undefined)[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE)
    found.push(
      ...(await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => tryOn(connection, rule, row)))),
    );
  return {
    tried: rows.length,
    unknown: found.filter((each) => each === 'unknown').length,
    taken: found.filter((each) => each !== 'unknown' && each !== undefined),
  };
}

/** One row for each delivery: what a rule does with it is the same for every run. */
async function lastDeliveries(connection: Connection, last: number): Promise<DeliveryRow[]> {
  const rows = new Map<string, DeliveryRow>();
  for await (const page of deliveryPages(connection, { limit: last })) {
    for (const row of page) {
      const key = `${row.host}#${row.deliveryId || row.id}`;
      if (!rows.has(key)) rows.set(key, row);
    }
    if (rows.size >= last) break;
  }
  return [...rows.values()].slice(0, last);
}

async function tryOn(
  connection: Connection,
  rule: NamedRule,
  row: DeliveryRow,
): Promise<Taken | 'unknown' | undefined> {
  const known = await keptEventOf(connection, row);
  const matches = known && (await matchesKnown(connection, rule.match, known));
  if (matches === undefined || !known) return 'unknown';
  if (!matches) return undefined;
  return { row, verdict: known.knows ? undefined : verdictOf(ruleOptions(rule), readEvent(known.event)) };
}
