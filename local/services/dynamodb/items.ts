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
import { unsupported } from '../../core/aws-error.ts';
import type { Disk } from './disk.ts';
import { asAwsError } from './fault.ts';
import { session } from './session.ts';
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

// dynalite does not know it; it is carried out here.
const onFailure = z.enum(['ALL_OLD', 'NONE']).default('NONE');
const CONDITIONAL: ReadonlySet<ItemAction> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** Carries out an operation on items. */
export async function onItems(disk: Disk, action: ItemAction, input: unknown): Promise<unknown> {
  const { ReturnValuesOnConditionCheckFailure, ...members } = z.looseObject({}).parse(input);
  if (ReturnValuesOnConditionCheckFailure !== undefined && !CONDITIONAL.has(action))
    throw unsupported(`ReturnValuesOnConditionCheckFailure in ${action}`);
  const withItem = onFailure.parse(ReturnValuesOnConditionCheckFailure) === 'ALL_OLD';
  const { act, rules } = ACTIONS[action];
  const data = checked(action, members, rules);
  return new Promise((resolve, reject) => {
    const view = session(disk, reject);
    act(view, data, (error, output) =>
      error ? reject(asAwsError(error, withItem ? view.lastRead() : undefined)) : resolve(output),
    );
  });
}
