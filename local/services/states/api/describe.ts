import * as z from 'zod';
import { parse, seconds } from '../input.ts';
import { definitionText, type Execution, executionOf, machineOf, type Tables } from '../tables.ts';
import { isRedrivable } from './end-execution.ts';

const includedData = z.enum(['ALL_DATA', 'METADATA_ONLY']).default('ALL_DATA');
const ofExecution = z.object({ executionArn: z.string(), includedData });
const ofMachine = z.object({ stateMachineArn: z.string(), includedData });

export function describeExecution(tables: Tables, input: unknown): object {
  const { executionArn, includedData: included } = parse(ofExecution, input);
  const execution = executionOf(tables, executionArn);
  return {
    ...summary(execution),
    ...(included === 'ALL_DATA' ? data(execution) : {}),
    ...redriveStatus(execution),
    error: execution.error,
    cause: execution.cause,
  };
}

/** What ListExecutions says of one, too. */
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

function data({ input, output }: Execution): object {
  const details = { included: true };
  return { input, inputDetails: details, ...(output !== undefined && { output, outputDetails: details }) };
}

function redriveStatus(execution: Execution): object {
  if (isRedrivable(execution)) return { redriveStatus: 'REDRIVABLE' };
  const redriveStatusReason = `Execution is ${execution.status} and cannot be redriven`;
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
}

export function describeMachine(tables: Tables, input: unknown): object {
  const { stateMachineArn, includedData: included } = parse(ofMachine, input);
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
export function describeMachineForExecution(tables: Tables, input: unknown): object {
  const { executionArn, includedData: included } = parse(ofExecution, input);
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
