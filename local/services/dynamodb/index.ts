import * as z from 'zod';
import type { Cloud, Service } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import { batchOperation } from './batch.ts';
import { openDisk } from './disk.ts';
import { startExpiry } from './expiry.ts';
import { itemOperation } from './items.ts';
import { type Expiries, tableType } from './provision.ts';
import { listTables, nameOf, type Table, tableOf } from './table.ts';

const tableInput = z.strictObject({ TableName: z.string() });

/** DynamoDB: the tables of the template; an item is on disk, with its index rows, before its writer has an answer. */
export function dynamoDbService(cloud: Cloud): Service {
  const disk = openDisk(cloud.store);
  const expiries: Expiries = new Map();
  let stopExpiry: (() => Promise<void>) | undefined;
  const onTable = (answer: (table: Table) => object) =>
    operation(tableInput, async ({ TableName }) => answer(await tableOf(disk, nameOf(cloud, TableName))));
  return {
    name: 'dynamodb',
    operations: {
      GetItem: itemOperation(cloud, disk, 'GetItem'),
      PutItem: itemOperation(cloud, disk, 'PutItem'),
      UpdateItem: itemOperation(cloud, disk, 'UpdateItem'),
      DeleteItem: itemOperation(cloud, disk, 'DeleteItem'),
      Query: itemOperation(cloud, disk, 'Query'),
      Scan: itemOperation(cloud, disk, 'Scan'),
      BatchGetItem: batchOperation(cloud, disk, 'BatchGetItem'),
      BatchWriteItem: batchOperation(cloud, disk, 'BatchWriteItem'),
      DescribeTable: onTable((Table) => ({ Table })),
      DescribeTimeToLive: onTable(({ TableName }) => timeToLive(expiries.get(TableName))),
      ListTables: listTables(disk),
    },
    resources: { 'AWS::DynamoDB::Table': tableType(cloud, disk, expiries) },
    start: async () => {
      stopExpiry = startExpiry(cloud, disk, expiries);
    },
    stop: async () => {
      await stopExpiry?.();
    },
  };
}

function timeToLive(attribute: string | undefined): object {
  return {
    TimeToLiveDescription: attribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}
