import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDisk } from '../../../../local/services/dynamodb/disk.ts';
import { startExpiry } from '../../../../local/services/dynamodb/expiry.ts';
import { temporaryFolder } from '../../../../local/testing.ts';
import { DELIVERIES, startTables, type Tables } from '../../../support/local/dynamodb.ts';

const EXPIRING = {
  ...DELIVERIES,
  TimeToLiveSpecification: { AttributeName: 'expires', Enabled: 'true' },
};
const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

let folder: ReturnType<typeof temporaryFolder>;
let served: Tables;
const put = (id: string, expires: unknown) =>
  served.documents.send(new PutCommand({ TableName: 'deliveries', Item: { id, expires, day: 'd' } }));
const ids = async () => {
  const { Items = [] } = await served.documents.send(new ScanCommand({ TableName: 'deliveries' }));
  return Items.map(({ id }) => id).sort();
};

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  vi.useRealTimers();
  await served.close();
  folder.remove();
});

it('deletes what expired while nothing ran, and nothing else', async () => {
  served = await startTables(folder.path);
  await put('expired', seconds(-10));
  await put('later', seconds(3600));
  await put('not a date', 'yesterday');
  await put('six years ago', seconds(-6 * 365 * 24 * 3600));
  await put('none', undefined);
  expect(await ids()).toHaveLength(5);
  await served.close();
  served = await startTables(folder.path, EXPIRING);
  await vi.waitFor(async () => expect(await ids()).toEqual(['later', 'none', 'not a date', 'six years ago']));
});

it('deletes what expires as it runs, each hour', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  served = await startTables(folder.path, EXPIRING);
  await put('expired', seconds(-10));
  await put('later', seconds(3600));
  await vi.advanceTimersByTimeAsync(3_600_000);
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await ids()).toEqual(['later']));
  expect(served.cloud.warnings).toEqual([]);
});

it('goes through more than one page', async () => {
  served = await startTables(folder.path);
  for (let number = 0; number < 8; number++)
    await served.documents.send(
      new PutCommand({
        TableName: 'deliveries',
        Item: { id: String(number), expires: seconds(-1), filling: 'x'.repeat(300_000) },
      }),
    );
  await served.close();
  served = await startTables(folder.path, EXPIRING);
  await vi.waitFor(async () => expect(await ids()).toEqual([]));
});

it('lets others work after each hundred items', async () => {
  served = await startTables(folder.path);
  for (let first = 0; first < 350; first += 25) {
    const ids = Array.from({ length: 25 }, (_, at) => String(first + at));
    const deliveries = ids.map((id) => ({ PutRequest: { Item: { id, expires: seconds(3600), day: 'd' } } }));
    await served.documents.send(new BatchWriteCommand({ RequestItems: { deliveries } }));
  }
  const disk = openDisk(served.cloud.store);
  let [inTurn, most, all] = [0, 0, 0];
  let turn = setImmediate(function next() {
    inTurn = 0;
    turn = setImmediate(next);
  });
  const stop = startExpiry(
    served.cloud,
    {
      ...disk,
      values: async function* (range) {
        for await (const value of disk.values(range)) {
          all += 1;
          inTurn += 1;
          most = Math.max(most, inTurn);
          yield value;
        }
      },
    },
    new Map([['deliveries', 'expires']]),
  );
  await vi.waitFor(() => expect(all).toBeGreaterThanOrEqual(350));
  await stop();
  clearImmediate(turn);
  // One more tells that there are more.
  expect(most).toBeLessThanOrEqual(101);
});

it('describes itself', async () => {
  served = await startTables(folder.path, EXPIRING);
  const described = () => served.client.send(new DescribeTimeToLiveCommand({ TableName: 'deliveries' }));
  expect((await described()).TimeToLiveDescription).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expires',
  });
  await served.close();
  served = await startTables(folder.path);
  expect((await described()).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
});
