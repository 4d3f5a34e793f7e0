import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { startSweeper } from '../../core/sweeper.ts';
import type { Disk } from './disk.ts';
import { runItemOperation } from './items.ts';
import type { Expiries } from './provision.ts';
import { tableOf } from './table.ts';

// A scan holds up whoever calls meanwhile, for some 20 ms of so many items.
const AT_ONCE = 100;
// DynamoDB keeps an item whose time is further back, as a mistake.
const FIVE_YEARS = 5 * 365 * 24 * 60 * 60;

const item = z.record(z.string(), z.unknown());
const page = z.looseObject({ Items: z.array(item), LastEvaluatedKey: item.optional() });

/**
 * Deletes items past their time to live, now and every hour. DynamoDB promises some days.
 * @returns what stops it
 */
export function startExpiry(cloud: Cloud, disk: Disk, expiries: Expiries): () => Promise<void> {
  return startSweeper({
    sweep: (stopping) => sweep(cloud, disk, expiries, stopping),
    onError: (error) => cloud.warn(`expired items could not be swept: ${String(error)}`),
  });
}

async function sweep(cloud: Cloud, disk: Disk, expiries: Expiries, stop: AbortSignal): Promise<void> {
  for (const [table, attribute] of expiries) {
    try {
      await sweepTable(disk, table, attribute, stop);
    } catch (error) {
      cloud.warn(`the table ${table} could not be swept of expired items: ${String(error)}`);
    }
  }
}

async function sweepTable(disk: Disk, table: string, attribute: string, stop: AbortSignal): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const { KeySchema } = await tableOf(disk, table);
  let next: object = {};
  while (!stop.aborted) {
    const { Items, LastEvaluatedKey } = page.parse(
      await runItemOperation(disk, 'Scan', {
        TableName: table,
        Limit: AT_ONCE,
        FilterExpression: '#expires BETWEEN :floor AND :now',
        ExpressionAttributeNames: { '#expires': attribute },
        ExpressionAttributeValues: { ':floor': { N: String(now - FIVE_YEARS) }, ':now': { N: String(now) } },
        ...next,
      }),
    );
    for (const expired of Items) {
      if (stop.aborted) return;
      const key = KeySchema.map(({ AttributeName }) => [AttributeName, expired[AttributeName]]);
      await remove(disk, table, attribute, Object.fromEntries(key), expired[attribute]);
    }
    if (!LastEvaluatedKey) return;
    next = { ExclusiveStartKey: LastEvaluatedKey };
    await turn();
  }
}

/** Deletes the item only if its time is still the same: a writer may have changed it since the read. */
async function remove(
  disk: Disk,
  table: string,
  attribute: string,
  key: object,
  value: unknown,
): Promise<void> {
  try {
    await runItemOperation(disk, 'DeleteItem', {
      TableName: table,
      Key: key,
      ConditionExpression: '#expires = :seen',
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: { ':seen': value },
    });
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ConditionalCheckFailedException')) throw error;
  }
}
