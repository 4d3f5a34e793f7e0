import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../local/testing.ts';
import { ARN, BY_DAY, DELIVERIES, startTables, type Tables } from '../../../support/local/dynamodb.ts';

const { GlobalSecondaryIndexes: _, ...DELIVERIES_WITHOUT_INDEX } = DELIVERIES;
const WITHOUT_INDEX = {
  ...DELIVERIES_WITHOUT_INDEX,
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

let folder: ReturnType<typeof temporaryFolder>;
let served: Tables | undefined;
const start = async (properties: object) => {
  await served?.close();
  served = undefined;
  served = await startTables(folder.path, properties);
  return served;
};
const put = (Item: object) =>
  served?.documents.send(new PutCommand({ TableName: 'deliveries', Item: { ...Item } }));
const today = async () => {
  const found = await served?.documents.send(
    new QueryCommand({
      TableName: 'deliveries',
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': 'today' },
    }),
  );
  return found?.Items?.map(({ id }) => id);
};

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await served?.close();
  served = undefined;
  folder.remove();
});

it('answers Ref and Arn, with a name made up where the template has none', async () => {
  expect((await start(DELIVERIES)).table).toEqual({ ref: 'deliveries', attributes: { Arn: ARN } });
  const { TableName: __, ...unnamed } = DELIVERIES;
  expect((await start(unnamed)).table?.ref).toBe('Stack-Table-1');
  expect((await served?.client.send(new ListTablesCommand({})))?.TableNames).toEqual([
    'Stack-Table-1',
    'deliveries',
  ]);
});

it('lists page by page', async () => {
  await start({ ...DELIVERIES, TableName: 'second' });
  const { client } = await start(DELIVERIES);
  const first = await client.send(new ListTablesCommand({ Limit: 1 }));
  expect(first).toMatchObject({ TableNames: ['deliveries'], LastEvaluatedTableName: 'deliveries' });
  const rest = await client.send(new ListTablesCommand({ ExclusiveStartTableName: 'deliveries' }));
  expect(rest.TableNames).toEqual(['second']);
  expect(rest.LastEvaluatedTableName).toBeUndefined();
});

it('describes itself, the same table after a restart', async () => {
  const described = async () =>
    (await served?.client.send(new DescribeTableCommand({ TableName: ARN })))?.Table;
  await start(DELIVERIES);
  const before = await described();
  expect(before).toMatchObject({
    TableName: 'deliveries',
    TableArn: ARN,
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    CreationDateTime: expect.any(Date),
    GlobalSecondaryIndexes: [{ IndexName: 'byDay', IndexStatus: 'ACTIVE', IndexArn: `${ARN}/index/byDay` }],
  });
  await start(DELIVERIES);
  expect(await described()).toEqual(before);
});

describe('a changed template', () => {
  it('fills a new index with the items that are there, and empties one that is gone', async () => {
    await start(WITHOUT_INDEX);
    await put({ id: 'a', day: 'today', receivedAt: '1' });
    await put({ id: 'no day' });
    await start(DELIVERIES);
    expect(await today()).toEqual(['a']);
    await put({ id: 'b', day: 'today', receivedAt: '0' });
    expect(await today()).toEqual(['b', 'a']);
    await start(WITHOUT_INDEX);
    await expect(today()).rejects.toThrow('does not have the specified index: byDay');
    await put({ id: 'a', day: 'yesterday', receivedAt: '1' });
    await start(DELIVERIES);
    expect(await today()).toEqual(['b']);
  });

  it('is refused where AWS would replace the table or the index', async () => {
    await start(DELIVERIES);
    const id = { AttributeName: 'id', KeyType: 'HASH' };
    const named = { ...id, AttributeName: 'day' };
    await expect(
      start({
        ...WITHOUT_INDEX,
        ...{ KeySchema: [named] },
        AttributeDefinitions: [{ AttributeName: 'day', AttributeType: 'S' }],
      }),
    ).rejects.toThrow('it has id (S) and items by it, the template says day (S)');
    const keysOnly = { ...BY_DAY, Projection: { ProjectionType: 'KEYS_ONLY' } };
    await expect(start({ ...DELIVERIES, GlobalSecondaryIndexes: [keysOnly] })).rejects.toThrow(
      'give the index another name',
    );
  });

  it('is refused when a new index meets an item that it cannot hold', async () => {
    await start(WITHOUT_INDEX);
    await put({ id: 'a', day: 7, receivedAt: '1' });
    await expect(start(DELIVERIES)).rejects.toThrow('an item has day {"N":"7"}, not of type S');
  });
});

it.each([
  ['StreamSpecification', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }],
  ['Surprise', { Surprise: 1 }],
  ['Nested', { GlobalSecondaryIndexes: [{ ...BY_DAY, Nested: 1 }] }],
])('refuses %s', async (name, more) => {
  await expect(start({ ...DELIVERIES, ...more })).rejects.toThrow(name);
});

it('refuses a definition that DynamoDB would', async () => {
  const AttributeDefinitions = DELIVERIES.AttributeDefinitions.slice(0, 1);
  await expect(start({ ...DELIVERIES, AttributeDefinitions })).rejects.toMatchObject({
    code: 'ValidationException',
  });
});
