import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { Service } from './cloud.ts';
import type { DeployedStack } from './deploy.ts';

const inputSchema = z.looseObject({ StackName: z.string().optional() });
// Nothing is processed here: a transform of a template would be, and none is supported.
const namedSchema = z.looseObject({ StackName: z.string(), TemplateStage: z.literal('Original').optional() });

/** Answers what was made of the assembly's stacks. */
export function cloudFormationService(
  stacks: () => readonly DeployedStack[],
  endpoint: () => string,
): Service {
  const chosen = (input: unknown): readonly DeployedStack[] => {
    const { StackName: name } = inputSchema.parse(input);
    const matching = stacks().filter(
      (stack) => name === undefined || stack.name === name || stack.id === name,
    );
    if (name !== undefined && matching.length === 0) {
      throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    }
    return matching;
  };
  return {
    name: 'cloudformation',
    query: true,
    resources: {},
    operations: {
      DescribeStacks: (input) => ({ Stacks: chosen(input).map((stack) => described(stack, endpoint())) }),
      DescribeStackResources: (input) => ({ StackResources: chosen(input).flatMap(resourcesOf) }),
      GetTemplate: (input) => ({
        TemplateBody: chosen(namedSchema.parse(input)).at(0)?.source,
        StagesAvailable: ['Original'],
      }),
      ListStackResources: (input) => ({ StackResourceSummaries: chosen(input).flatMap(resourcesOf) }),
    },
  };
}

const STARTED = new Date();

function described(stack: DeployedStack, endpoint: string): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: STARTED,
    StackStatus: 'CREATE_COMPLETE',
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: served(value, endpoint),
      ...(description === undefined ? {} : { Description: description }),
    })),
  };
}

/** API Gateway's address of a REST API, as the address at which this runtime serves it. */
function served(value: string, endpoint: string): string {
  const address = /^https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com\//;
  return value.replace(address, (_, api: string) => `${endpoint}/execute-api/${api}/`);
}

function resourcesOf(stack: DeployedStack): object[] {
  return stack.resources.map(({ logicalId, type, ref }) => ({
    StackName: stack.name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: ref,
    ResourceType: type,
    ResourceStatus: 'CREATE_COMPLETE',
    Timestamp: STARTED,
    LastUpdatedTimestamp: STARTED,
  }));
}
