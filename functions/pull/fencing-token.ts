import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { errors, HooklineError } from '../shared/errors.ts';
import { environment } from '../shared/setting.ts';

let client: DynamoDBClient | undefined;

/** A fencing token, and what the ref's record says beside it. */
export interface TakenToken {
  readonly token: number;
  /** the key of the artifact that the ref's pointer shows, `""` for none */
  readonly published: string;
  /** by rule with `superseded: skip`: the object that its newest claimed delivery names */
  readonly claimed: Readonly<Record<string, string>>;
}

/**
 * Takes the next fencing token of a ref. It must be taken before the ref is looked up: then a later token means a
 * look-up that began later, and publishing by token never moves the pointer back (docs/adr).
 * @param id the pointer's key
 */
export async function nextToken(id: string): Promise<TakenToken> {
  client ??= new DynamoDBClient();
  const { Attributes = {} } = await client.send(
    new UpdateItemCommand({
      TableName: environment('REFS_TABLE'),
      Key: { id: { S: id } },
      UpdateExpression: 'ADD #next :one',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  const token = Number(Attributes.next?.N);
  if (Number.isSafeInteger(token))
    return {
      token,
      published: Attributes.published?.M?.key?.S ?? '',
      claimed: Object.fromEntries(
        Object.entries(Attributes.claimed?.M ?? {}).map(([rule, { M }]) => [rule, M?.commit?.S ?? '']),
      ),
    };
  throw new HooklineError(
    errors.pullFailed,
    `the ref's record ${JSON.stringify(id)} has no number "next"; correct or delete it`,
  );
}
