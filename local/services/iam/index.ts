import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import type { Statement } from '../../core/iam/document.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import * as made from './made-roles.ts';
import { arnOf, MAX_INLINE, role } from './role.ts';
import { managedPolicySchema, policySchema, roleSchema } from './schemas.ts';

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
