import type { Provisioned } from '../core/cloud.ts';
import type { Stack } from './assembly.ts';
import type { Deployment } from './deployed-stack.ts';
import { NO_VALUE, references, resolve, type Scope } from './intrinsics.ts';

/** CloudFormation's order: a resource after everything its properties or `DependsOn` name. */
export function inOrder(stack: Stack, scope: Scope): string[] {
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

/**
 * The values of a stack for its template's intrinsic functions: parameters, conditions, and the resources made so far.
 */
export function scopeOf(
  deployment: Deployment,
  stackId: string,
  made: ReadonlyMap<string, Provisioned>,
): Scope {
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
