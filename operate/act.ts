import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import type { DeliveryRow } from './deliveries.ts';
import { describeExecution } from './delivery.ts';

const inputSchema = z.union([
  z.looseObject({ rule: z.string() }),
  z.tuple([z.looseObject({ rule: z.string() })]),
]);

/**
 * Runs a delivery again, from the beginning and with the rule as it is now. It is deliberate, so it runs whatever became
 * of the earlier one, under a replay name of its own (I3).
 * @returns the new execution's ARN
 */
export async function redeliver(connection: Connection, row: DeliveryRow): Promise<string> {
  const { input } = await describeExecution(connection, row.executionArn);
  const replayName = `redeliver-${new Date().toISOString()}`;
  const parsed = inputSchema.parse(JSON.parse(input));
  const renamed = Array.isArray(parsed) ? [{ ...parsed[0], replayName }] : { ...parsed, replayName };
  const { executionArn } = await connection.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: connection.outputs.stateMachineArn,
      input: JSON.stringify(renamed),
    }),
  );
  return executionArn ?? '';
}

/** Goes on with a failed execution at the state that failed. @throws when Step Functions cannot */
export async function redrive({ sfn }: Connection, { executionArn }: DeliveryRow): Promise<void> {
  await sfn.send(new RedriveExecutionCommand({ executionArn }));
}

/** Stops a running delivery, and its build with it. @throws when it does not run */
export async function stop(connection: Connection, { executionArn, deliveryId }: DeliveryRow): Promise<void> {
  const { status } = await describeExecution(connection, executionArn);
  if (status !== 'RUNNING') throw new Error(`the delivery ${deliveryId} does not run: it is ${status}`);
  await connection.sfn.send(
    new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'stopped by its operator' }),
  );
}
