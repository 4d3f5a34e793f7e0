import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Cloud, Provisioned, Service } from '../../core/cloud.ts';
import { resourceType, withoutEffect } from '../../core/gate.ts';

const roleSchema = z.strictObject({
  RoleName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/)
    .optional(),
  ...withoutEffect(
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'Tags',
  ),
});
const policySchema = z.strictObject(
  withoutEffect('Groups', 'PolicyDocument', 'PolicyName', 'Roles', 'Users'),
);
const managedPolicySchema = z.strictObject(
  withoutEffect('Description', 'Groups', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users'),
);

/** Makes roles and their policies; whether a call is allowed is not checked yet (docs/local.md). */
export function iamService(cloud: Cloud): Service {
  const nothing = () => undefined;
  return {
    name: 'iam',
    query: true,
    operations: {},
    resources: {
      'AWS::IAM::Role': resourceType(
        roleSchema,
        ({ RoleName }, { generatedName }) => role(cloud, RoleName ?? generatedName.slice(0, 64)),
        nothing,
      ),
      'AWS::IAM::Policy': resourceType(
        policySchema,
        (_properties, { generatedName }) => ({ ref: generatedName }),
        nothing,
      ),
      'AWS::IAM::ManagedPolicy': resourceType(
        managedPolicySchema,
        (_properties, { generatedName }) => ({
          ref: `arn:aws:iam::${cloud.account}:policy/${generatedName}`,
        }),
        nothing,
      ),
    },
  };
}

function role(cloud: Cloud, name: string): Provisioned {
  const arn = `arn:aws:iam::${cloud.account}:role/${name}`;
  cloud.role(arn);
  const id = createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase();
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${id}` } };
}
