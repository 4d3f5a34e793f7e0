import * as z from 'zod';
import { unreported } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { DAY_MS, KEPT_DAYS } from '../days.ts';
import { outcomesOf } from './outcome-filter.ts';
import {
  newestPosition,
  positionAfter,
  positionSchema,
  type RecordedPage,
  recordedPage,
  type TablePosition,
} from './recorded-deliveries.ts';
import { type DeliveryFilter, type DeliveryRow, passes } from './row.ts';
import { isRefused, type Unrecorded, unrecordedDeliveries } from './unrecorded-deliveries.ts';

export interface DeliveryPage {
  readonly rows: readonly DeliveryRow[];
  /** where the next page begins; undefined at the end */
  readonly cursor?: string | undefined;
  /** ISO time down to which the page holds whatever there is, from where it began */
  readonly reached: string;
}

export interface DeliveryQuery {
  readonly filter?: DeliveryFilter | undefined;
  readonly cursor?: string | undefined;
  /** rows of a page at most, 100 by default */
  readonly limit?: number | undefined;
  /**
   * how many queries of the table may find something, without a bound by default: with one, a page may be shorter than its
   * limit and not the last
   */
  readonly reads?: number | undefined;
  /** the oldest time wanted, in any zone; by default, that of the oldest row that is kept */
  readonly since?: string | undefined;
  /** the newest time wanted, in any zone, to the second */
  readonly until?: string | undefined;
}

/** Where a page begins, in the table and among the executions. */
const cursorSchema = z.object({
  /** absent when the table has been read to its end */
  place: positionSchema.optional(),
  token: z.string().optional(),
  /** the last row of the page before, so that the executions of its moment are told apart */
  last: z.object({ time: z.number(), arn: z.string() }).optional(),
});

type Cursor = z.infer<typeof cursorSchema>;

/**
 * Deliveries, newest first, a page at a time: those in the table, and in between those that ended before they were
 * claimed. @throws for a cursor of no page, and for a text that is not a time
 */
export async function listDeliveries(
  connection: Connection,
  { filter = {}, cursor, limit = 100, reads = Number.POSITIVE_INFINITY, ...span }: DeliveryQuery = {},
): Promise<DeliveryPage> {
  const { since, until } = boundsOf(span);
  const from = cursor === undefined ? firstCursor(filter, until) : parseCursor(cursor);
  // Nothing that old is kept.
  if (until !== undefined && until < since) return { rows: [], reached: since };
  const page = from.place
    ? await recordedPage(connection, { from: from.place, filter, since, until, limit, reads })
    : { rows: [], reached: since, next: undefined };
  const others = unrecordedAfter(connection, { from, filter, until, page });
  return mergePages(page, others, { from, limit });
}

/** Every page of the deliveries of a query, each as large as the table gives it. */
export async function* deliveryPages(
  connection: Connection,
  query: Omit<DeliveryQuery, 'cursor'>,
): AsyncGenerator<readonly DeliveryRow[]> {
  let cursor: string | undefined;
  do {
    const page = await listDeliveries(connection, { limit: 1000, ...query, cursor });
    yield page.rows;
    cursor = page.cursor;
  } while (cursor);
}

/** The times of a query as the table has them. The days of which no row is kept are not asked for. */
function boundsOf({ since, until }: Pick<DeliveryQuery, 'since' | 'until'>): {
  readonly since: string;
  readonly until: string | undefined;
} {
  const kept = new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString();
  const wanted = since === undefined ? kept : utc(since);
  if (until === undefined) return { since: wanted > kept ? wanted : kept, until };
  // The bus writes whole seconds, which sort behind their parts.
  const end = utc(until).replace(/\.\d+Z$/, 'Z');
  if (since !== undefined && Date.parse(until) < Date.parse(since))
    throw new Error(`${until} is before ${since}: a list goes from the older time to the newer`);
  return { since: wanted > kept ? wanted : kept, until: end };
}

