import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { resourceType, withoutEffect } from '../../core/gate.ts';
import type { Statement } from '../../core/iam/document.ts';
import { findFunction, type Registry } from './names.ts';

const versionSchema = z.strictObject({
  FunctionName: z.string(),
  ...withoutEffect('CodeSha256', 'Description', 'ProvisionedConcurrencyConfig'),
});

/** AWS::Lambda::Version: the one version, since the template's code is the only code there is here. */
export const versionType = (registry: Registry) =>
  resourceType(versionSchema, ({ FunctionName }) => {
    const { name, arn } = findFunction(registry, FunctionName);
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
    const { name, arn } = findFunction(registry, FunctionName);
    const ref = qualify(registry, name, arn, Name);
    return { ref, attributes: { AliasArn: ref } };
  });

function qualify(registry: Registry, name: string, arn: string, qualifier: string): string {
  registry.qualifiers.set(name, (registry.qualifiers.get(name) ?? new Set()).add(qualifier));
  return `${arn}:${qualifier}`;
}

const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
  ...withoutEffect('EventSourceToken', 'FunctionUrlAuthType', 'PrincipalOrgID'),
});

/** AWS::Lambda::Permission: a statement of the function's resource policy. */
export const permissionType = (registry: Registry, { policies }: Cloud) =>
  resourceType(
    permissionSchema,
    ({ Action, FunctionName, Principal, SourceAccount, SourceArn }, { generatedName }) => {
      const { arn } = findFunction(registry, FunctionName);
      const statement: Statement = {
        Effect: 'Allow',
        Action: [Action],
        Resource: [arn, `${arn}:*`],
        Principal: Principal.endsWith('.amazonaws.com') ? { Service: [Principal] } : { AWS: [Principal] },
        Condition: {
          ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': [SourceArn] } }),
          ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': [SourceAccount] } }),
        },
      };
      policies.resource(generatedName, [arn], [statement]);
      return { ref: generatedName };
    },
    ({ generatedName }) => policies.remove(generatedName),
  );
