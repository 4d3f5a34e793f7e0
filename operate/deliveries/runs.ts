import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { BY_DELIVERY } from '../../statemachine/delivery-record.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, rowSchema } from './row.ts';

// DynamoDB gives as many items by their keys in one call.
const AT_ONCE = 100;

/**
 * Every run of a delivery that was claimed, the one that began last first: for each rule, as the delivery came and each
 * time that it was redelivered or replayed.
 * @param deliveryId the host's id, whole
 */
export async function runsOf(connection: Connection, deliveryId: string): Promise<DeliveryRow[]> {
  const keys = await keysOf(connection, deliveryId);
  const rows: DeliveryRow[] = [];
  for (let at = 0; at < keys.length; at += AT_ONCE)
    rows.push(...(await rowsOf(connection, keys.slice(at, at + AT_ONCE))));
  return rows.toSorted((a, b) => startOf(b) - startOf(a));
}

const startOf = ({ claimedAt, updatedAt }: DeliveryRow): number => Date.parse(claimedAt || updatedAt);

const keySchema = z.object({ id: z.string() });
type Key = z.infer<typeof keySchema>;

async function keysOf({ dynamo, outputs }: Connection, deliveryId: string): Promise<Key[]> {
  const keys: Key[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: outputs.deliveriesTable,
        IndexName: BY_DELIVERY.indexName,
        KeyConditionExpression: '#delivery = :delivery',
        ExpressionAttributeNames: { '#delivery': BY_DELIVERY.partitionKey },
        ExpressionAttributeValues: { ':delivery': deliveryId },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    keys.push(...z.array(keySchema).parse(Items));
    from = LastEvaluatedKey;
  } while (from);
  return keys;
}

async function rowsOf({ dynamo, outputs }: Connection, keys: readonly Key[]): Promise<DeliveryRow[]> {
  const { deliveriesTable: table } = outputs;
  const rows: DeliveryRow[] = [];
  let wanted: Record<string, unknown>[] = [...keys];
  while (wanted.length > 0) {
    const { Responses = {}, UnprocessedKeys = {} } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted } } }),
    );
    rows.push(...z.array(rowSchema).parse(Responses[table] ?? []));
    // What would be more than 16 MB, or was throttled, is asked for again.
    wanted = UnprocessedKeys[table]?.Keys ?? [];
  }
  return rows;
}
