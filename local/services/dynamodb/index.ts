import * as z from 'zod';
import type { Cloud, LegacyOperation, Service } from '../../core/cloud.ts';
import { onBatch } from './batch.ts';
import { openDisk } from './disk.ts';
import { startExpiry } from './expiry.ts';
import { type ItemAction, onItems } from './items.ts';
import { type Expiries, provisionTable } from './provision.ts';
import { listTables, nameOf, tableOf } from './table.ts';

const tableInput = z.looseObject({ TableName: z.string() });

/** DynamoDB: the tables of the template; an item is on disk, with its index rows, before its writer has an answer. */
export function dynamoDbService(cloud: Cloud): Service {
  const disk = openDisk(cloud.store.folder('dynamodb'));
  const expiries: Expiries = new Map();
  let stopExpiry: (() => Promise<void>) | undefined;
  const onTable =
    (action: ItemAction): LegacyOperation =>
    (input) => {
      const given = tableInput.parse(input);
      return onItems(disk, action, { ...given, TableName: nameOf(cloud, given.TableName) });
    };
  const described = (input: unknown) => tableOf(disk, nameOf(cloud, tableInput.parse(input).TableName));
  return {
    name: 'dynamodb',
    operations: {
      GetItem: onTable('GetItem'),
      PutItem: onTable('PutItem'),
      UpdateItem: onTable('UpdateItem'),
      DeleteItem: onTable('DeleteItem'),
      Query: onTable('Query'),
      Scan: onTable('Scan'),
      BatchGetItem: (input) => onBatch(cloud, disk, 'BatchGetItem', input),
      BatchWriteItem: (input) => onBatch(cloud, disk, 'BatchWriteItem', input),
      DescribeTable: async (input) => ({ Table: await described(input) }),
      DescribeTimeToLive: async (input) => timeToLive(expiries.get((await described(input)).TableName)),
      ListTables: (input) => listTables(disk, input),
    },
    resources: { 'AWS::DynamoDB::Table': (resource) => provisionTable(cloud, disk, expiries, resource) },
    start: async () => {
      stopExpiry = startExpiry(cloud, disk, expiries);
    },
    stop: async () => {
      await stopExpiry?.();
      await disk.close();
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
