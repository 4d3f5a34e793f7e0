import { UNMATCHED, unreported } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import type { Cursor } from './cursor.ts';
import { outcomesOf } from './outcome-filter.ts';
import type { RecordedPage } from './recorded-deliveries.ts';
import { type DeliveryFilter, type DeliveryRow, passes } from './row.ts';
import { unmatched } from './unmatched.ts';
import { isRefused, type Unrecorded, unrecordedDeliveries } from './unrecorded-deliveries.ts';

/** Whether the table has no row with this outcome: nothing of the delivery was verified. */
export const isOutsideTable = (outcome: string): boolean => isRefused(outcome) || outcome === UNMATCHED;

// No delivery that has an execution and was never claimed is shown with one of these.
const CLAIMED_OUTCOMES: readonly string[] = [
  '',
  UNMATCHED,
  unreported.SUCCEEDED,
  unreported.TIMED_OUT,
  unreported.ABORTED,
];

interface Others {
  readonly from: Cursor;
  readonly filter: DeliveryFilter;
  readonly until: string | undefined;
  /** the page of the table, which goes as far back as the others are wanted */
  readonly page: RecordedPage;
  readonly reads: number;
}

/** The newest time of a list in ms: the bus writes whole seconds. */
const endOf = (until: string | undefined): number =>
  until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until) + 1000;

/** The deliveries that were never claimed, as far back as the page of the table goes. */
export async function* unrecordedAfter(
  connection: Connection,
  { from, filter, until, page }: Others,
): AsyncGenerator<Unrecorded, undefined> {
  const { repository, ref, commit, pipelineStatus, outcome } = filter;
  // A delivery that was never claimed has none of these, as nothing of it is verified.
  if ([repository, ref, commit, pipelineStatus].some(Boolean)) return;
  if (outcome !== undefined && [...outcomesOf(outcome)].every((name) => CLAIMED_OUTCOMES.includes(name)))
    return;
  const newest = endOf(until);
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
    if (isAfter && !isLast && isInTime && passes(found.row, filter)) yield found;
  }
}

/** The deliveries that no rule took, as far back. @returns the time in ms that it came to, when it stopped before */
export async function* unmatchedAfter(
  connection: Connection,
  { from: { log }, filter, until, page, reads }: Others,
): AsyncGenerator<DeliveryRow, number | undefined> {
  const { commit, rule, replayName, pipelineStatus, outcome } = filter;
  if ([commit, rule, replayName, pipelineStatus].some(Boolean)) return undefined;
  if (outcome !== undefined && !outcomesOf(outcome).has(UNMATCHED)) return undefined;
  const before = log?.time ?? (until === undefined ? undefined : endOf(until) - 1);
  let isAfter = log === undefined || log.id === '';
  const found = unmatched(connection, { since: page.reached, before, reads });
  for (let next = await found.next(); ; next = await found.next()) {
    if (next.done) return next.value;
    const { row } = next.value;
    const isLast = row.id === log?.id;
    isAfter ||= isLast || Date.parse(row.receivedAt) < (log?.time ?? 0);
    if (isAfter && !isLast && passes(row, filter)) yield row;
  }
}
