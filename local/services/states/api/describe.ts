import * as z from 'zod';
import { seconds } from '../seconds.ts';
import { definitionText, type Execution, executionOf, machineOf, type Tables } from '../tables.ts';
import { textOf } from '../texts.ts';
import { redriveRefusal } from './end-execution.ts';

const includedData = z.enum(['ALL_DATA', 'METADATA_ONLY']).default('ALL_DATA');
export const executionSchema = z.strictObject({ executionArn: z.string(), includedData });
export const machineSchema = z.strictObject({ stateMachineArn: z.string(), includedData });

type ExecutionInput = z.infer<typeof executionSchema>;

export function describeExecution(
  tables: Tables,
  { executionArn, includedData: included }: ExecutionInput,
): object {
  const execution = executionOf(tables, executionArn);
  return {
    ...summary(execution),
    ...(included === 'ALL_DATA' ? data(tables, execution) : {}),
    ...redriveStatus(tables, execution),
    error: execution.error,
    cause: execution.cause,
  };
}

/** The part of an execution that ListExecutions tells too. */
export function summary(execution: Execution): object {
  const { arn, name, machineArn, status, startDate, stopDate, redriveCount, redriveDate } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: seconds(startDate),
    ...(stopDate !== undefined && { stopDate: seconds(stopDate) }),
    redriveCount,
    ...(redriveDate !== undefined && { redriveDate: seconds(redriveDate) }),
  };
}

function data(tables: Tables, { arn, input, output }: Execution): object {
  const details = { included: true };
  return {
    input: textOf(tables, arn, input),
    inputDetails: details,
    ...(output !== undefined && { output: textOf(tables, arn, output), outputDetails: details }),
  };
}

function redriveStatus(tables: Tables, execution: Execution): object {
  const redriveStatusReason = redriveRefusal(tables, execution);
  if (redriveStatusReason === undefined) return { redriveStatus: 'REDRIVABLE' };
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
}

export function describeMachine(
  tables: Tables,
  { stateMachineArn, includedData: included }: z.infer<typeof machineSchema>,
): object {
  const machine = machineOf(tables, stateMachineArn);
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    type: machine.type,
    roleArn: machine.roleArn,
    creationDate: seconds(machine.creationDate),
    revisionId: machine.definitionId,
    ...(included === 'ALL_DATA' && { definition: definitionText(tables, machine) }),
  };
}

/** The machine as it was when the execution started. */
export function describeMachineForExecution(
  tables: Tables,
  { executionArn, includedData: included }: ExecutionInput,
): object {
  const execution = executionOf(tables, executionArn);
  return {
    stateMachineArn: execution.machineArn,
    name: execution.machineName,
    roleArn: execution.roleArn,
    updateDate: seconds(execution.updateDate),
    revisionId: execution.definitionId,
    ...(included === 'ALL_DATA' && { definition: definitionText(tables, execution) }),
  };
}
