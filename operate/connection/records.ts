import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Connection } from './connection.ts';

// DynamoDB gives as many items by their keys in one call.
const AT_ONCE = 100;

/** The items of a table by their ids, in any order; an id without an item is left out. */
export async function recordsOf(
  connection: Connection,
  table: string,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE)
    items.push(...(await batchOf(connection, table, ids.slice(at, at + AT_ONCE))));
  return items;
}

async function batchOf(
  { dynamo }: Connection,
  table: string,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let wanted: Record<string, unknown>[] = ids.map((id) => ({ id }));
  while (wanted.length > 0) {
    const { Responses = {}, UnprocessedKeys = {} } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted } } }),
    );
    items.push(...(Responses[table] ?? []));
    // What would be more than 16 MB, or was throttled, is asked for again.
    wanted = UnprocessedKeys[table]?.Keys ?? [];
  }
  return items;
}
