import * as z from 'zod';
import type { Provisioned } from '../../core/cloud.ts';
import { resourceDocument, type Statement } from '../../core/iam/document.ts';
import { queueOf, type State } from './tables.ts';

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
const MAX_ACTIONS = 7;
const MAX_STATEMENTS = 20;

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
const ACTIONS: ReadonlySet<string> = new Set(
  'AddPermission CancelMessageMoveTask ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags ListQueues PurgeQueue ReceiveMessage RemovePermission SendMessage SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue'
    .toLowerCase()
    .split(' '),
);

const isAction = (action: string): boolean =>
  /^(?:\*|sqs:.*\*.*)$/i.test(action) || ACTIONS.has(action.toLowerCase().replace(/^sqs:/, ''));

/** What SQS refuses of a queue's policy, beyond what IAM does. */
export function checkQueuePolicy(
  statements: readonly Statement[],
  { addIssue }: z.core.$RefinementCtx,
): void {
  if (statements.length > MAX_STATEMENTS)
    addIssue(`the policy of a queue has ${statements.length} statements, and may have ${MAX_STATEMENTS}`);
  for (const { Action = [], NotAction = [] } of statements) {
    if (Action.length > MAX_ACTIONS)
      addIssue(`a statement of a queue has ${Action.length} actions, and may have ${MAX_ACTIONS}`);
    const unknown = [...Action, ...NotAction].find((action) => !isAction(action));
    if (unknown !== undefined) addIssue(`SQS has no action ${unknown}`);
  }
}

export const policyProperties = z.strictObject({
  PolicyDocument: resourceDocument.superRefine(checkQueuePolicy),
  Queues: z.array(z.string()).min(1),
});

/** Says who besides the account's roles may do what with these queues. */
export function provisionPolicy(
  state: State,
  { PolicyDocument, Queues }: z.infer<typeof policyProperties>,
  id: string,
): Provisioned {
  const arns = Queues.map((url) => queueOf(state, url).arn);
  state.cloud.policies.resource(id, arns, PolicyDocument);
  return { ref: id };
}
