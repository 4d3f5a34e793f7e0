import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WrittenStatus } from '../../events/provider.ts';
import { PENDING, UNREPORTED } from '../../statemachine/outcomes.ts';
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
  /** `check` for a check run */
  statusKind: text,
});

/** A delivery's record, as far as its end needs it. */
export type HeldRecord = z.infer<typeof heldSchema>;

type WrittenRecord = Readonly<Record<string, unknown>>;

/** The record of a delivery; undefined for one that was not claimed. */
export async function readRecord(key: string): Promise<HeldRecord | undefined> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('DELIVERIES_TABLE'), Key: { id: key }, ConsistentRead: true }),
  );
  return Item && heldSchema.parse(Item);
}

/**
 * Begins and ends the record of a delivery that failed before it was claimed.
 * @returns the record; undefined when it was not written: a claim may have been first
 */
export function createFailedRecord(ended: EndedExecution): Promise<WrittenRecord | undefined> {
  const { outcome, error, message, verified } = ended;
  const Item = { ...newRecord(ended.delivery, ended.arn), outcome, error, message, verified };
  return unlessConditionFailed(async () => {
    await dynamo().send(
      new PutCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Item,
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
    return Item;
  });
}

/**
 * Ends the record of a delivery that this execution holds.
 * @returns the record; undefined when it was not written: another may have taken the delivery over, or a late report has come
 */
export function finishRecord(
  ended: EndedExecution,
  status: WrittenStatus | undefined,
): Promise<WrittenRecord | undefined> {
  const { arn, outcome, error, message } = ended;
  const written = status ? { status: status.status, statusReason: status.reason } : {};
  const values = { outcome, error, message, updatedAt: new Date().toISOString(), ...written };
  const names = Object.keys(values);
  const open = Object.fromEntries([PENDING, ...UNREPORTED].map((name) => [`:${name}`, name]));
  return unlessConditionFailed(async () => {
    const { Attributes } = await dynamo().send(
      new UpdateCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Key: { id: ended.delivery.key },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: `executionArn = :arn AND (attribute_not_exists(#outcome) OR #outcome IN (${Object.keys(open).join(', ')}))`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':arn': arn,
          ...open,
          ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes;
  });
}

async function unlessConditionFailed(
  write: () => Promise<WrittenRecord | undefined>,
): Promise<WrittenRecord | undefined> {
  try {
    return await write();
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
}
