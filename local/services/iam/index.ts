import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Service } from '../../core/cloud.ts';
import { inert, tagList } from '../../core/forms.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { identityDocument, type Statement, trustDocument } from '../../core/iam/document.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import * as made from './made-roles.ts';
import { arnOf, MAX_INLINE, MAX_TRUST, role, roleName } from './role.ts';

/** A policy's document as IAM counts it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ofLength = (most: number) =>
  z
    .unknown()
    .refine(
      (document) => JSON.stringify(document ?? '').length <= most,
      `a policy has ${most} characters at most: cut it into several`,
    );

const names = z.array(z.string()).default([]);
const policyName = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'has 1 to 128 letters, digits and + = , . @ -');
const path = z
  .string()
  .max(512)
  .regex(/^\/(?:[\x21-\x7e]+\/)?$/, 'begins and ends with a slash');
// No stack makes a user or a group.
const nobody = {
  Groups: z.array(z.string()).max(0).optional(),
  Users: z.array(z.string()).max(0).optional(),
};
const roleSchema = z.strictObject({
  RoleName: roleName.optional(),
  AssumeRolePolicyDocument: ofLength(MAX_TRUST).pipe(trustDocument),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  ManagedPolicyArns: names.pipe(z.array(z.string()).max(10)),
  Policies: z
    .array(z.strictObject({ PolicyName: policyName, PolicyDocument: identityDocument }))
    .refine(
      (all) => new Set(all.map(({ PolicyName }) => PolicyName)).size === all.length,
      'two policies of a role have one PolicyName: give each its own',
    )
    .default([]),
  Description: inert(
    z
      .string()
      .max(1000)
      .regex(/^[\t\n\r\x20-\x7e\u00a1-\u00ff]*$/, 'holds a letter that IAM does not take'),
  ),
  MaxSessionDuration: inert(z.coerce.number().int().min(3600).max(43_200)),
  Path: inert(path),
  PermissionsBoundary: inert(
    z.string().regex(/^arn:[\w-]+:iam::(?:\d{12}|aws):policy\/.+$/, 'is no ARN of a policy'),
  ),
  Tags: inert(
    tagList.refine(
      (tags) => new Set(tags.map(({ Key }) => Key.toLowerCase())).size === tags.length,
      'two tags have one Key: capitals do not part keys in IAM',
    ),
  ),
});
const policySchema = z
  .strictObject({
    // The policies that stand in a role have this together.
    PolicyDocument: ofLength(MAX_INLINE).pipe(identityDocument),
    Roles: names,
    PolicyName: inert(policyName),
    ...nobody,
  })
  .refine(({ Roles }) => Roles.length > 0, 'the policy is of nobody: name a role');
const managedPolicySchema = z.strictObject({
  PolicyDocument: ofLength(6144).pipe(identityDocument),
  Roles: names,
  Description: inert(z.string().max(1000)),
  ManagedPolicyName: inert(policyName),
  Path: inert(path),
  ...nobody,
});

/** Makes roles and their policies, by which every call of a role is let through or denied. */
export function iamService(cloud: Cloud): Service {
  const { policies } = cloud;
  const state = made.stateOf(cloud);
  const managed = managedPolicies(cloud);
  const inline = inlineSizes();
  const roles = (list: readonly string[]) => list.map((name) => arnOf(cloud, 'role', name));
  return {
    name: 'iam',
    query: true,
    invalidInput: 'ValidationError',
    operations: operations(state),
    start: () => made.registerMade(state),
    resources: {
      'AWS::IAM::Role': resourceType(
        roleSchema,
        ({ RoleName, ...policy }, { generatedName, properties }) => {
          const own = role(cloud, RoleName ?? generatedName.slice(0, 64));
          const { Arn } = own.attributes;
          state.fromTemplate.add(own.ref);
          policies.trust(Arn, policy.AssumeRolePolicyDocument);
          inline.take(own.ref, own.ref, properties.Policies);
          const statements = policy.Policies.flatMap(({ PolicyDocument }) => PolicyDocument);
          policies.identity(made.inlineId(Arn), [Arn], statements);
          for (const arn of policy.ManagedPolicyArns) managed.attach(arn, Arn);
          return own;
        },
        (_resource, { ref, attributes: { Arn = '' } = {} }) => {
          state.fromTemplate.delete(ref);
          inline.forget(ref);
          for (const id of [Arn, made.inlineId(Arn)]) policies.remove(id);
        },
      ),
      'AWS::IAM::Policy': resourceType(
        policySchema,
        ({ PolicyDocument, Roles }, { generatedName, properties }) => {
          for (const name of Roles) inline.take(name, generatedName, properties.PolicyDocument);
          policies.identity(generatedName, roles(Roles), PolicyDocument);
          return { ref: generatedName };
        },
        ({ generatedName }) => {
          inline.forget(generatedName);
          policies.remove(generatedName);
        },
      ),
      'AWS::IAM::ManagedPolicy': resourceType(
        managedPolicySchema,
        ({ PolicyDocument, Roles }, { generatedName }) => {
          const ref = arnOf(cloud, 'policy', generatedName);
          managed.put(ref, PolicyDocument);
          for (const arn of roles(Roles)) managed.attach(ref, arn);
          return { ref };
        },
        (_resource, { ref }) => policies.remove(ref),
      ),
    },
  };
}

