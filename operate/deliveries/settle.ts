import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection.ts';
import type { DeliveryRow } from './row.ts';

/** What an execution that ended without a report came to. */
const UNREPORTED: Readonly<Record<string, string>> = {
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Stopped',
  SUCCEEDED: 'Succeeded',
};

const isRunning = ({ outcome }: DeliveryRow): boolean => outcome === '' || outcome === 'Pending';

/** Rows as they are, and for those without an outcome what their execution says: one that was stopped reports nothing. */
export function settle({ sfn }: Connection, rows: readonly DeliveryRow[]): Promise<DeliveryRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      if (!isRunning(row)) return row;
      const { executionArn } = row;
      const { status = '', error = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return { ...row, outcome: UNREPORTED[status] ?? '', error };
    }),
  );
}
