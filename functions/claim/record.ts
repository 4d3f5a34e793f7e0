import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { State } from '../../statemachine/payloads.ts';
import { newRecord } from '../shared/delivery-record.ts';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

const holderSchema = z.object({ executionArn: z.string() });

/**
 * Takes a delivery for an execution by writing its record, if nobody holds it, or if `from` still does.
 * @returns whether it was taken
 */
export async function takeDelivery(state: State, executionArn: string, from?: string): Promise<boolean> {
  try {
    await dynamo().send(
      new PutCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Item: newRecord(state, executionArn),
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
  return Item && holderSchema.parse(Item).executionArn;
}
