import { createHash } from 'node:crypto';
import type { Stack } from './assembly.ts';
import { unsupported } from './aws-error.ts';
import type { Provisioned, Resource, Service } from './cloud.ts';
import { NO_VALUE, references, resolve, type Scope } from './intrinsics.ts';

/** What a stack has become. */
export interface DeployedStack {
  readonly name: string;
  readonly id: string;
  readonly resources: readonly (Provisioned & { logicalId: string; type: string })[];
  readonly outputs: readonly { key: string; value: string; description?: string }[];
  /** the template as it was written */
  readonly source: string;
}

interface Deployment {
  readonly stack: Stack;
  readonly services: readonly Service[];
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Makes every resource of a stack, each after those it refers to.
 * @throws for a resource type that no service of this runtime makes, naming it
 */
export async function deployStack(deployment: Deployment): Promise<DeployedStack> {
  const { stack } = deployment;
  const id = `arn:aws:cloudformation:${deployment.region}:${deployment.account}:stack/${stack.name}/local`;
  const made = new Map<string, Provisioned>();
  const scope = scopeOf(deployment, id, made);
  const resources = [];
  for (const logicalId of inOrder(stack, scope)) {
    const { Type: type, Properties } = stack.template.Resources[logicalId] ?? { Type: '', Properties: {} };
    const resource = {
      stackName: stack.name,
      logicalId,
      type,
      properties: resolve(Properties, scope) as Record<string, unknown>,
      generatedName: generatedName(stack.name, logicalId),
    };
    const provisioned = await make(deployment.services, resource);
    made.set(logicalId, provisioned);
    resources.push({ ...provisioned, logicalId, type });
  }
  return { name: stack.name, id, resources, outputs: outputsOf(stack, scope), source: stack.source };
}

async function make(services: readonly Service[], resource: Resource): Promise<Provisioned> {
  const service = services.find(({ resources }) => Object.hasOwn(resources, resource.type));
  const create = service?.resources[resource.type];
  if (!create) throw unsupported(`${resource.type} (${resource.logicalId} of stack ${resource.stackName})`);
  try {
    return await create(resource);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${resource.type} ${resource.logicalId} of stack ${resource.stackName}: ${why}`, {
      cause,
    });
  }
}

function outputsOf(stack: Stack, scope: Scope): DeployedStack['outputs'] {
  return Object.entries(stack.template.Outputs).map(([key, { Value, Description }]) => ({
    key,
    value: String(resolve(Value, scope)),
    ...(Description === undefined ? {} : { description: Description }),
  }));
}

/** CloudFormation's order: a resource after everything its properties or `DependsOn` name. */
function inOrder(stack: Stack, scope: Scope): string[] {
  const { Resources } = stack.template;
  const ordered = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = Resources[logicalId];
    if (!resource || ordered.has(logicalId)) return;
    if (resource.Condition && !scope.condition(resource.Condition)) return;
    if (path.includes(logicalId))
      throw new Error(`resources depend on each other: ${[...path, logicalId].join(' → ')}`);
    const { DependsOn = [] } = resource;
    for (const next of [...references(resource.Properties), ...[DependsOn].flat()])
      visit(next, [...path, logicalId]);
    ordered.add(logicalId);
  };
  for (const logicalId of Object.keys(Resources)) visit(logicalId, []);
  return [...ordered];
}

function scopeOf(deployment: Deployment, stackId: string, made: ReadonlyMap<string, Provisioned>): Scope {
  const { stack, account, region, parameters } = deployment;
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': stackId,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
  };
  const scope: Scope = {
    ref: (name) =>
      pseudo[name] ?? made.get(name)?.ref ?? parameters[name] ?? stack.template.Parameters[name]?.Default,
    attribute: (logicalId, name) => made.get(logicalId)?.attributes?.[name],
    condition: (name) => resolve(stack.template.Conditions[name] ?? false, scope) === true,
    mapping: (map, first, second) => stack.template.Mappings[map]?.[first]?.[second],
  };
  return scope;
}

/** The physical name that CloudFormation would make up, but the same at every start, as the data hangs on it. */
function generatedName(stackName: string, logicalId: string): string {
  const hash = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12);
  return `${stackName}-${logicalId.slice(0, 40)}-${hash}`;
}
