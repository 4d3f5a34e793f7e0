import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { State } from '../../statemachine/payloads.ts';
import { bodyKey, expiry, newRecord } from '../shared/delivery-record.ts';
import { conditionFailed, dynamo } from '../shared/dynamo.ts';
import { environment } from '../shared/setting.ts';

const heldSchema = z.object({
  executionArn: z.string(),
  /** the delivery by which a body was taken */
  key: z.string().optional(),
  outcome: z.string().optional(),
});

/** Who holds a claim, and what is on record of it. */
export type Held = z.infer<typeof heldSchema>;

/** What one execution at a time holds. */
export interface Claim {
  readonly id: string;
  /** the key of the delivery that is held by it */
  readonly key: string;
  /**
   * Takes it for the execution if nobody holds it, or if `from` still does.
   * @returns whether it was taken
   */
  take(from?: string): Promise<boolean>;
}

/** A delivery by its id: its record. One that only says `Duplicate` holds nothing. */
export const deliveryClaim = (key: string, record: Record<string, unknown>): Claim => ({
  id: key,
  key,
  take: (from) => put(record, from),
});

/** The record of a delivery that comes to its outcome as it is claimed. Nothing of it is said on the commit's page. */
export const endedRecord = (
  state: State,
  executionArn: string,
  outcome: 'Pong' | 'Ignored',
): Record<string, unknown> => ({
  ...newRecord(state, executionArn),
  outcome,
  reason: (outcome === outcomes.ignored && state.reason) || undefined,
  status: 'off',
});

/** A signed body, whatever delivery id it bears. Lists do not show the record, as it has no day. */
export function bodyClaim(state: State & { readonly bodyHash: string }, executionArn: string): Claim {
  const { key } = state;
  const item = { id: bodyKey(state), executionArn, key, expires: expiry() };
  return { id: item.id, key, take: (from) => put(item, from) };
}

/** Records a delivery whose body another one has brought, unless it is on record (I11). */
export async function recordDuplicate(state: State, executionArn: string): Promise<void> {
  await put({ ...newRecord(state, executionArn), outcome: outcomes.duplicate });
}

async function put(Item: Record<string, unknown>, from?: string): Promise<boolean> {
  const free = 'attribute_not_exists(id) OR #outcome = :duplicate';
  const names = from === undefined ? { '#outcome': 'outcome' } : undefined;
  try {
    await dynamo().send(
      new PutCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Item,
        ConditionExpression: from === undefined ? free : 'executionArn = :from',
        ...(names ? { ExpressionAttributeNames: names } : {}),
        ExpressionAttributeValues:
          from === undefined ? { ':duplicate': outcomes.duplicate } : { ':from': from },
      }),
    );
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}

/** Who holds the claim of this id, `undefined` when nobody does. */
export async function holderOf(id: string): Promise<Held | undefined> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('DELIVERIES_TABLE'), Key: { id }, ConsistentRead: true }),
  );
  return Item && heldSchema.parse(Item);
}
