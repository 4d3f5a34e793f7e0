import * as z from 'zod';
import type { DeployedStack } from '../../assembly/deployed-stack.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Service } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';

const stacksSchema = z.strictObject({ StackName: z.string().optional() });
const stackSchema = z.strictObject({ StackName: z.string() });
const resourcesSchema = stackSchema.extend({ LogicalResourceId: z.string().optional() });
// The stage `Processed` is the template after its transforms, and no transform is supported.
const templateSchema = stackSchema.extend({ TemplateStage: z.literal('Original').optional() });

// AWS answers a question mark for each of them.
const BEYOND_ASCII = /[\u{80}-\u{10ffff}]/gu;

/** CloudFormation: describes the deployed stacks of the assembly. */
export function cloudFormationService(
  stacks: () => readonly DeployedStack[],
  endpoint: () => string,
): Service {
  return {
    name: 'cloudformation',
    query: true,
    invalidInput: 'ValidationError',
    operations: {
      DescribeStacks: operation(stacksSchema, ({ StackName }) => ({
        Stacks: named(stacks(), StackName).map((stack) => described(stack, endpoint())),
      })),
      DescribeStackResources: operation(resourcesSchema, (input) => describeResources(stacks(), input)),
      GetTemplate: operation(templateSchema, ({ StackName }) => ({
        TemplateBody: named(stacks(), StackName).at(0)?.source.replace(BEYOND_ASCII, '?'),
        StagesAvailable: ['Original'],
      })),
      ListStackResources: operation(stackSchema, ({ StackName }) => ({
        StackResourceSummaries: named(stacks(), StackName).flatMap(resourcesOf),
      })),
    },
    resources: {},
  };
}

/** The stacks of this name or id; without one, all of them. */
function named(stacks: readonly DeployedStack[], name: string | undefined): readonly DeployedStack[] {
  const matching = stacks.filter((stack) => name === undefined || stack.name === name || stack.id === name);
  if (name !== undefined && matching.length === 0)
    throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
  return matching;
}

function describeResources(
  stacks: readonly DeployedStack[],
  { StackName, LogicalResourceId }: z.infer<typeof resourcesSchema>,
): object {
  const all = named(stacks, StackName).flatMap(resourcesOf);
  if (LogicalResourceId === undefined) return { StackResources: all };
  const StackResources = all.filter((each) => each.LogicalResourceId === LogicalResourceId);
  if (StackResources.length > 0) return { StackResources };
  throw new AwsError(
    'ValidationError',
    `Resource ${LogicalResourceId} does not exist for stack ${StackName}`,
  );
}

const STARTED = new Date();

function described(stack: DeployedStack, endpoint: string): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: STARTED,
    ...(stack.updatedAt
      ? { LastUpdatedTime: stack.updatedAt, StackStatus: 'UPDATE_COMPLETE' }
      : { StackStatus: 'CREATE_COMPLETE' }),
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: served(value, endpoint),
      ...(description === undefined ? {} : { Description: description }),
    })),
  };
}

/** API Gateway's address of a REST API, as the address at which this runtime serves it. */
function served(value: string, endpoint: string): string {
  const address = /^https:\/\/([a-z0-9]+)(?:-vpce-[0-9a-f]+)?\.execute-api\.[a-z0-9-]+\.amazonaws\.com\//;
  return value.replace(address, (_, api: string) => `${endpoint}/execute-api/${api}/`);
}

function resourcesOf(stack: DeployedStack) {
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
