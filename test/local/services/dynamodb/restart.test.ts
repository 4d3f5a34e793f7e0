import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GetCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../local/testing.ts';
import { startTables } from '../../../support/local/dynamodb.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it('keeps items and what the table is through a restart', async () => {
  const first = await startTables(folder.path);
  await first.documents.send(
    new PutCommand({ TableName: 'deliveries', Item: { id: 'a', n: 1.5, l: ['x'] } }),
  );
  await first.close();
  const second = await startTables(folder.path);
  const { Item } = await second.documents.send(
    new GetCommand({ TableName: 'deliveries', Key: { id: 'a' }, ConsistentRead: true }),
  );
  await second.close();
  expect(Item).toEqual({ id: 'a', n: 1.5, l: ['x'] });
});

it('has every answered item, and its index row, after kill -9', async () => {
  const script = fileURLToPath(new URL('../../../support/local/dynamodb-killed.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let answered = -1;
  for await (const line of createInterface(child.stdout)) {
    answered = Number(line);
    if (answered === 50) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');

  const { documents, close } = await startTables(folder.path);
  const items = await documents.send(new ScanCommand({ TableName: 'deliveries' }));
  const rows = await documents.send(
    new QueryCommand({
      TableName: 'deliveries',
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': 'today' },
    }),
  );
  await close();
  const ids = (found: typeof items.Items = []) => found.map(({ id }) => Number(id)).sort((a, b) => a - b);
  expect(answered).toBeGreaterThanOrEqual(50);
  expect(ids(items.Items)).toEqual(expect.arrayContaining(Array.from({ length: answered + 1 }, (_, n) => n)));
  expect(ids(rows.Items)).toEqual(ids(items.Items));
});
