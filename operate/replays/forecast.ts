import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection/connection.ts';
import { eventOf } from '../deliveries/event.ts';
import { type DeliveryRow, deliveryPages } from '../deliveries/index.ts';
import { type DeployedRule, matchesDetail, rulesNamed } from '../rules/index.ts';
import { checkSpan, type Span } from './replay.ts';
import { isWithin } from './tally.ts';

/** What a replay of a span would do, from the deliveries on record. */
export interface Forecast {
  /** distinct deliveries of the span */
  readonly deliveries: number;
  /** how many of them each rule would take */
  readonly matches: Readonly<Record<string, number>>;
  /** deliveries that cannot be looked into: too large for an execution's input, or of one that is kept no more */
  readonly unknown: number;
}

/**
 * Counts what a replay would match. The archive itself cannot be read, so each delivery that some rule has taken is
 * asked of EventBridge with the rule's pattern; what no rule took then is not on record.
 */
export async function forecast(
  connection: Connection,
  span: Span,
  names: readonly string[],
  progress: (done: number, all: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Forecast> {
  checkSpan(span);
  const rules = await rulesNamed(connection, names);
  const rows = await deliveriesIn(connection, span, signal);
  const matches = Object.fromEntries(rules.map(({ name }) => [name, 0]));
  let unknown = 0;
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    const found = await matchingRules(connection, row, rules);
    if (!found) unknown += 1;
    for (const name of found ?? []) matches[name] = (matches[name] ?? 0) + 1;
    progress(index + 1, rows.length);
  }
  return { deliveries: rows.length, matches, unknown };
}

/** A row for each delivery of a span, however many rules and replays took it. */
async function deliveriesIn(
  connection: Connection,
  span: Span,
  signal?: AbortSignal,
): Promise<DeliveryRow[]> {
  const found = new Map<string, DeliveryRow>();
  for await (const rows of deliveryPages(connection, { since: span.from })) {
    signal?.throwIfAborted();
    for (const row of rows)
      if (isWithin(row.receivedAt, span)) found.set(`${row.host}#${row.deliveryId}`, row);
  }
  return [...found.values()];
}

async function matchingRules(
  connection: Connection,
  row: DeliveryRow,
  rules: readonly DeployedRule[],
): Promise<string[] | undefined> {
  const event = await eventOf(connection, row).catch((error: unknown) => {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  });
  if (!event) return undefined;
  const asked = await Promise.all(rules.map(({ match }) => matchesDetail(connection, match, event)));
  return rules.filter((_, index) => asked[index]).map(({ name }) => name);
}
