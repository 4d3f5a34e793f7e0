import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../local/testing.ts';
import { ARN, startTables, type Tables } from '../../../support/local/dynamodb.ts';

let folder: ReturnType<typeof temporaryFolder>;
let served: Tables;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

const put = (Item: Record<string, unknown>) =>
  documents.send(new PutCommand({ TableName: 'deliveries', Item }));
const get = async (id: string) =>
  (await documents.send(new GetCommand({ TableName: 'deliveries', Key: { id }, ConsistentRead: true }))).Item;

beforeEach(async () => {
  folder = temporaryFolder();
  served = await startTables(folder.path);
  ({ client, documents } = served);
});
afterEach(async () => {
  await served.close();
  folder.remove();
});

describe('the capacity of a write', () => {
  const capacity = async (Item: Record<string, unknown>) => {
    const input = { TableName: 'deliveries', Item, ReturnConsumedCapacity: 'TOTAL' as const };
    return (await documents.send(new PutCommand(input))).ConsumedCapacity?.CapacityUnits;
  };
  const large = 'x'.repeat(1024);

  it('is one unit for each KB begun, and as much again for the row of an index', async () => {
    expect(await capacity({ id: 'a' })).toBe(1);
    expect(await capacity({ id: 'b', large })).toBe(2);
    expect(await capacity({ id: 'c', day: '2026-01-01', receivedAt: '1' })).toBe(2);
    expect(await capacity({ id: 'c', day: '2026-01-01', receivedAt: '1', large })).toBe(4);
  });

  it('counts the row that an index loses when the key changes', async () => {
    await capacity({ id: 'a', day: '2026-01-01', receivedAt: '1' });
    expect(await capacity({ id: 'a', day: '2026-01-02', receivedAt: '1' })).toBe(3);
  });

  it('leaves out the row of an index that stays as it was', async () => {
    const row = { id: 'a', day: '2026-01-01', receivedAt: '1' };
    await capacity(row);
    expect(await capacity(row)).toBe(1);
    expect(await capacity({ ...row, more: 'x' })).toBe(2);
    expect(await capacity(row)).toBe(2);
  });

  it('is not told for each index', async () => {
    const input = { TableName: 'deliveries', Item: { id: 'a' }, ReturnConsumedCapacity: 'INDEXES' as const };
    await expect(documents.send(new PutCommand(input))).rejects.toThrow(/ReturnConsumedCapacity/);
  });
});

describe('a conditional write', () => {
  const claim = { TableName: 'deliveries', ConditionExpression: 'attribute_not_exists(id)' };

  it('lands once', async () => {
    await documents.send(new PutCommand({ ...claim, Item: { id: 'a', by: 1 } }));
    const again = documents.send(new PutCommand({ ...claim, Item: { id: 'a', by: 2 } }));
    await expect(again).rejects.toThrow(ConditionalCheckFailedException);
    expect(await get('a')).toEqual({ id: 'a', by: 1 });
  });

  it('lands for one of many at the same time', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, by) =>
        documents.send(new PutCommand({ ...claim, Item: { id: 'a', by } })),
      ),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('shows the item that refused it to those who ask', async () => {
    await put({ id: 'a', by: 1 });
    const refused = (more: object) =>
      documents
        .send(new PutCommand({ ...claim, Item: { id: 'a' }, ...more }))
        .catch((error: unknown) => error);
    expect(await refused({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { id: { S: 'a' }, by: { N: '1' } },
    });
    expect(await refused({})).not.toHaveProperty('Item.id');
  });

  it('compares inside a map', async () => {
    await put({ id: 'ref', published: { token: 9 } });
    const publish = (token: number) =>
      documents.send(
        new UpdateCommand({
          TableName: 'deliveries',
          Key: { id: 'ref' },
          UpdateExpression: 'SET published = :published',
          ConditionExpression: 'attribute_not_exists(published) OR published.#token < :token',
          ExpressionAttributeNames: { '#token': 'token' },
          ExpressionAttributeValues: { ':published': { token }, ':token': token },
        }),
      );
    await expect(publish(8)).rejects.toThrow(ConditionalCheckFailedException);
    await publish(10);
    expect(await get('ref')).toEqual({ id: 'ref', published: { token: 10 } });
  });
});

it('counts with ADD, each caller getting a number of its own', async () => {
  const next = async () => {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: ARN,
        Key: { id: 'ref' },
        UpdateExpression: 'ADD #next :one',
        ExpressionAttributeNames: { '#next': 'next' },
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Attributes?.next;
  };
  const taken = await Promise.all(Array.from({ length: 20 }, next));
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

describe('what is refused', () => {
  it('is a table that is not there, by its name', async () => {
    const missing = documents.send(new GetCommand({ TableName: 'other', Key: { id: 'a' } }));
    await expect(missing).rejects.toThrow(ResourceNotFoundException);
    await expect(missing).rejects.toThrow('other');
    const foreign = 'arn:aws:dynamodb:eu-west-1:000000000000:table/deliveries';
    await expect(client.send(new DescribeTableCommand({ TableName: foreign }))).rejects.toThrow(foreign);
  });

  it('is a request that DynamoDB finds invalid', async () => {
    await expect(put({ other: 'a' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Missing the key id'),
    });
    await expect(
      documents.send(new ScanCommand({ TableName: 'deliveries', FilterExpression: 'a = ' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put({ id: 'a', big: 'x'.repeat(410_000) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it.each<[string, object]>([
    ['GetItem', { TableName: 'deliveries', Key: { id: { S: 'a' } }, Unheard: 1 }],
    [
      'GetItem',
      { TableName: 'deliveries', Key: {}, ReturnValuesOnConditionCheckFailure: 'NONE', Unheard: 1 },
    ],
    ['BatchGetItem', { RequestItems: { deliveries: { Keys: [{ id: { S: 'a' } }], Unheard: 1 } } }],
    ['BatchWriteItem', { RequestItems: { deliveries: [{ Unheard: {} }] } }],
    ['DescribeTable', { TableName: 'deliveries', Unheard: 1 }],
    ['ListTables', { Unheard: 1 }],
  ])('is a member that would be passed over: %s %j', async (operation, input) => {
    await expect(served.cloud.request('dynamodb', operation, input)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining('Unheard'),
    });
  });
});
