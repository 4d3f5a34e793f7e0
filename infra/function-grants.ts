import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { NamedRule } from '../events/rule.ts';
import { copiesOf, endPipelinesOf, startedPipelinesOf } from '../events/rule-pipelines.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { allowApps } from './app-grants.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { namesOf } from './names.ts';
import { allowInParts, pipelineArn } from './pipeline-grants.ts';
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
export function allowStatuses(made: HooklineFunction, secrets: Secrets, { name }: Settings): void {
  made.function.addEnvironment('STATUS_CONTEXT', name);
  allowHosts(made, secrets);
}

/** Lets a function call the hosts' APIs: the hosts and their tokens are known to it. */
export function allowHosts(made: HooklineFunction, secrets: Secrets): void {
  made.function.addEnvironment('HOSTS_PARAMETER', secrets.hosts.parameterName);
  made.allow(['ssm:GetParameter'], [secrets.hosts.parameterArn]);
  made.allow(['secretsmanager:GetSecretValue'], secrets.credentialArns());
  allowApps(made, secrets);
}

/** Lets a function put on the bus what has become of a delivery. */
export function allowResults(made: HooklineFunction, { eventBusName, eventBusArn }: EventBus): void {
  made.function.addEnvironment('BUS_NAME', eventBusName);
  made.allow(['events:PutEvents'], [eventBusArn]);
}

/** A failed pull says why in its log. */
export function allowBuildLogs(made: HooklineFunction, { logStreamArns }: Pull): void {
  made.allow(['logs:GetLogEvents'], logStreamArns);
  acknowledgeWildcards(made.role, logStreamArns, 'a build’s log stream is named after the build');
}

/** Lets a function start the pipelines that the rules name, and those below the prefixes that they declare. */
export function allowPipelines(made: HooklineFunction, rules: readonly NamedRule[]): void {
  const actions = ['codepipeline:GetPipeline', 'codepipeline:StartPipelineExecution'];
  allowOnPipelines(made, startedPipelinesOf(rules), actions);
}

/** Lets a function look at the actions of every pipeline that the rules have started. */
export function allowActions(made: HooklineFunction, rules: readonly NamedRule[]): void {
  const all = new Set([...startedPipelinesOf(rules), ...copiesOf(rules), ...endPipelinesOf(rules)]);
  allowOnPipelines(made, [...all], ['codepipeline:ListActionExecutions']);
}

function allowOnPipelines(
  made: HooklineFunction,
  names: readonly string[],
  actions: readonly string[],
): void {
  const resources = names.map((name) => pipelineArn(made, name));
  acknowledgeWildcards(
    made.role,
    resources.filter((arn) => arn.endsWith('*')),
    'a rule names its pipelines after repositories or branches, by a prefix that it declares',
  );
  allowInParts(made, { sid: 'Pipelines', actions, resources });
}
