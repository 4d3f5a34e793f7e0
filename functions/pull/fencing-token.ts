import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { errors, HooklineError } from '../shared/errors.ts';
import { environment } from '../shared/setting.ts';

let client: DynamoDBClient | undefined;

/**
 * Takes the next fencing token of a ref. It must be taken before the ref is looked up: then a later token means a
 * look-up that began later, and publishing by token never moves the pointer back (docs/adr).
 * @param id the pointer's key
 */
export async function nextToken(id: string): Promise<number> {
  client ??= new DynamoDBClient();
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: environment('REFS_TABLE'),
      Key: { id: { S: id } },
      UpdateExpression: 'ADD #next :one',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  const token = Number(Attributes?.next?.N);
  if (Number.isSafeInteger(token)) return token;
  throw new HooklineError(
    errors.pullFailed,
    `the ref's record ${JSON.stringify(id)} has no number "next"; correct or delete it`,
  );
}
