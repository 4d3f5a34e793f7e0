import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionFailed, dynamo } from './dynamo.ts';
import { errors, HooklineError } from './errors.ts';
import { environment } from './setting.ts';

const refSchema = z.object({
  /** the last fencing token handed out */
  next: z.number().default(0),
  /** what the ref's pointer is to show; `commit` and `key` are `""` for a ref that is gone */
  published: z.object({ token: z.number(), commit: z.string(), key: z.string() }).optional(),
  /** by pipeline: the newest delivery that started it; `commit` is `""` until the start is certain */
  started: z.record(z.string(), z.object({ token: z.number(), commit: z.string() })).default({}),
});

/** The record of a ref in the Refs table. */
export type Ref = z.infer<typeof refSchema>;
export type PublishedRef = NonNullable<Ref['published']>;

/** The record of a ref as it is at this moment, an empty one when there is none. Throws `Misconfigured`. */
export async function readRef(id: string): Promise<Ref> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: environment('REFS_TABLE'), Key: { id }, ConsistentRead: true }),
  );
  const parsed = refSchema.safeParse(Item ?? {});
  if (parsed.success) return parsed.data;
  throw new HooklineError(
    errors.misconfigured,
    `the ref's record ${JSON.stringify(id)} is not as it should be; delete it: ${parsed.error.message}`,
  );
}

/**
 * Records what the host had at the ref under a fencing token, unless a later look-up was recorded before (I4).
 * @returns whether this is what the ref now stands at; a second call with the same token is true again
 */
export async function recordPublished(id: string, published: PublishedRef): Promise<boolean> {
  try {
    await dynamo().send(
      new UpdateCommand({
        TableName: environment('REFS_TABLE'),
        Key: { id },
        UpdateExpression: 'SET #published = :published',
        ConditionExpression: 'attribute_not_exists(#published) OR #published.#token <= :token',
        ExpressionAttributeNames: { '#published': 'published', '#token': 'token' },
        ExpressionAttributeValues: { ':published': published, ':token': published.token },
      }),
    );
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}
