import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { Access } from './access.ts';

const outputsSchema = z
  .object({
    stackName: z.string(),
    webhookUrl: z.string(),
    bucket: z.string(),
    stateMachineArn: z.string(),
    deliveryLog: z.string(),
    busName: z.string(),
    archiveName: z.string(),
    deliveriesTable: z.string(),
    refsTable: z.string(),
    webhookSecretArn: z.string(),
    hostsParameter: z.string(),
    deadQueueUrl: z.string(),
    overflowQueueUrl: z.string(),
    unrecordedQueueUrl: z.string(),
    pullProjectPrefix: z.string(),
  })
  .catchall(z.string());

/** Where everything of a deployment is: the stack's outputs, their names in lower camel case. */
export type StackOutputs = z.infer<typeof outputsSchema>;

/**
 * Reads a stack's outputs.
 * @throws when there is no such stack, or when it is not one of Hookline's
 */
export async function stackOutputs(stackName: string, access: Access = {}): Promise<StackOutputs> {
  const client = new CloudFormationClient(access);
  const { Stacks } = await client
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      throw new Error(
        `there is no stack ${stackName} in ${await client.config.region()}: name another with --stack, or another account or region with AWS_PROFILE and AWS_REGION`,
        { cause: error },
      );
    })
    .finally(() => client.destroy());
  const entries = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
    OutputKey.charAt(0).toLowerCase() + OutputKey.slice(1),
    OutputValue,
  ]);
  const parsed = outputsSchema.safeParse({ stackName, ...Object.fromEntries(entries) });
  if (parsed.success) {
    // What runs on this machine is not behind the domain of the settings.
    const { webhookUrl, domainUrl = webhookUrl } = parsed.data;
    return access.endpoint === undefined ? { ...parsed.data, webhookUrl: domainUrl } : parsed.data;
  }
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(
    `the stack ${stackName} has no output ${missing}: it is not a Hookline stack, or an older one; deploy it again`,
  );
}

/** CloudFormation has no error of its own for this, only its words. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && error.message.endsWith('does not exist');
