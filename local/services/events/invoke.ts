import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Principal } from '../../core/cloud.ts';
import { queueUrl } from '../../core/queue-url.ts';
import { invokeDestination } from './invoke-destination.ts';
import { logEventOf, logGroupOf } from './log-target.ts';
import type { ResolvedDelivery } from './resolved-delivery.ts';
import type { Rule, State } from './tables.ts';
import { callerOf, type Target, type TargetKind } from './target.ts';

const rejection = z.object({ rejectedLogEventsInfo: z.object({}) });

type Invoke = (state: State, target: Target, input: string, as: Principal, rule: Rule) => Promise<void>;

const invocations: Readonly<Record<TargetKind, Invoke>> = {
  states: async ({ cloud }, target, input, as) => {
    await cloud.call('states', 'StartExecution', { stateMachineArn: target.arn, input }, as);
  },
  sqs: async ({ cloud }, target, input, as) => {
    const QueueUrl = queueUrl(cloud, target.arn);
    await cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: input }, as);
  },
  sns: async ({ cloud }, { arn }, input, as) => {
    await cloud.call('sns', 'Publish', { TopicArn: arn, Message: input }, as);
  },
  lambda: async ({ cloud }, target, input, as) => {
    const event = { FunctionName: target.arn, Payload: input, InvocationType: 'Event' };
    await cloud.call('lambda', 'Invoke', event, as);
  },
  'api-destination': (state, { arn }, input, as) => invokeDestination(state, arn, input, as),
  logs: async ({ cloud }, target, input, as, rule) => {
    const logGroupName = logGroupOf(target.arn);
    // EventBridge makes up the names of its streams.
    const logStreamName = rule.name;
    const logEvents = [logEventOf(input, target.given.InputTransformer !== undefined)];
    const stream = { logGroupName, logStreamName };
    const put = (): Promise<unknown> => cloud.call('logs', 'PutLogEvents', { ...stream, logEvents }, as);
    const answer = await put().catch(async (error) => {
      if (!isOf(error, 'ResourceNotFoundException')) throw error;
      await cloud.call('logs', 'CreateLogStream', stream, as).catch(ignoreExisting);
      return put();
    });
    // Logs has answered: there is nothing that EventBridge would try again.
    if (rejection.safeParse(answer).success)
      cloud.warn(`rule ${rule.name}: ${logGroupName} takes no event of that time, and its line is lost`);
  },
};

/** Calls the target with its transformation of the event. */
export async function invokeTarget(state: State, { rule, target, body }: ResolvedDelivery): Promise<void> {
  const input = target.transform({ body, ruleArn: rule.arn, ruleName: rule.name });
  const principal = callerOf(state.cloud, rule.arn, target);
  await invocations[target.kind](state, target, input, principal, rule);
}

function ignoreExisting(error: unknown): void {
  if (!isOf(error, 'ResourceAlreadyExistsException')) throw error;
}

const isOf = (error: unknown, code: string): boolean => error instanceof AwsError && error.code === code;
