import { ArnFormat, Stack } from 'aws-cdk-lib';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { namesOf } from './names.ts';
import type { Pull } from './pull.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** Lets a function ask how the execution stands that holds a claim. */
export function allowExecutions(made: HooklineFunction, settings: Settings): void {
  const executions = Stack.of(made).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${namesOf(settings).machine}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  made.allow(['states:DescribeExecution'], [executions]);
  acknowledgeWildcards(made.role, [executions], 'the execution that holds a claim is not known before');
}

/** Lets a step keep idempotency records, which Powertools reads and writes. */
export function allowIdempotency(made: HooklineFunction, { idempotency }: Storage): void {
  made.function.addEnvironment('IDEMPOTENCY_TABLE', idempotency.tableName);
  made.allow(
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    [idempotency.tableArn],
  );
}

/** Lets a function write commit statuses, in the name of this Hookline: the hosts and their tokens are known to it. */
export function allowStatuses(
  made: HooklineFunction,
  { hosts, credentials }: Secrets,
  { name }: Settings,
): void {
  made.function.addEnvironment('STATUS_CONTEXT', name);
  made.function.addEnvironment('HOSTS_PARAMETER', hosts.parameterName);
  made.function.addEnvironment('CREDENTIALS_SECRET_ARN', credentials.secretArn);
  made.allow(['ssm:GetParameter'], [hosts.parameterArn]);
  made.allow(['secretsmanager:GetSecretValue'], [credentials.secretArn]);
}

/** A failed pull says why in its log. */
export function allowBuildLogs(made: HooklineFunction, { logStreamArns }: Pull): void {
  made.allow(['logs:GetLogEvents'], logStreamArns);
  acknowledgeWildcards(made.role, logStreamArns, 'a build’s log stream is named after the build');
}
