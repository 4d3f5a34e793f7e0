import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { FAILED_STATUSES, unreported } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryDetail, describeExecution, hasExecution } from './delivery.ts';
import { historyOf, type Step, stepsOf } from './history.ts';
import type { DeliveryRow } from './index.ts';

const inputSchema = z.union([
  z.looseObject({ rule: z.string() }),
  z.tuple([z.looseObject({ rule: z.string() })]),
]);

/** The actions that are possible on a delivery at present. */
export interface Possible {
  readonly stop: boolean;
  readonly redrive: boolean;
}

export function possibleActions({
  execution: { status },
  steps,
}: Pick<DeliveryDetail, 'execution' | 'steps'>): Possible {
  return {
    stop: status === 'RUNNING',
    redrive: FAILED_STATUSES.some((failed) => failed === status) && failureState(steps) === undefined,
  };
}

/** The state in which the machine has ended a failure that it dealt with. A redrive would only enter that state again. */
function failureState(steps: readonly Step[]): Step | undefined {
  const last = steps.at(-1);
  return last?.type === 'Fail' ? last : undefined;
}

/** The name of redeliveries that begin now. */
export const newRedeliveryName = (): string => `redeliver-${new Date().toISOString()}`;

interface RedeliverOptions {
  /** a name of its own by default */
  readonly replayName?: string;
  /** the execution's, where the same redelivery must not start twice */
  readonly name?: string;
}

/**
 * Runs a delivery again, from the beginning and with the rule as it is now. It is deliberate, so it runs whatever became
 * of the earlier one, under another replay name (I3).
 * @returns the new execution's ARN
 */
export async function redeliver(
  connection: Connection,
  row: DeliveryRow,
  { replayName = newRedeliveryName(), name }: RedeliverOptions = {},
): Promise<string> {
  hasExecution(row);
  const { input } = await describeExecution(connection, row.executionArn);
  const parsed = inputSchema.parse(JSON.parse(input));
  const renamed = Array.isArray(parsed) ? [{ ...parsed[0], replayName }] : { ...parsed, replayName };
  const { executionArn } = await connection.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: connection.outputs.stateMachineArn,
      input: JSON.stringify(renamed),
      ...(name === undefined ? {} : { name }),
    }),
  );
  return executionArn ?? '';
}

/**
 * Goes on with a failed execution at the state that failed.
 * @throws for one that runs or has succeeded, for a failed state that is an outcome, which would only be entered again, and when
 * Step Functions refuses
 */
export async function redrive(connection: Connection, row: DeliveryRow): Promise<void> {
  hasExecution(row);
  const { executionArn, deliveryId } = row;
  const { status } = await describeExecution(connection, executionArn);
  if (status === 'RUNNING')
    throw new Error(`the delivery ${deliveryId} runs: there is no failed state to go on at`);
  if (status === 'SUCCEEDED')
    throw new Error(
      `no state of the delivery ${deliveryId} failed, so that it has nothing to go on at; redeliver runs it from the beginning`,
    );
  const state = failureState(stepsOf(await historyOf(connection, executionArn)));
  if (state)
    throw new Error(
      `the machine has dealt with the failure of ${deliveryId}: a redrive would only enter ${state.name} again; use redeliver`,
    );
  await connection.sfn.send(new RedriveExecutionCommand({ executionArn }));
}

/** Stops a running delivery, and its build with it. @throws when it does not run */
export async function stop(connection: Connection, row: DeliveryRow): Promise<void> {
  hasExecution(row);
  const { executionArn, deliveryId } = row;
  const { status } = await describeExecution(connection, executionArn);
  if (status !== 'RUNNING') throw new Error(`the delivery ${deliveryId} does not run: it is ${status}`);
  await connection.sfn.send(
    new StopExecutionCommand({ executionArn, error: unreported.ABORTED, cause: 'stopped by its operator' }),
  );
}
