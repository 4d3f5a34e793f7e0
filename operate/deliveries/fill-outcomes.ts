import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { PENDING, unreported } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { tookMs } from '../format.ts';
import { type DeliveryPage, type DeliveryQuery, listDeliveries } from './list.ts';
import type { DeliveryRow } from './row.ts';
import { AT_ONCE } from './unrecorded.ts';

/** What an execution that ended without a report came to, by its status. */
const UNREPORTED: Readonly<Record<string, string>> = unreported;

export interface SettledQuery extends DeliveryQuery {
  /** ms that a delivery took at least, or has run until now */
  readonly took?: number | undefined;
}

/**
 * A page of deliveries, each with what it has come to. What the table cannot be asked for, the outcomes that only an
 * execution knows and how long it took, is left out of the page: it may be shorter than its limit, and not the last.
 */
export async function settledDeliveries(connection: Connection, query: SettledQuery): Promise<DeliveryPage> {
  const { filter = {}, took = 0 } = query;
  const { outcome } = filter;
  const unreported = Object.values(UNREPORTED).some((name) => name === outcome);
  const page = await listDeliveries(connection, {
    ...query,
    filter: unreported ? { ...filter, outcome: '' } : filter,
  });
  // Each that runs is asked for its state; one that cannot have taken so long need not be.
  const possible = page.rows.filter((row) => hasTaken(row, took));
  const rows = (await settle(connection, possible)).filter((row) => hasTaken(row, took));
  // What has no outcome on record may have ended all the same.
  const sifted = unreported || outcome === '';
  return { ...page, rows: sifted ? rows.filter((row) => row.outcome === outcome) : rows };
}

const hasTaken = (row: DeliveryRow, least: number): boolean =>
  least === 0 || (tookMs(row, isRunning(row) ? Date.now() : undefined) ?? 0) >= least;

const isRunning = ({ outcome }: DeliveryRow): boolean => outcome === '' || outcome === PENDING;

/** Rows as they are, and for those without an outcome what their execution says: one that was stopped reports nothing. */
export async function settle(connection: Connection, rows: readonly DeliveryRow[]): Promise<DeliveryRow[]> {
  const settled: DeliveryRow[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE)
    settled.push(
      ...(await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => settleRow(connection, row)))),
    );
  return settled;
}

async function settleRow({ sfn }: Connection, row: DeliveryRow): Promise<DeliveryRow> {
  if (!isRunning(row)) return row;
  const { executionArn } = row;
  try {
    const {
      status = '',
      error = '',
      stopDate,
    } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    // It has written nothing since its claim, or since its pull began.
    const updatedAt = stopDate?.toISOString() ?? row.updatedAt;
    return { ...row, outcome: UNREPORTED[status] ?? '', error, updatedAt };
  } catch (cause) {
    // One that Step Functions keeps no more ended long ago, without a word.
    if (cause instanceof ExecutionDoesNotExist)
      return { ...row, outcome: unreported.ABORTED, error: cause.name };
    throw cause;
  }
}
