import { Aspects, type IAspect, type Stack } from 'aws-cdk-lib';
import { CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';

/** Gives every role of a stack what an account may ask of roles: a permissions boundary, and a path. */
export function constrainRoles(stack: Stack, { permissionsBoundary, rolePath }: Settings): void {
  if (permissionsBoundary !== undefined)
    PermissionsBoundary.of(stack).apply(
      permissionsBoundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(stack, 'PermissionsBoundary', permissionsBoundary)
        : ManagedPolicy.fromManagedPolicyName(stack, 'PermissionsBoundary', permissionsBoundary),
    );
  if (rolePath === undefined) return;
  Aspects.of(stack).add(new RolePath(rolePath));
  acknowledge(
    stack,
    'CloudFormation-Validate::E3050',
    'it warns of a role by its name, which lacks the path; every role here is named by its ARN',
  );
}

class RolePath implements IAspect {
  constructor(private readonly path: string) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnRole) node.path = this.path;
  }
}
