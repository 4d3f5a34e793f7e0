import type { Connection } from '../connection/connection.ts';
import { type Explanation, explain } from '../rules/explain.ts';
import { listRules } from '../rules/index.ts';
import { eventOfLine } from './known-event.ts';
import type { DeliveryRow } from './row.ts';
import { unmatchedById } from './unmatched.ts';

/** A delivery that no rule took: its record, and why each rule that is on now does not match it. */
export interface UnmatchedDetail {
  readonly row: DeliveryRow;
  /** of the body, about; 0 where the record does not say */
  readonly bytes: number;
  readonly explanations: readonly Explanation[];
}

/** @throws for a delivery that a rule has taken */
export async function describeUnmatched(connection: Connection, row: DeliveryRow): Promise<UnmatchedDetail> {
  const found = await unmatchedById(connection, row.id);
  if (!found) throw new Error(`the delivery ${row.deliveryId} is not one that no rule took`);
  const known = eventOfLine(found.line, row.receivedAt);
  const rules = (await listRules(connection)).filter(({ enabled }) => enabled);
  const explanations = await Promise.all(rules.map((rule) => explain(connection, rule, known)));
  return { row, bytes: found.line.bytes, explanations };
}
