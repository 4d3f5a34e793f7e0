import * as z from 'zod';
import type { FakeDeliveries, Item } from './fake-deliveries.ts';

// What a page holds at most, as DynamoDB ends one at 1 MB.
const MOST = 1000;
const DAY_MS = 86_400_000;

const text = z.object({ S: z.string() });
const querySchema = z.object({
  IndexName: z.literal('byDay'),
  ScanIndexForward: z.literal(false),
  KeyConditionExpression: z.literal('#day = :day AND #received >= :since'),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()),
  ExpressionAttributeValues: z.record(z.string(), text),
  Limit: z.number().default(MOST),
  ExclusiveStartKey: z.object({ id: text, day: text, receivedAt: text }).optional(),
});
type Query = z.infer<typeof querySchema>;

/** DynamoDB's Query of the index of days, newest first. */
export function query(deliveries: FakeDeliveries, input: unknown): object {
  const wanted = querySchema.parse(input);
  const day = Date.parse(`${given(wanted, ':day')}T00:00:00Z`);
  const first = deliveries.before(Math.max(day, Date.parse(given(wanted, ':since'))));
  const { ExclusiveStartKey: key } = wanted;
  const from = key ? numberOf(key.id.S) : deliveries.before(day + DAY_MS);
  const end = Math.max(first, from - Math.min(wanted.Limit, MOST));
  const read = Array.from({ length: Math.max(0, from - end) }, (_, index) => from - 1 - index);
  const Items = read.map(deliveries.item).filter(filterOf(wanted)).map(projectionOf(wanted));
  const rest = end > first ? { LastEvaluatedKey: keyOf(deliveries.item(end)) } : {};
  return { Items, Count: Items.length, ScannedCount: read.length, ...rest };
}

const batchSchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(z.object({ id: text })).max(100) })),
});

/** DynamoDB's BatchGetItem of deliveries by their ids. */
export function batchGet(deliveries: FakeDeliveries, input: unknown): object {
  const { RequestItems } = batchSchema.parse(input);
  const found = Object.entries(RequestItems).map(([table, { Keys }]) => [
    table,
    Keys.map(({ id }) => deliveries.item(numberOf(id.S))),
  ]);
  return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
}

/** The attributes that a query asks for. */
function projectionOf({ ProjectionExpression: wanted, ExpressionAttributeNames: names }: Query) {
  if (wanted === undefined) return (item: Item): Item => item;
  const attributes = new Set(wanted.split(', ').map((name) => names[name] ?? name));
  return (item: Item): Item =>
    Object.fromEntries(Object.entries(item).filter(([name]) => attributes.has(name)));
}

const given = ({ ExpressionAttributeValues: values }: Query, name: string): string => values[name]?.S ?? '';
const numberOf = (id: string): number => Number(id.split('#')[2]);
const keyOf = ({ id, day, receivedAt }: Item): object => ({ id, day, receivedAt });

/** Equal to, containing, or beginning with, each joined by AND. @throws for any other expression */
function filterOf(wanted: Query): (item: Item) => boolean {
  const { FilterExpression: expression, ExpressionAttributeNames: names } = wanted;
  const tests = (expression?.split(' AND ') ?? []).map((part) => {
    const found = /^(begins_with|contains)\((#\w+), (:\w+)\)$|^(#\w+) = (:\w+)$/.exec(part);
    if (!found) throw new Error(`no such filter here: ${part}`);
    const [, how = 'equal', compared = '', sought = '', equal = '', value = ''] = found;
    const attribute = names[compared || equal] ?? '';
    const text = given(wanted, sought || value);
    return ({ [attribute]: { S } = { S: '' } }: Item) =>
      how === 'contains' ? S.includes(text) : how === 'begins_with' ? S.startsWith(text) : S === text;
  });
  return (item) => tests.every((test) => test(item));
}
