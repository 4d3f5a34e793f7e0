import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, deliveryPages, fillOutcomes } from '../deliveries/index.ts';
import { boundsOf } from '../deliveries/list.ts';
import { type Finding, findingOf } from '../doctor/finding.ts';
import { checkDeadQueue, checkOverflowQueue, checkUnrecordedQueue } from '../doctor/queues.ts';
import { healthOf } from './health.ts';
import { type Summary, summaryOf } from './summary.ts';

/** What happened in a span of time, and what needs somebody now. */
export interface Overview extends Summary {
  /** ISO times; of a span with too many runs, `from` is the oldest that was read */
  readonly from: string;
  readonly to: string;
  /** whether the span has older runs that were not read */
  readonly more: boolean;
  /** the door, the queues in which something may wait, and the builds */
  readonly health: readonly Finding[];
}

// Read within seconds and for less than a thousandth of a dollar, however many there are.
export const MAX_READ = 10_000;

/** @throws for a text that is not a time, and for an end before the beginning */
export async function overviewOf(
  connection: Connection,
  query: { readonly since: string; readonly until?: string | undefined },
  most = MAX_READ,
): Promise<Overview> {
  const { since, until = new Date().toISOString() } = boundsOf(query);
  const [{ rows, more }, queues] = await Promise.all([
    newestRows(connection, query, most),
    Promise.all([
      findingOf('dead queue', () => checkDeadQueue(connection)),
      findingOf('overflow queue', () => checkOverflowQueue(connection)),
      findingOf('unrecorded queue', () => checkUnrecordedQueue(connection)),
    ]),
  ]);
  const from = more ? (rows.at(-1)?.receivedAt ?? since) : since;
  const span = { from: Date.parse(from), to: Date.parse(until) };
  const [door, builds] = healthOf(rows);
  return { from, to: until, more, health: [door, ...queues, builds], ...summaryOf(rows, span) };
}

async function newestRows(
  connection: Connection,
  query: { readonly since: string; readonly until?: string | undefined },
  most: number,
): Promise<{ readonly rows: readonly DeliveryRow[]; readonly more: boolean }> {
  const rows: DeliveryRow[] = [];
  for await (const page of deliveryPages(connection, query)) {
    rows.push(...page);
    if (rows.length > most) break;
  }
  const read = rows.slice(0, most);
  return { rows: await fillOutcomes(connection, read), more: rows.length > most };
}
