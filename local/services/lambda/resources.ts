import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { find, type Registry } from './names.ts';

const ofFunction = z.object({ FunctionName: z.string() });

/** AWS::Lambda::Version: the one version, since the template's code is the only code there is here. */
export function version(registry: Registry, { properties }: Resource): Provisioned {
  const fn = find(registry, ofFunction.parse(properties).FunctionName);
  return { ref: qualify(registry, fn.name, fn.arn, '1'), attributes: { Version: '1', FunctionArn: fn.arn } };
}

const aliasProperties = ofFunction.extend({ Name: z.string(), RoutingConfig: z.unknown().optional() });

/** AWS::Lambda::Alias: another name for the one version. */
export function alias(registry: Registry, { properties }: Resource): Provisioned {
  const { FunctionName, Name, RoutingConfig } = aliasProperties.parse(properties);
  const fn = find(registry, FunctionName);
  if (RoutingConfig !== undefined) throw unsupported(`the RoutingConfig of the alias ${Name} of ${fn.name}`);
  const arn = qualify(registry, fn.name, fn.arn, Name);
  return { ref: arn, attributes: { AliasArn: arn } };
}

function qualify(registry: Registry, name: string, arn: string, qualifier: string): string {
  registry.qualifiers.set(name, (registry.qualifiers.get(name) ?? new Set()).add(qualifier));
  return `${arn}:${qualifier}`;
}

/** AWS::Lambda::Permission and EventInvokeConfig: kept by the template; what they rule does not happen here. */
export function noted({ generatedName }: Resource): Provisioned {
  return { ref: generatedName };
}

/** AWS::Lambda::LayerVersion */
export function layer({ logicalId }: Resource): Provisioned {
  throw unsupported(`the Lambda layer ${logicalId}: bundle what it holds into the functions`);
}
