import { Aspects, type IAspect, type Stack } from 'aws-cdk-lib';
import { CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Settings } from './settings.ts';

/** Gives every role of a stack what an account may ask of roles: a permissions boundary, and a path. */
export function constrainRoles(stack: Stack, { permissionsBoundary, rolePath }: Settings): void {
  if (permissionsBoundary !== undefined)
    PermissionsBoundary.of(stack).apply(
      permissionsBoundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(stack, 'PermissionsBoundary', permissionsBoundary)
        : ManagedPolicy.fromManagedPolicyName(stack, 'PermissionsBoundary', permissionsBoundary),
    );
  if (rolePath !== undefined) Aspects.of(stack).add(new RolePath(rolePath));
}

class RolePath implements IAspect {
  constructor(private readonly path: string) {}

  visit(node: IConstruct): void {
    if (node instanceof CfnRole) node.path = this.path;
  }
}
