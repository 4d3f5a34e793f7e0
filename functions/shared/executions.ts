import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';

let client: SFNClient | undefined;

/** The status of an execution as it is now, `undefined` for one of which Step Functions knows nothing any more. */
export async function statusOf(executionArn: string): Promise<string | undefined> {
  client ??= new SFNClient();
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}
