import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection.ts';
import type { DeliveryRow } from './row.ts';

/** What an execution that ended without a report came to. */
const UNREPORTED: Readonly<Record<string, string>> = {
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Stopped',
  SUCCEEDED: 'Succeeded',
};

// Step Functions throttles descriptions: so many are asked for at once.
const AT_ONCE = 10;

const isRunning = ({ outcome }: DeliveryRow): boolean => outcome === '' || outcome === 'Pending';

/** Rows as they are, and for those without an outcome what their execution says: one that was stopped reports nothing. */
export async function settle(connection: Connection, rows: readonly DeliveryRow[]): Promise<DeliveryRow[]> {
  const settled: DeliveryRow[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    settled.push(...(await Promise.all(some.map((row) => (isRunning(row) ? ended(connection, row) : row)))));
  }
  return settled;
}

// How an execution has ended does not change, and a list is asked for again and again.
const known = new WeakMap<Connection, Map<string, Ending>>();

type Ending = Pick<DeliveryRow, 'outcome' | 'error'>;

async function ended(connection: Connection, row: DeliveryRow): Promise<DeliveryRow> {
  const endings = known.get(connection) ?? new Map<string, Ending>();
  known.set(connection, endings);
  const ending = endings.get(row.executionArn) ?? (await endingOf(connection, row.executionArn));
  if (ending.outcome !== '') endings.set(row.executionArn, ending);
  return { ...row, ...ending };
}

async function endingOf({ sfn }: Connection, executionArn: string): Promise<Ending> {
  try {
    const { status = '', error = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { outcome: UNREPORTED[status] ?? '', error };
  } catch (cause) {
    // Step Functions keeps an execution for as long as the table keeps its row.
    if (cause instanceof ExecutionDoesNotExist)
      return { outcome: UNREPORTED.ABORTED ?? '', error: cause.name };
    throw cause;
  }
}
