import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { BY_DELIVERY } from '../../statemachine/delivery-record.ts';
import type { Connection } from '../connection/connection.ts';
import { recordsOf } from '../connection/records.ts';
import { DAY_MS, KEPT_DAYS } from '../days.ts';
import { type DeliveryRow, rowSchema } from './row.ts';
import { isRefused, unrecordedDeliveries } from './unrecorded-deliveries.ts';

/**
 * Every run of a delivery that was claimed, the one that began last first: for each rule, as the delivery came and each
 * time that it was redelivered or replayed.
 * @param deliveryId the host's id, whole
 */
export async function runsOf(connection: Connection, deliveryId: string): Promise<DeliveryRow[]> {
  const ids = await idsOf(connection, deliveryId);
  const items = await recordsOf(connection, connection.outputs.deliveriesTable, ids);
  const rows = z.array(rowSchema).parse(items);
  return rows.toSorted((a, b) => startOf(b) - startOf(a));
}

// Each is described once, and kept.
const MOST_UNRECORDED = 500;

/**
 * Every run of the delivery that a row is of. What was never verified has an execution and no record: its other runs are
 * sought among the newest such executions.
 */
export async function runsOfRow(connection: Connection, row: DeliveryRow): Promise<DeliveryRow[]> {
  if (row.deliveryId === '') return [];
  const recorded = await runsOf(connection, row.deliveryId);
  if (!isRefused(row.outcome)) return recorded;
  const runs = new Map([...recorded, row].map((run) => [run.id, run]));
  let looks = 0;
  for await (const { row: other } of unrecordedDeliveries(connection, {
    from: undefined,
    since: new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString(),
    skip: new Set(),
  })) {
    if (other.deliveryId === row.deliveryId && other.host === row.host) runs.set(other.id, other);
    looks += 1;
    if (looks === MOST_UNRECORDED) break;
  }
  return [...runs.values()].toSorted((a, b) => startOf(b) - startOf(a));
}

const startOf = ({ claimedAt, updatedAt }: DeliveryRow): number => Date.parse(claimedAt || updatedAt);

const keySchema = z.object({ id: z.string() });

async function idsOf({ dynamo, outputs }: Connection, deliveryId: string): Promise<string[]> {
  const ids: string[] = [];
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
    ids.push(
      ...z
        .array(keySchema)
        .parse(Items)
        .map(({ id }) => id),
    );
    from = LastEvaluatedKey;
  } while (from);
  return ids;
}
