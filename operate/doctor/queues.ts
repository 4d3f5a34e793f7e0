import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Connection } from '../connection/connection.ts';
import { type CheckResult, failed, ok, warning } from './finding.ts';

/** Checks that no delivery waits for a person. */
export async function checkDeadQueue(connection: Connection): Promise<CheckResult> {
  const waiting = await depth(connection, connection.outputs.deadQueueUrl);
  if (waiting === 0) return ok('it is empty');
  return failed(
    `${deliveries(waiting)} could not be processed`,
    'see "DeadQueue" in docs/runbook.md: find out why, and send them again',
  );
}

/** Checks that deliveries that were too large or were throttled are worked off. */
export async function checkOverflowQueue(connection: Connection): Promise<CheckResult> {
  const waiting = await depth(connection, connection.outputs.overflowQueueUrl);
  if (waiting === 0) return ok('it is empty');
  return warning(
    `${deliveries(waiting)} ${waiting === 1 ? 'waits' : 'wait'} in it`,
    'look again in a minute; if there are as many, see "OverflowAge" in docs/runbook.md',
  );
}

/** Checks that no end of an execution or of a pipeline was given up. */
export async function checkUnrecordedQueue(connection: Connection): Promise<CheckResult> {
  const waiting = await depth(connection, connection.outputs.unrecordedQueueUrl);
  if (waiting === 0) return ok('it is empty');
  return failed(
    `${waiting === 1 ? '1 end of a delivery or of a pipeline' : `${waiting} ends of deliveries or of pipelines`} could not be recorded`,
    'see "Unrecorded" in docs/runbook.md: find out why, and send them again',
  );
}

const deliveries = (count: number): string => (count === 1 ? '1 delivery' : `${count} deliveries`);

async function depth({ sqs }: Connection, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0)
  );
}
