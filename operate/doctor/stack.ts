import { paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { FAILED_STATUSES } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type CheckResult, notChecked, ok, warning } from './finding.ts';

/** Reports the identity that makes the calls. */
export async function checkCaller({ sts }: Connection): Promise<CheckResult> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  return ok(`${Arn} in the account ${Account}`);
}

/** Checks that the alarms are there, and that somebody hears of them. */
export async function checkAlarms(connection: Connection, local: boolean): Promise<CheckResult> {
  if (local) return notChecked('the local runtime has none that ring: see the dead queue and the deliveries');
  const resources = await resourcesOf(connection);
  const alarms = resources.filter(({ ResourceType }) => ResourceType === 'AWS::CloudWatch::Alarm');
  const topic = resources.find(({ ResourceType }) => ResourceType === 'AWS::SNS::Topic')?.PhysicalResourceId;
  if (alarms.length === 0 || topic === undefined)
    return warning(`the stack has ${alarms.length} alarms and ${topic ?? 'no topic'}`, 'deploy it again');
  const subscriptions = await subscriptionsOf(connection, topic);
  const waiting = subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === PENDING);
  const count = `${alarms.length} alarms`;
  // One that was ended stays listed for a while, without an ARN.
  if (subscriptions.some(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:')))
    return ok(
      `${count}, and someone is told; their state is not read, but what they watch is looked at here`,
    );
  if (waiting.length > 0)
    return warning(
      `${count}, and nobody is told: ${waiting.map(({ Endpoint }) => Endpoint).join(', ')} has not confirmed`,
      'follow the link in the mail "AWS Notification - Subscription Confirmation"',
    );
  return warning(
    `${count}, and nobody is told`,
    `set alarmEmail in cdk.json and deploy, or subscribe to the topic ${topic}`,
  );
}

// What SNS says in place of an ARN: https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html
const PENDING = 'PendingConfirmation';

async function subscriptionsOf({ sns }: Connection, TopicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    found.push(...(page.Subscriptions ?? []));
  return found;
}

async function resourcesOf({ cloudformation, outputs }: Connection): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  const pages = paginateListStackResources({ client: cloudformation }, { StackName: outputs.stackName });
  for await (const page of pages) found.push(...(page.StackResourceSummaries ?? []));
  return found;
}

const DAY_MS = 86_400_000;
// A person who stops a delivery knows of it.
const FAILURES = FAILED_STATUSES.filter((status) => status !== 'ABORTED');
// More than so many are as bad as so many.
const MAX_COUNTED = 1000;

/** Counts the deliveries of the last day that ended in a failure. */
export async function checkFailures({ sfn, outputs }: Connection): Promise<CheckResult> {
  const since = Date.now() - DAY_MS;
  let count = 0;
  for (const statusFilter of FAILURES) {
    const { stateMachineArn } = outputs;
    const pages = paginateListExecutions({ client: sfn, pageSize: 100 }, { stateMachineArn, statusFilter });
    for await (const { executions = [] } of pages) {
      const recent = executions.filter(({ startDate }) => (startDate?.getTime() ?? 0) >= since).length;
      count += recent;
      if (recent < executions.length || count >= MAX_COUNTED) break;
    }
  }
  if (count === 0) return ok('none failed in the last 24 hours');
  const many = count >= MAX_COUNTED ? `${MAX_COUNTED} or more` : String(count);
  return warning(
    `${many} failed in the last 24 hours`,
    'see "hookline deliveries list --outcome failed --since 24h", and "Failed" in docs/runbook.md',
  );
}
