import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  QueryCommand,
  ScanCommand,
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

beforeEach(async () => {
  folder = temporaryFolder();
  served = await startTables(folder.path);
  ({ client, documents } = served);
});
afterEach(async () => {
  await served.close();
  folder.remove();
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
