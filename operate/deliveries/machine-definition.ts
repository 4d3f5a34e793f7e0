import { DescribeStateMachineForExecutionCommand } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection/connection.ts';

/** The definition of the machine that an execution runs, as it was when the execution began: Amazon States Language. */
export async function machineDefinition({ sfn }: Connection, executionArn: string): Promise<string> {
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
  return definition;
}
