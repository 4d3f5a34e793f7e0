import * as z from 'zod';
import { resourceType, withoutEffect } from '../../core/gate.ts';
import { find, type Registry } from './names.ts';

const versionSchema = z.strictObject({
  FunctionName: z.string(),
  ...withoutEffect('CodeSha256', 'Description', 'ProvisionedConcurrencyConfig'),
});

/** AWS::Lambda::Version: the one version, since the template's code is the only code there is here. */
export const versionType = (registry: Registry) =>
  resourceType(versionSchema, ({ FunctionName }) => {
    const { name, arn } = find(registry, FunctionName);
    const ref = qualify(registry, name, arn, '1');
    return { ref, attributes: { Version: '1', FunctionArn: arn } };
  });

const aliasSchema = z.strictObject({
  FunctionName: z.string(),
  Name: z.string(),
  ...withoutEffect('Description', 'FunctionVersion', 'ProvisionedConcurrencyConfig'),
});

/** AWS::Lambda::Alias: another name for the one version. */
export const aliasType = (registry: Registry) =>
  resourceType(aliasSchema, ({ FunctionName, Name }) => {
    const { name, arn } = find(registry, FunctionName);
    const ref = qualify(registry, name, arn, Name);
    return { ref, attributes: { AliasArn: ref } };
  });

function qualify(registry: Registry, name: string, arn: string, qualifier: string): string {
  registry.qualifiers.set(name, (registry.qualifiers.get(name) ?? new Set()).add(qualifier));
  return `${arn}:${qualifier}`;
}

/** AWS::Lambda::Permission: no call is denied here. */
export const permissionType = noted(
  'Action',
  'EventSourceToken',
  'FunctionName',
  'FunctionUrlAuthType',
  'Principal',
  'PrincipalOrgID',
  'SourceAccount',
  'SourceArn',
);

/** AWS::Lambda::EventInvokeConfig: there are no asynchronous invocations here. */
export const eventInvokeConfigType = noted(
  'FunctionName',
  'MaximumEventAgeInSeconds',
  'MaximumRetryAttempts',
  'Qualifier',
);

function noted(...properties: readonly string[]) {
  return resourceType(
    z.strictObject(withoutEffect(...properties)),
    (_properties, { generatedName }) => ({ ref: generatedName }),
    () => undefined,
  );
}
