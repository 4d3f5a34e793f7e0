import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Connection } from './connection.ts';

export const rowSchema = z.object({
  /** the idempotency key: one delivery for one rule and one replay */
  id: z.string(),
  /** the execution that holds the delivery */
  executionArn: z.string(),
  rule: z.string(),
  host: z.string(),
  repository: z.string().default(''),
  ref: z.string().default(''),
  commit: z.string().default(''),
  event: z.string(),
  /** the git host's id of the delivery */
  deliveryId: z.string(),
  /** `''` for a delivery that came from its host */
  replayName: z.string().default(''),
  /** ISO time */
  receivedAt: z.string(),
  /** `''` or `Pending` while it runs */
  outcome: z.string().default(''),
  /** ISO time of the outcome, or of the claim while it runs */
  updatedAt: z.string(),
  /** of a failed delivery: the error's name, and what it says */
  error: z.string().default(''),
  message: z.string().default(''),
  /** the artifact in the bucket, when there is one */
  artifactKey: z.string().default(''),
  versionId: z.string().default(''),
  bytes: z.number().default(0),
  /** the pipeline that was started, and its execution */
  pipeline: z.string().default(''),
  pipelineExecutionId: z.string().default(''),
  /** what became of the commit status, and why it was refused */
  status: z.string().default(''),
  statusReason: z.string().default(''),
});

/** A line of the list of deliveries, as the Deliveries table keeps it. */
export type DeliveryRow = z.infer<typeof rowSchema>;

export const FILTERS = [
  'repository',
  'ref',
  'commit',
  'event',
  'outcome',
  'rule',
  'deliveryId',
  'replayName',
] as const;

/** What a row must have; a value that ends in `*` is a prefix. */
export type DeliveryFilter = Partial<Record<(typeof FILTERS)[number], string>>;

export interface DeliveryPage {
  readonly rows: readonly DeliveryRow[];
  /** where the next page begins; undefined at the end */
  readonly cursor?: string | undefined;
}

export interface DeliveryQuery {
  readonly filter?: DeliveryFilter | undefined;
  readonly cursor?: string | undefined;
  /** rows of a page at most, 100 by default */
  readonly limit?: number | undefined;
  /** the oldest time wanted, ISO; as long as rows are kept by default */
  readonly since?: string | undefined;
}

const cursorSchema = z.object({ day: z.string(), key: z.record(z.string(), z.unknown()).optional() });
const DAY_MS = 86_400_000;

/** The longest that a row is kept, in days: the table's time to live. */
export const KEPT_DAYS = 90;

/** Deliveries, newest first, a page at a time. */
export async function listDeliveries(
  connection: Connection,
  query: DeliveryQuery = {},
): Promise<DeliveryPage> {
  const limit = query.limit ?? 100;
  const oldest = (query.since ?? new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString()).slice(0, 10);
  const rows: DeliveryRow[] = [];
  let at = startOf(query.cursor);
  while (rows.length < limit && at.day >= oldest) {
    const page = await queryDay(connection, at, query, limit - rows.length);
    rows.push(...page.rows);
    at = page.key ? { day: at.day, key: page.key } : { day: dayBefore(at.day) };
  }
  return {
    rows,
    cursor: at.day >= oldest ? Buffer.from(JSON.stringify(at)).toString('base64url') : undefined,
  };
}

/** What an execution that ended without a report came to. */
const UNREPORTED: Readonly<Record<string, string>> = {
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Stopped',
  SUCCEEDED: 'Succeeded',
};

/** Rows as they are, and for those without an outcome what their execution says: one that was stopped reports nothing. */
export function settle({ sfn }: Connection, rows: readonly DeliveryRow[]): Promise<DeliveryRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      if (row.outcome !== '' && row.outcome !== 'Pending') return row;
      const { executionArn } = row;
      const { status = '', error = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return { ...row, outcome: UNREPORTED[status] ?? '', error };
    }),
  );
}

type Cursor = z.infer<typeof cursorSchema>;

function startOf(cursor: string | undefined): Cursor {
  // Clocks differ: a row may be of the day that begins within minutes.
  if (cursor === undefined) return { day: new Date(Date.now() + 600_000).toISOString().slice(0, 10) };
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) throw new Error(`the cursor ${cursor} is none that a page gave: start without one`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function queryDay(
  { dynamo, outputs }: Connection,
  { day, key }: Cursor,
  { filter = {}, since }: DeliveryQuery,
  limit: number,
): Promise<{ rows: DeliveryRow[]; key: Cursor['key'] }> {
  const conditions = conditionsOf(filter);
  const { Items = [], LastEvaluatedKey } = await dynamo.send(
    new QueryCommand({
      TableName: outputs.deliveriesTable,
      IndexName: 'byDay',
      KeyConditionExpression: since ? '#day = :day AND #received >= :since' : '#day = :day',
      ExpressionAttributeNames: {
        '#day': 'day',
        ...(since ? { '#received': 'receivedAt' } : {}),
        ...conditions.names,
      },
      ExpressionAttributeValues: { ':day': day, ...(since ? { ':since': since } : {}), ...conditions.values },
      ...(conditions.expression ? { FilterExpression: conditions.expression } : {}),
      ScanIndexForward: false,
      // The limit counts what is read before the filter, so a filtered page reads more at once.
      Limit: conditions.expression ? 1000 : limit,
      ...(key ? { ExclusiveStartKey: key } : {}),
    }),
  );
  const rows = z.array(rowSchema).parse(Items);
  const last = Items[limit - 1];
  if (rows.length <= limit) return { rows, key: LastEvaluatedKey };
  return {
    rows: rows.slice(0, limit),
    key: last && { id: last.id, day: last.day, receivedAt: last.receivedAt },
  };
}

function conditionsOf(filter: DeliveryFilter): {
  expression: string;
  names: Record<string, string>;
  values: Record<string, string>;
} {
  const wanted = FILTERS.flatMap((name) =>
    filter[name] === undefined ? [] : [{ name, value: filter[name] }],
  );
  const parts = wanted.map(({ name, value }) => {
    // What runs has no outcome yet, or the one of its beginning.
    if (name === 'outcome' && value === '') return '(attribute_not_exists(#outcome) OR #outcome = :pending)';
    return value.endsWith('*') ? `begins_with(#${name}, :${name})` : `#${name} = :${name}`;
  });
  const running = filter.outcome === '';
  const values = wanted.filter(({ name }) => !(name === 'outcome' && running));
  return {
    expression: parts.join(' AND '),
    names: Object.fromEntries(wanted.map(({ name }) => [`#${name}`, name])),
    values: {
      ...(running ? { ':pending': 'Pending' } : {}),
      ...Object.fromEntries(values.map(({ name, value }) => [`:${name}`, value.replace(/\*$/, '')])),
    },
  };
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}