/** A time as the table has it, so that both can be compared as text. */
function utc(time: string): string {
  if (Number.isNaN(Date.parse(time)))
    throw new Error(`${JSON.stringify(time)} is not a time: write it as 2026-01-31T09:00:00Z`);
  return new Date(time).toISOString();
}

/** No row of the table has an outcome of what was not verified. */
function firstCursor({ outcome }: DeliveryFilter, until: string | undefined): Cursor {
  const refusedOnly = outcome !== undefined && [...outcomesOf(outcome)].every(isRefused);
  return refusedOnly ? {} : { place: newestPosition(until) };
}

// No delivery that was never claimed is shown with one of these.
const CLAIMED_OUTCOMES: readonly string[] = [
  '',
  unreported.SUCCEEDED,
  unreported.TIMED_OUT,
  unreported.ABORTED,
];

const isClaimedOutcome = (outcome: string): boolean => CLAIMED_OUTCOMES.includes(outcome);

/** The deliveries that were never claimed, as far back as the page of the table goes. */
async function* unrecordedAfter(
  connection: Connection,
  query: { from: Cursor; filter: DeliveryFilter; until: string | undefined; page: RecordedPage },
): AsyncGenerator<Unrecorded> {
  const { repository, ref, commit, outcome } = query.filter;
  // A delivery that was never claimed has none of these, as nothing of it is verified.
  if ([repository, ref, commit].some(Boolean)) return;
  if (outcome !== undefined && [...outcomesOf(outcome)].every(isClaimedOutcome)) return;
  const { from, page } = query;
  const newest = query.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.until) + 1000;
  const skip = new Set(page.rows.map(({ executionArn }) => executionArn));
  const { last } = from;
  // The page that the token is of begins before the last row, among others of its moment.
  let isAfter = last === undefined;
  for await (const found of unrecordedDeliveries(connection, {
    from: from.token,
    since: page.reached,
    skip,
  })) {
    const isLast = found.row.id === last?.arn;
    isAfter ||= isLast || Date.parse(found.row.receivedAt) < (last?.time ?? 0);
    const isInTime = Date.parse(found.row.receivedAt) < newest;
    if (isAfter && !isLast && isInTime && passes(found.row, query.filter)) yield found;
  }
}

/** The newest rows of both, as many as a page holds. @param others those that were never claimed */
async function mergePages(
  { rows, reached, next }: RecordedPage,
  others: AsyncGenerator<Unrecorded>,
  { from, limit }: { from: Cursor; limit: number },
): Promise<DeliveryPage> {
  const page: DeliveryRow[] = [];
  let [taken, { token, last }]: [number, Cursor] = [0, from];
  let other = await others.next();
  while (page.length < limit) {
    const row = rows[taken];
    if (!other.done && (!row || isNewer(other.value.row, row))) {
      page.push(other.value.row);
      last = { time: Date.parse(other.value.row.receivedAt), arn: other.value.row.id };
      token = other.value.token;
      other = await others.next();
    } else if (row) {
      page.push(row);
      taken += 1;
    } else break;
  }
  const place = taken === rows.length ? next : positionBehind(rows[taken - 1], from.place);
  const ended = place === undefined && other.done;
  await others.return(undefined);
  return {
    rows: page,
    cursor: ended ? undefined : cursorText({ place, token, last }),
    reached: page.length < limit ? reached : (page.at(-1)?.receivedAt ?? reached),
  };
}

const isNewer = (a: DeliveryRow, b: DeliveryRow): boolean =>
  Date.parse(a.receivedAt) > Date.parse(b.receivedAt);

const positionBehind = (
  row: DeliveryRow | undefined,
  from: TablePosition | undefined,
): TablePosition | undefined => (row ? positionAfter(row) : from);

const cursorText = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function parseCursor(cursor: string): Cursor {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new Error(`the cursor ${cursor} is not from a page of this list: start without one`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
