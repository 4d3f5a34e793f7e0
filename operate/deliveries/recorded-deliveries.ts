import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { BY_DAY } from '../../statemachine/delivery-record.ts';
import type { Connection } from '../connection/connection.ts';
import { recordsOf } from '../connection/records.ts';
import { dayOf } from '../days.ts';
import { conditionsOf } from './conditions.ts';
import { CLOCK_SLACK_MS, emptyDays } from './empty-days.ts';
import { type DeliveryFilter, type DeliveryRow, isNamed, rowSchema } from './row.ts';

export const positionSchema = z.object({
  day: z.string(),
  key: z.record(z.string(), z.unknown()).optional(),
});

/** The position in the table at which a page begins: a day, and the row behind which the page begins. */
export type TablePosition = z.infer<typeof positionSchema>;

export interface RecordedPage {
  readonly rows: readonly DeliveryRow[];
  /** ISO time down to which the table has been read */
  readonly reached: string;
  /** where the next page begins; undefined at the end */
  readonly next: TablePosition | undefined;
}

export const newestPosition = (until?: string): TablePosition => ({
  day: until?.slice(0, 10) ?? dayOf(Date.now() + CLOCK_SLACK_MS),
});

/** The position behind a row. */
export const positionAfter = ({ id, receivedAt }: DeliveryRow): TablePosition => {
  const day = receivedAt.slice(0, 10);
  return { day, key: { id, day, receivedAt } };
};

export interface RecordedQuery {
  readonly from: TablePosition;
  readonly filter: DeliveryFilter;
  /** the oldest wanted, ISO */
  readonly since: string;
  /** the newest wanted, as the bus writes a time: `2026-01-31T09:00:00Z` */
  readonly until?: string | undefined;
  /** rows at most */
  readonly limit: number;
  /** the number of queries that may find rows: a page may be shorter than its limit, and not the last */
  readonly reads: number;
  /** reads of each row no more than its place and its outcome */
  readonly brief?: boolean | undefined;
}

/** Deliveries that were claimed, newest first, from the table's index of days. */
export async function recordedPage(connection: Connection, query: RecordedQuery): Promise<RecordedPage> {
  const oldest = query.since.slice(0, 10);
  const empty = emptyDays(connection, {
    hasRow: (day) => hasRow(connection, day, query),
    daysBefore: (day) => daysBefore(connection, day),
  });
  // Nearly all rows are hidden, and the end comes soon.
  if (query.brief) void empty.lookAtAll(query.from.day, oldest);
  const rows: DeliveryRow[] = [];
  let at = query.from;
  let reads = 0;
  while (reads < query.reads && rows.length < query.limit && at.day >= oldest) {
    const page = await queryDay(connection, at, query, query.limit - rows.length);
    rows.push(...page.rows);
    if (page.scanned > 0) reads += 1;
    else if (!at.key && at.day > oldest && !query.until?.startsWith(at.day))
      await empty.noteAndLookDown(at.day, oldest);
    at = page.key ? { day: at.day, key: page.key } : { day: empty.before(at.day) };
  }
  if (at.day < oldest) return { rows, reached: query.since, next: undefined };
  return { rows, reached: reachedBy(at), next: at };
}

/** The time down to which the table has been read at a position: that of the row before it, or the end of its day. */
function reachedBy({ day, key }: TablePosition): string {
  const received = key?.receivedAt;
  return typeof received === 'string' ? received : `${day}T23:59:59.999Z`;
}

// The limit of a query counts what is read before the filter, so a filtered page reads more at once.
const FILTERED_LIMIT = 1000;