function operations(state: made.State): Service['operations'] {
  const on = (action: string) => (input: { RoleName: string }) => [
    { action, resource: arnOf(state.cloud, 'role', input.RoleName) },
  ];
  return {
    CreateRole: operation(made.createInput, (input) => made.createRole(state, input), on('CreateRole')),
    DeleteRole: operation(made.roleInput, (input) => made.deleteRole(state, input), on('DeleteRole')),
    PutRolePolicy: operation(
      made.putPolicyInput,
      (input) => made.putRolePolicy(state, input),
      on('PutRolePolicy'),
    ),
    DeleteRolePolicy: operation(
      made.policyInput,
      (input) => made.deleteRolePolicy(state, input),
      on('DeleteRolePolicy'),
    ),
  };
}

/** What the inline policies of each role have together, in characters. */
function inlineSizes() {
  const sizes = new Map<string, Map<string, number>>();
  return {
    /** @throws LimitExceeded */
    take: (role: string, id: string, document: unknown): void => {
      const own = sizes.get(role) ?? new Map<string, number>();
      sizes.set(role, own.set(id, JSON.stringify(document ?? '').length));
      const sum = [...own.values()].reduce((all, each) => all + each, 0);
      if (sum > MAX_INLINE)
        throw new AwsError(
          'LimitExceeded',
          `the inline policies of the role ${role} have ${sum} characters together, and may have ${MAX_INLINE}`,
        );
    },
    forget: (id: string): void => {
      for (const own of sizes.values()) own.delete(id);
    },
  };
}

/** Policies that several roles have, AWS's own among them. */
function managedPolicies({ policies }: Cloud) {
  const documents = new Map<string, readonly Statement[]>();
  const attached = new Map<string, Set<string>>();
  const register = (arn: string): void =>
    policies.identity(arn, [...(attached.get(arn) ?? [])], documents.get(arn) ?? []);
  return {
    put: (arn: string, statements: readonly Statement[]) => {
      documents.set(arn, statements);
      register(arn);
    },
    attach: (arn: string, roleArn: string) => {
      attached.set(arn, (attached.get(arn) ?? new Set()).add(roleArn));
      const own = AWS_MANAGED[arn.split('/').at(-1) ?? ''];
      if (arn.startsWith('arn:aws:iam::aws:') && !own)
        throw unsupported(
          `the policy ${arn} of ${roleArn}: write its statements into a policy of the template`,
        );
      if (own && arn.startsWith('arn:aws:iam::aws:')) documents.set(arn, own);
      register(arn);
    },
  };
}
