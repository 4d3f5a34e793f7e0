import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { BY_DAY } from '../../statemachine/delivery-record.ts';
import type { Connection } from '../connection/connection.ts';
import { DAY_MS, daysOf, KEPT_DAYS } from '../days.ts';

const talliedSchema = z.object({
  rule: z.string(),
  host: z.string(),
  deliveryId: z.string(),
  replayName: z.string().default(''),
  /** ISO time at which it came; of a replay and a redelivery, at which that run began */
  receivedAt: z.string(),
});

/** The members of a delivery's record that the tally needs. */
export type Tallied = z.infer<typeof talliedSchema>;

/** The records of a span; `more` when there are others that were not read. */
export interface Tally {
  readonly records: readonly Tallied[];
  readonly more: boolean;
}

/** A span of time, ISO: from inclusive, to exclusive. */
interface Span {
  readonly from: string;
  readonly to: string;
}

// So many records are read within seconds, and more of them would not change the picture.
export const MAX_TALLIED = 100_000;
// Days are partitions of the index, which answer side by side.
const DAYS_AT_ONCE = 6;

/** The records of a span, from the table's index of days, the newest days first. */
export async function tally(connection: Connection, span: Span, most = MAX_TALLIED): Promise<Tally> {
  const oldest = Date.now() - KEPT_DAYS * DAY_MS;
  const from = new Date(Math.max(Date.parse(span.from), oldest));
  // Clocks differ, but not by a day.
  const to = new Date(Math.min(Date.parse(span.to), Date.now() + DAY_MS));
  const bounds = { from: from.toISOString(), to: to.toISOString() };
  const days = daysOf(bounds);
  const records: Tallied[] = [];
  let more = false;
  const work = async (): Promise<void> => {
    for (let day = days.shift(); day !== undefined && !more; day = days.shift())
      for await (const page of pagesOf(connection, day, bounds)) {
        more ||= records.length + page.length > most;
        records.push(...page.slice(0, most - records.length));
        if (more) return;
      }
  };
  await Promise.all(Array.from({ length: DAYS_AT_ONCE }, work));
  return { records, more };
}

async function* pagesOf(
  { dynamo, outputs }: Connection,
  day: string,
  { from, to }: Span,
): AsyncGenerator<Tallied[]> {
  let key: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: outputs.deliveriesTable,
        IndexName: BY_DAY.indexName,
        KeyConditionExpression: '#day = :day AND receivedAt BETWEEN :from AND :to',
        ProjectionExpression: '#rule, #host, deliveryId, replayName, receivedAt',
        ExpressionAttributeNames: { '#day': 'day', '#rule': 'rule', '#host': 'host' },
        // Times have fractions of a second or none: as text, a second's own beginning and end hold them all.
        ExpressionAttributeValues: { ':day': day, ':from': from.slice(0, 19), ':to': `${to.slice(0, 19)}Z` },
        ScanIndexForward: false,
        ...(key ? { ExclusiveStartKey: key } : {}),
      }),
    );
    const page = z.array(talliedSchema).parse(Items);
    yield page.filter(({ receivedAt }) => isWithin(receivedAt, { from, to }));
    key = LastEvaluatedKey;
  } while (key);
}

/** Whether a time is in a span. Times are not compared as text: some have fractions of a second. */
export function isWithin(time: string, { from, to }: Span): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(from) && at < Date.parse(to);
}

/** How many deliveries came in each of the equal parts of a span, however many rules took them. */
export function histogram(records: readonly Tallied[], { from, to }: Span, parts: number): number[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const counts = Array.from({ length: parts }, () => 0);
  const deliveries = new Map(
    records
      .filter(({ replayName }) => replayName === '')
      .map(({ host, deliveryId, receivedAt }) => [`${host}#${deliveryId}`, Date.parse(receivedAt)]),
  );
  for (const at of deliveries.values()) {
    const part = Math.floor(((at - start) / (end - start)) * parts);
    if (part >= 0 && part < parts) counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

/** How often each rule matched on each of these days (UTC), replays included. */
export function countsByRule(
  records: readonly Tallied[],
  days: readonly string[],
): Readonly<Record<string, readonly number[]>> {
  const counts: Record<string, number[]> = {};
  for (const { rule, receivedAt } of records) {
    const day = days.indexOf(receivedAt.slice(0, 10));
    counts[rule] ??= days.map(() => 0);
    const ofRule = counts[rule];
    if (day >= 0) ofRule[day] = (ofRule[day] ?? 0) + 1;
  }
  return counts;
}
