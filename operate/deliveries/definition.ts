import { DescribeStateMachineForExecutionCommand } from '@aws-sdk/client-sfn';
import type { Connection } from '../connection/connection.ts';

/** The machine's definition that an execution began with, in the Amazon States Language; a later deployment may have changed the machine. */
export async function definitionOf({ sfn }: Connection, executionArn: string): Promise<string> {
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
  return definition;
}
