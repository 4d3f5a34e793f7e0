import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { PENDING, unreported } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { recordsOf } from '../connection/records.ts';
import { tookMs } from '../format.ts';
import { type DeliveryQuery, listDeliveries } from './list.ts';
import type { DeliveryPage } from './merge-pages.ts';
import { isWanted, outcomesOf } from './outcome-filter.ts';
import { type DeliveryRow, rowSchema } from './row.ts';
import { DESCRIBED_AT_ONCE } from './unrecorded-deliveries.ts';

/** The outcome of an execution that ended without a report, by the execution's status. */
const OUTCOME_OF_STATUS: Readonly<Record<string, string>> = unreported;

export interface OutcomeQuery extends DeliveryQuery {
  /** the shortest time, in ms, that a delivery took or has run until now */
  readonly took?: number | undefined;
}

/**
 * A page of deliveries, each with its outcome. The table knows neither the outcomes that only an execution has nor how
 * long a delivery took. The page is filtered by these afterwards, so it may be shorter than its limit and not the last.
 */
export async function deliveriesWithOutcomes(
  connection: Connection,
  query: OutcomeQuery,
): Promise<DeliveryPage> {
  const { filter = {}, took = 0 } = query;
  const listed = await listDeliveries(connection, query);
  // What is hidden has no time that it took.
  const page = took === 0 ? listed : { ...listed, hidden: [] };
  // Asks for the status of each running row's execution, unless the row cannot have taken so long.
  const possible = page.rows.filter((row) => hasTaken(row, took));
  const rows = (await fillOutcomes(connection, possible)).filter((row) => hasTaken(row, took));
  // A row without an outcome on record may have ended all the same.
  if (filter.outcome === undefined) return { ...page, rows };
  const wanted = outcomesOf(filter.outcome);
  return { ...page, rows: rows.filter((row) => isWanted(wanted, row.outcome)) };
}

/** Whether a delivery took at least so long, in ms. */
export const hasTaken = (row: DeliveryRow, least: number): boolean =>
  least === 0 || (tookMs(row, isRunning(row) ? Date.now() : undefined) ?? 0) >= least;

export const isRunning = ({ outcome }: DeliveryRow): boolean => outcome === '' || outcome === PENDING;

/** Gives each row that has no outcome the one of its execution: an execution that was stopped has reported none. */
export async function fillOutcomes(
  connection: Connection,
  rows: readonly DeliveryRow[],
): Promise<DeliveryRow[]> {
  const filled: DeliveryRow[] = [];
  for (let at = 0; at < rows.length; at += DESCRIBED_AT_ONCE)
    filled.push(
      ...(await Promise.all(
        rows.slice(at, at + DESCRIBED_AT_ONCE).map((row) => fillOutcome(connection, row)),
      )),
    );
  return filled;
}

async function fillOutcome(connection: Connection, row: DeliveryRow): Promise<DeliveryRow> {
  if (!isRunning(row)) return row;
  const { executionArn } = row;
  try {
    const {
      status = '',
      error = '',
      stopDate,
    } = await connection.sfn.send(new DescribeExecutionCommand({ executionArn }));
    // The row was read before its execution ended, which records the outcome first.
    const [record] =
      status === 'RUNNING' ? [] : await recordsOf(connection, connection.outputs.deliveriesTable, [row.id]);
    const now = rowSchema.safeParse(record);
    if (now.success && !isRunning(now.data)) return now.data;
    // The record was last written at the claim, or when the pull began.
    const updatedAt = stopDate?.toISOString() ?? row.updatedAt;
    return { ...row, outcome: OUTCOME_OF_STATUS[status] ?? '', error, updatedAt };
  } catch (cause) {
    // An execution that Step Functions does not keep any more ended long ago, without a report.
    if (cause instanceof ExecutionDoesNotExist)
      return { ...row, outcome: unreported.ABORTED, error: cause.name };
    throw cause;
  }
}
