import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { State } from '../../statemachine/payloads.ts';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

const KEPT_SECONDS = 90 * 86_400;
const heldSchema = z.object({ executionArn: z.string() });

/**
 * Takes a delivery for an execution by writing its record, if nobody holds it, or if `from` still does.
 * @returns whether it was taken
 */
export async function take(state: State, executionArn: string, from?: string): Promise<boolean> {
  try {
    await dynamo().send(
      new PutCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Item: itemOf(state, executionArn),
        ConditionExpression: from === undefined ? 'attribute_not_exists(id)' : 'executionArn = :from',
        ...(from === undefined ? {} : { ExpressionAttributeValues: { ':from': from } }),
      }),
    );
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}

/** The execution that holds a delivery, `undefined` when none does. */
export async function holderOf(key: string): Promise<string | undefined> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('DELIVERIES_TABLE'), Key: { id: key }, ConsistentRead: true }),
  );
  return Item && heldSchema.parse(Item).executionArn;
}

function itemOf({ key, delivery, rule, replayName, time }: State, executionArn: string): object {
  const now = new Date();
  const claimedAt = now.toISOString();
  return {
    id: key,
    executionArn,
    rule: rule.name,
    host: delivery.host,
    repository: delivery.repository?.fullName,
    ref: delivery.ref,
    commit: delivery.commit,
    event: delivery.event,
    deliveryId: delivery.id,
    ...(replayName === '' ? {} : { replayName }),
    receivedAt: time,
    day: time.slice(0, 10),
    claimedAt,
    updatedAt: claimedAt,
    expires: Math.floor(now.getTime() / 1000) + KEPT_SECONDS,
  };
}
