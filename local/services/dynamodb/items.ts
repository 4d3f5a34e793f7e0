import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import getItemRules from 'dynalite/validations/getItem.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import type { Disk } from './disk.ts';
import { asAwsError } from './fault.ts';
import { session } from './session.ts';
import { nameOf } from './table.ts';
import { checked } from './validate.ts';

const ACTIONS = {
  GetItem: { act: getItem, rules: getItemRules },
  PutItem: { act: putItem, rules: putItemRules },
  UpdateItem: { act: updateItem, rules: updateItemRules },
  DeleteItem: { act: deleteItem, rules: deleteItemRules },
  Query: { act: query, rules: queryRules },
  Scan: { act: scan, rules: scanRules },
  BatchGetItem: { act: batchGetItem, rules: batchGetItemRules },
  BatchWriteItem: { act: batchWriteItem, rules: batchWriteItemRules },
};
export type ItemAction = keyof typeof ACTIONS;

const CONDITIONAL: ReadonlySet<ItemAction> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** The members that an operation has, each of any value: dynalite holds the values against DynamoDB's rules. */
export function membersOf(action: ItemAction): Record<string, z.ZodType> {
  const names = Object.keys(ACTIONS[action].rules.types);
  // dynalite does not know this member; it is carried out here.
  // The units of each index are not told apart here, so `INDEXES` is refused.
  const ReturnConsumedCapacity = z.enum(['TOTAL', 'NONE']).optional();
  const onFailure = { ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).optional() };
  return {
    ...Object.fromEntries(names.map((name) => [name, z.unknown().optional()])),
    ReturnConsumedCapacity,
    ...(CONDITIONAL.has(action) ? onFailure : {}),
  };
}

/** An operation on items of one table, which a request names by its name or its ARN. */
export const itemOperation = (cloud: Cloud, disk: Disk, action: ItemAction) =>
  operation(z.strictObject({ ...membersOf(action), TableName: z.string() }), (request) =>
    runItemOperation(disk, action, { ...request, TableName: nameOf(cloud, request.TableName) }),
  );

/** Carries out an operation on items. */
export async function runItemOperation(
  disk: Disk,
  action: ItemAction,
  { ReturnValuesOnConditionCheckFailure, ...members }: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const withItem = ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const { act, rules } = ACTIONS[action];
  const data = checked(action, members, rules);
  return new Promise((resolve, reject) => {
    const view = session(disk, reject);
    act(view, data, (error, output) =>
      error
        ? reject(asAwsError(error, withItem ? view.lastRead() : undefined))
        : resolve(withIndexUnits(output, view.indexWrites())),
    );
  });
}

const written = z.looseObject({ ConsumedCapacity: z.looseObject({ CapacityUnits: z.number() }) });

/** dynalite counts the units of the table alone; each row of an index, which holds the whole item, costs as much again. */
function withIndexUnits(output: unknown, rows: number): unknown {
  const { data } = written.safeParse(output);
  if (!data || rows === 0) return output;
  const { ConsumedCapacity: capacity } = data;
  return { ...data, ConsumedCapacity: { ...capacity, CapacityUnits: capacity.CapacityUnits * (1 + rows) } };
}
