import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Connection } from '../connection/connection.ts';
import { failed, ok, type Seen, warning } from './finding.ts';

/** Whether nothing waits for someone to look at it. */
export async function deadQueueSeen(connection: Connection): Promise<Seen> {
  const waiting = await depth(connection, connection.outputs.deadQueueUrl);
  if (waiting === 0) return ok('it is empty');
  return failed(
    `${deliveries(waiting)} could not be processed`,
    'see "DeadQueue" in docs/operate.md: find out why, and send them again',
  );
}

/** Whether the way of what is too large, or was throttled, keeps up. */
export async function overflowSeen(connection: Connection): Promise<Seen> {
  const waiting = await depth(connection, connection.outputs.overflowQueueUrl);
  if (waiting === 0) return ok('it is empty');
  return warning(
    `${deliveries(waiting)} ${waiting === 1 ? 'waits' : 'wait'} in it`,
    'look again in a minute; if there are as many, see "OverflowAge" in docs/operate.md',
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
