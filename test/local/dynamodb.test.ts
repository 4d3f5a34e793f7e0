import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateScan,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARN, type Served, serve } from './dynamodb/served.ts';
import { temporaryFolder } from './fake-cloud.ts';

let folder: ReturnType<typeof temporaryFolder>;
let served: Served;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

const put = (Item: Record<string, unknown>) =>
  documents.send(new PutCommand({ TableName: 'deliveries', Item }));
const get = async (id: string) =>
  (await documents.send(new GetCommand({ TableName: 'deliveries', Key: { id }, ConsistentRead: true }))).Item;

beforeEach(async () => {
  folder = temporaryFolder();
  served = await serve(folder.path);
  ({ client, documents } = served);
});
afterEach(async () => {
  await served.close();
  folder.remove();
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

describe('reading many items', () => {
  const ids = Array.from({ length: 25 }, (_, index) => `id-${String(index).padStart(2, '0')}`);
  const item = (id: string) => ({ id, day: '2026-01-02', receivedAt: `2026-01-02T${id}` });
  beforeEach(async () => {
    const PutRequests = ids.map((id) => ({ PutRequest: { Item: item(id) } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { deliveries: PutRequests } }));
  });

  it.each([
    [true, ids],
    [false, [...ids].reverse()],
  ])('an index answers in the order of its sort key, page by page (forward: %s)', async (forward, order) => {
    const pages = paginateQuery(
      { client: documents, pageSize: 10 },
      {
        TableName: 'deliveries',
        IndexName: 'byDay',
        KeyConditionExpression: '#day = :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': '2026-01-02' },
        ScanIndexForward: forward,
      },
    );
    const sizes: number[] = [];
    const found: unknown[] = [];
    for await (const { Items = [] } of pages) {
      sizes.push(Items.length);
      found.push(...Items.map(({ id }) => id));
    }
    expect(found).toEqual(order);
    expect(sizes).toEqual([10, 10, 5]);
  });

  it('an index follows its items', async () => {
    await put({ ...item('id-00'), day: '2026-01-03' });
    await documents.send(new DeleteCommand({ TableName: 'deliveries', Key: { id: 'id-01' } }));
    const day = async (value: string) => {
      const { Items = [] } = await documents.send(
        new QueryCommand({
          TableName: 'deliveries',
          IndexName: 'byDay',
          KeyConditionExpression: '#day = :day AND begins_with(receivedAt, :prefix)',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': value, ':prefix': '2026-01-02T' },
        }),
      );
      return Items.map(({ id }) => id);
    };
    expect(await day('2026-01-02')).toEqual(ids.slice(2));
    expect(await day('2026-01-03')).toEqual(['id-00']);
  });

  it('a scan goes through all of them, page by page', async () => {
    const found: unknown[] = [];
    for await (const page of paginateScan({ client, pageSize: 7 }, { TableName: 'deliveries' }))
      found.push(...(page.Items ?? []).map(({ id }) => id?.S));
    expect(found.sort()).toEqual(ids);
    const { Items } = await documents.send(
      new ScanCommand({
        TableName: 'deliveries',
        FilterExpression: 'receivedAt > :at',
        ExpressionAttributeValues: { ':at': '2026-01-02Tid-23' },
      }),
    );
    expect(Items).toEqual([item('id-24')]);
  });

  it('a batch reads and deletes, the table by its ARN', async () => {
    const read = () =>
      documents.send(
        new BatchGetCommand({ RequestItems: { [ARN]: { Keys: [{ id: 'id-00' }, { id: 'id-01' }] } } }),
      );
    const { Responses = {} } = await read();
    expect(Responses[ARN]?.map(({ id }) => id).sort()).toEqual(['id-00', 'id-01']);
    await documents.send(
      new BatchWriteCommand({ RequestItems: { [ARN]: [{ DeleteRequest: { Key: { id: 'id-00' } } }] } }),
    );
    expect((await read()).Responses?.[ARN]).toEqual([item('id-01')]);
  });
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

  it('is a member that would be passed over', async () => {
    await expect(
      served.cloud.request('dynamodb', 'GetItem', {
        TableName: 'deliveries',
        Key: { id: { S: 'a' } },
        Unheard: 1,
      }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation', message: expect.stringContaining('Unheard') });
  });
});