async function queryDay(
  { dynamo, outputs }: Connection,
  { day, key }: TablePosition,
  { filter, since, until, brief }: RecordedQuery,
  limit: number,
): Promise<{ rows: readonly DeliveryRow[]; scanned: number; key: TablePosition['key'] }> {
  const conditions = conditionsOf(filter);
  const {
    Items = [],
    ScannedCount: scanned = 0,
    LastEvaluatedKey,
  } = await dynamo.send(
    new QueryCommand({
      TableName: outputs.deliveriesTable,
      IndexName: BY_DAY.indexName,
      KeyConditionExpression: `#day = :day AND #received ${until === undefined ? '>= :since' : 'BETWEEN :since AND :until'}`,
      ...(brief ? { ProjectionExpression: BRIEF.join(', ') } : {}),
      ExpressionAttributeNames: {
        '#day': BY_DAY.partitionKey,
        '#received': BY_DAY.sortKey,
        ...(brief ? { '#outcome': 'outcome' } : {}),
        ...conditions.names,
      },
      ExpressionAttributeValues: {
        ...{ ':day': day, ':since': since, ...conditions.values },
        ...(until === undefined ? {} : { ':until': until }),
      },
      ...(conditions.expression ? { FilterExpression: conditions.expression } : {}),
      ScanIndexForward: false,
      Limit: conditions.expression || filter.repository !== undefined ? FILTERED_LIMIT : limit,
      ...(key ? { ExclusiveStartKey: key } : {}),
    }),
  );
  const items = Items.filter((item) => isWantedRepository(item, filter));
  const rows = brief ? items.map(briefRow) : z.array(rowSchema).parse(items);
  const last = rows[limit - 1];
  return rows.length > limit && last
    ? { rows: rows.slice(0, limit), scanned, key: positionAfter(last).key }
    : { rows, scanned, key: LastEvaluatedKey };
}

const BRIEF = ['id', 'executionArn', 'repository', '#received', '#outcome'];

const briefSchema = rowSchema.pick({
  id: true,
  executionArn: true,
  repository: true,
  receivedAt: true,
  outcome: true,
});
const NOTHING_READ = rowSchema.parse({
  ...{
    id: '',
    executionArn: '',
    rule: '',
    host: '',
    event: '',
    deliveryId: '',
    receivedAt: '',
    updatedAt: '',
  },
});

const briefRow = (item: unknown): DeliveryRow => ({ ...NOTHING_READ, ...briefSchema.parse(item) });

/** Rows of a brief page as they are whole; those that are not from the table stay, and those that it has no more go. */
export async function wholeRows(
  connection: Connection,
  rows: readonly DeliveryRow[],
): Promise<readonly DeliveryRow[]> {
  const brief = rows.filter(({ updatedAt }) => updatedAt === '').map(({ id }) => id);
  const items = await recordsOf(connection, connection.outputs.deliveriesTable, brief);
  const whole = new Map(
    z
      .array(rowSchema)
      .parse(items)
      .map((row) => [row.id, row]),
  );
  return rows.flatMap((row) => (row.updatedAt === '' ? (whole.get(row.id) ?? []) : row));
}

async function hasRow(connection: Connection, day: string, query: RecordedQuery): Promise<boolean> {
  const whole = { ...query, filter: {}, until: undefined };
  return (await queryDay(connection, { day }, whole, 1)).scanned > 0;
}

/** The days before one that have rows; undefined for a table of which a call does not read all, a megabyte. */
async function daysBefore({ dynamo, outputs }: Connection, day: string): Promise<Set<string> | undefined> {
  const { Items = [], LastEvaluatedKey } = await dynamo.send(
    new ScanCommand({
      TableName: outputs.deliveriesTable,
      IndexName: BY_DAY.indexName,
      ProjectionExpression: '#day',
      FilterExpression: '#day < :day',
      ExpressionAttributeNames: { '#day': BY_DAY.partitionKey },
      ExpressionAttributeValues: { ':day': day },
    }),
  );
  return LastEvaluatedKey ? undefined : new Set(Items.map((item) => String(item[BY_DAY.partitionKey])));
}

/** DynamoDB compares the case of letters too. */
const isWantedRepository = (item: Record<string, unknown>, { repository: wanted }: DeliveryFilter): boolean =>
  wanted === undefined || isNamed({ repository: String(item.repository ?? '') }, wanted);
