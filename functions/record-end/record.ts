import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WrittenStatus } from '../../events/provider.ts';
import { PENDING } from '../../statemachine/outcomes.ts';
import { newRecord } from '../shared/delivery-record.ts';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';
import type { EndedExecution } from './execution.ts';

const text = z.string().default('');
const heldSchema = z.object({
  executionArn: z.string(),
  rule: z.string(),
  host: z.string(),
  outcome: text,
  repository: text,
  commit: text,
  /** what became of the commit status */
  status: text,
  /** what it is called; an execution of another release may have left it out */
  statusContext: text,
});

/** A delivery's record, as far as its end needs it. */
export type HeldRecord = z.infer<typeof heldSchema>;

/** The record of a delivery; undefined for one that was not claimed. */
export async function readRecord(key: string): Promise<HeldRecord | undefined> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('DELIVERIES_TABLE'), Key: { id: key }, ConsistentRead: true }),
  );
  return Item && heldSchema.parse(Item);
}

/**
 * Begins and ends the record of a delivery that failed before it was claimed.
 * @returns whether it was written: a claim may have been first
 */
export function createFailedRecord(ended: EndedExecution): Promise<boolean> {
  const { outcome, error, message } = ended;
  return unlessConditionFailed(
    dynamo().send(
      new PutCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Item: { ...newRecord(ended.delivery, ended.arn), outcome, error, message },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    ),
  );
}

/**
 * Ends the record of a delivery that this execution holds.
 * @returns whether it was written: another may have taken the delivery over, or a late report has come
 */
export function finishRecord(ended: EndedExecution, status: WrittenStatus | undefined): Promise<boolean> {
  const { arn, outcome, error, message } = ended;
  const written = status ? { status: status.status, statusReason: status.reason } : {};
  const values = { outcome, error, message, updatedAt: new Date().toISOString(), ...written };
  const names = Object.keys(values);
  return unlessConditionFailed(
    dynamo().send(
      new UpdateCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Key: { id: ended.delivery.key },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression:
          'executionArn = :arn AND (attribute_not_exists(#outcome) OR #outcome = :pending)',
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':arn': arn,
          ':pending': PENDING,
          ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
        },
      }),
    ),
  );
}

async function unlessConditionFailed(written: Promise<unknown>): Promise<boolean> {
  try {
    await written;
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}
