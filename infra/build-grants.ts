import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IProject } from 'aws-cdk-lib/aws-codebuild';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What the CDK lets whoever reads an object do with it. */
export const READ_GRANTS = ['s3:GetObject*', 's3:GetBucket*', 's3:List*'] as const;

/** What the CDK lets whoever writes an object do with it. */
export const WRITE_GRANTS = ['s3:DeleteObject*', 's3:Abort*'] as const;

/** The streams of the log group that the CDK lets a project write to. */
export function projectLogs(project: IProject): string {
  return Stack.of(project).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `/aws/codebuild/${project.projectName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * Keeps a project from making its log group, which the CDK lets each do. A build that ends after its stack was deleted would
 * make it again, and the next stack of the name could not.
 */
export function makeNoLogGroup(project: IProject): void {
  project.role?.addToPrincipalPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ['logs:CreateLogGroup'],
      resources: [
        Stack.of(project).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  );
}
