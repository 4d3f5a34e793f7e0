import type { Connection } from '../connection/connection.ts';
import { DAY_MS, KEPT_DAYS } from '../days.ts';
import { type Cursor, parseCursor } from './cursor.ts';
import { type DeliveryPage, mergePages } from './merge-pages.ts';
import { outcomesOf } from './outcome-filter.ts';
import { isOutsideTable, unmatchedAfter, unrecordedAfter } from './outside-table.ts';
import { newestPosition, recordedPage, wholeRows } from './recorded-deliveries.ts';
import type { DeliveryFilter, DeliveryRow } from './row.ts';

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
  /** counts what needs nobody's attention, and does not show it */
  readonly hide?: boolean | undefined;
  /** the oldest time wanted, in any zone; by default, that of the oldest row that is kept */
  readonly since?: string | undefined;
  /** the newest time wanted, in any zone, to the second */
  readonly until?: string | undefined;
}

// The end of what is kept moves by the hour, so that a list that has not changed is the same answer.
const HOUR_MS = 3_600_000;

// A page that hides some of its rows reads more of them at once: most deliveries of an organisation may be ignored. Behind a
// page that did not come full, nearly all are hidden: so many are read by what tells that alone, and those to show once more.
const READ_TO_HIDE = 300;
const READ_BRIEFLY = 1000;

/**
 * Deliveries, newest first, a page at a time: those in the table, and in between those that ended before they were
 * claimed, and those that no rule took. @throws for a cursor of no page, and for a text that is not a time
 */
export async function listDeliveries(
  connection: Connection,
  {
    filter = {},
    cursor,
    limit = 100,
    reads = Number.POSITIVE_INFINITY,
    hide = false,
    ...span
  }: DeliveryQuery = {},
): Promise<DeliveryPage> {
  const { since, until } = boundsOf(span);
  const from = cursor === undefined ? firstCursor(filter, until) : parseCursor(cursor);
  // Nothing that old is kept.
  if (until !== undefined && until < since) return { rows: [], hidden: [], reached: since };
  const brief = hide && from.sparse === true;
  const rows = hide ? Math.max(limit, brief ? READ_BRIEFLY : READ_TO_HIDE) : limit;
  const page = from.place
    ? await recordedPage(connection, { from: from.place, filter, since, until, limit: rows, reads, brief })
    : { rows: [], reached: since, next: undefined };
  const query = { from, filter, until, page, reads };
  const others = {
    unclaimed: unrecordedAfter(connection, query),
    unmatched: unmatchedAfter(connection, query),
  };
  const merged = await mergePages(page, others, { from, limit, hide });
  return brief ? { ...merged, rows: await wholeRows(connection, merged.rows) } : merged;
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

/**
 * The times of a query as the table has them. The days of which no row is kept are not asked for.
 * @throws for a text that is not a time, and for an end before the beginning
 */
export function boundsOf({ since, until }: Pick<DeliveryQuery, 'since' | 'until'>): {
  readonly since: string;
  readonly until: string | undefined;
} {
  const kept = new Date(Date.now() - KEPT_DAYS * DAY_MS - (Date.now() % HOUR_MS)).toISOString();
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
  const isInTable = outcome === undefined || [...outcomesOf(outcome)].some((name) => !isOutsideTable(name));
  return isInTable ? { place: newestPosition(until) } : {};
}
