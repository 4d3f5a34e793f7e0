import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NamedRule } from '../events/rule.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { allowApps } from './app-grants.ts';
import { endPipelinesOf } from './branch-pipeline-grants.ts';
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

// Some 4,000 characters where the names of pipelines are long.
const STATEMENT_ARNS = 30;

/** Lets a function start the pipelines that the rules name, and those below the prefixes that they declare. */
export function allowPipelines(made: HooklineFunction, rules: readonly NamedRule[]): void {
  const started = rules.filter(({ pipeline }) => pipeline && !('each' in pipeline));
  const actions = ['codepipeline:GetPipeline', 'codepipeline:StartPipelineExecution'];
  allowOnPipelines(made, pipelineArns(made, started), actions);
}

/** Lets a function look at the actions of every pipeline that the rules have started. */
export function allowActions(made: HooklineFunction, rules: readonly NamedRule[]): void {
  const ends = endPipelinesOf(rules).map((resource) =>
    Stack.of(made).formatArn({ service: 'codepipeline', resource }),
  );
  const all = [...new Set([...pipelineArns(made, rules), ...ends])];
  allowOnPipelines(made, all, ['codepipeline:ListActionExecutions']);
}

function pipelineArns(made: HooklineFunction, rules: readonly NamedRule[]): string[] {
  const named = rules.flatMap(({ pipeline }) => (pipeline ? [pipeline] : []));
  const names = named.map((pipeline) => {
    if ('each' in pipeline) return `${pipeline.name}-*`;
    return pipeline.prefix === undefined ? pipeline.name : `${pipeline.prefix}*`;
  });
  return [...new Set(names)].map((resource) =>
    Stack.of(made).formatArn({ service: 'codepipeline', resource }),
  );
}

function allowOnPipelines(made: HooklineFunction, arns: readonly string[], actions: string[]): void {
  acknowledgeWildcards(
    made.role,
    arns.filter((arn) => arn.endsWith('*')),
    'a rule names its pipelines after repositories or branches, by a prefix that it declares',
  );
  // A managed policy, into which the CDK moves what is too long, holds 6,144 characters; a statement with an id stays apart.
  for (let at = 0; at < arns.length; at += STATEMENT_ARNS)
    made.role.addToPolicy(
      new PolicyStatement({
        sid: `Pipelines${at / STATEMENT_ARNS}`,
        actions,
        resources: arns.slice(at, at + STATEMENT_ARNS),
      }),
    );
}
