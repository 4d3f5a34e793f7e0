import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionFailed, dynamo } from './dynamo.ts';
import { errors, HooklineError } from './errors.ts';
import { placedCommitSchema } from './order.ts';
import { environment } from './setting.ts';

const claimedSchema = placedCommitSchema.extend({ executionArn: z.string() });

const refSchema = z.object({
  /** the last fencing token handed out */
  next: z.number().default(0),
  /** what the ref's pointer is to show; `commit` and `key` are `""` for a ref that is gone */
  published: z.object({ token: z.number(), commit: z.string(), key: z.string() }).optional(),
  /** the last token under which the host had no such ref */
  gone: z.number().default(0),
  /** ISO time of the last event that told of the end of the ref's request, `""` for none */
  closed: z.string().default(''),
  /** by rule: the newest commit that it took and that was pulled (I10) */
  taken: z.record(z.string(), placedCommitSchema).default({}),
  /** by rule with `superseded: skip`: the newest delivery that it has claimed, to which older ones give way */
  claimed: z.record(z.string(), claimedSchema).default({}),
  /** counts the changes of `taken` and `claimed` */
  revision: z.number().default(0),
});

/** The record of a ref, for one set of pull options, in the Refs table. */
export type Ref = z.infer<typeof refSchema>;
export type ClaimedRef = z.infer<typeof claimedSchema>;
export type PublishedRef = NonNullable<Ref['published']>;

/** The record of a ref as it is at this moment, an empty one when there is none. Throws `Misconfigured`. */
export const readRef = (id: string): Promise<Ref> => readRecord(id, refSchema);

/** A record of the Refs table as it is at this moment. Throws `Misconfigured`. */
export async function readRecord<S extends z.ZodType>(id: string, schema: S): Promise<z.infer<S>> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('REFS_TABLE'), Key: { id }, ConsistentRead: true }),
  );
  const parsed = schema.safeParse(Item ?? {});
  if (parsed.success) return parsed.data;
  throw new HooklineError(
    errors.misconfigured,
    `the ref's record ${JSON.stringify(id)} is not as it should be; delete it: ${parsed.error.message}`,
  );
}

/** Takes a fencing token of a ref that nobody looks up: what was looked up before counts no more. */
export async function takeToken(id: string): Promise<number> {
  const { Attributes } = await dynamo().send(
    new UpdateCommand({
      TableName: environment('REFS_TABLE'),
      Key: { id },
      UpdateExpression: 'ADD #next :one',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return z.object({ next: z.number() }).parse(Attributes).next;
}

/** Records what the host had at the ref under a fencing token, unless a later look-up was recorded before (I4). */
export async function recordPublished(id: string, published: PublishedRef): Promise<void> {
  await change(id, {
    UpdateExpression: 'SET #published = :published',
    ConditionExpression: 'attribute_not_exists(#published) OR #published.#token < :token',
    ExpressionAttributeNames: { '#published': 'published', '#token': 'token' },
    ExpressionAttributeValues: { ':published': published, ':token': published.token },
  });
}

/** Records that the host had no such ref under a fencing token. */
export async function recordGone(id: string, token: number): Promise<void> {
  await change(id, {
    UpdateExpression: 'SET #gone = :token',
    ConditionExpression: 'attribute_not_exists(#gone) OR #gone < :token',
    ExpressionAttributeNames: { '#gone': 'gone' },
    ExpressionAttributeValues: { ':token': token },
  });
}

/** Records the end of a request, unless a later one is on record. @param closed ISO time of the event */
export async function recordClosed(id: string, closed: string): Promise<void> {
  await change(id, {
    UpdateExpression: 'SET #closed = :closed',
    ConditionExpression: 'attribute_not_exists(#closed) OR #closed < :closed',
    ExpressionAttributeNames: { '#closed': 'closed' },
    ExpressionAttributeValues: { ':closed': closed },
  });
}

/**
 * Replaces what the rules took, or have claimed, if nobody has changed either since `ref` was read.
 * @returns whether it was replaced
 */
export function recordByRule<M extends 'taken' | 'claimed'>(
  member: M,
  id: string,
  { revision }: Ref,
  value: Ref[M],
): Promise<boolean> {
  return change(id, {
    UpdateExpression: 'SET #member = :value, #revision = :next',
    ConditionExpression: 'attribute_not_exists(#revision) OR #revision = :revision',
    ExpressionAttributeNames: { '#member': member, '#revision': 'revision' },
    ExpressionAttributeValues: { ':value': value, ':next': revision + 1, ':revision': revision },
  });
}

export interface Change {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/**
 * Changes a record of the Refs table.
 * @returns whether its condition held
 */
export async function change(id: string, update: Change): Promise<boolean> {
  try {
    await dynamo().send(new UpdateCommand({ TableName: environment('REFS_TABLE'), Key: { id }, ...update }));
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}
