import { afterEach, beforeEach, expect, it } from 'vitest';
import { AccessLogs } from '../../../../local/services/api-gateway/access-log.ts';
import { type FakeCloud, fakeCloud, fakeService, temporaryFolder } from '../../../../local/testing.ts';

let folder: ReturnType<typeof temporaryFolder>;
let cloud: FakeCloud;
let logs: AccessLogs;
let written: unknown[];
let broken: boolean;
beforeEach(() => {
  folder = temporaryFolder();
  cloud = fakeCloud(folder.path);
  written = [];
  broken = false;
  const CreateLogStream = async () => {
    if (broken) throw new Error('no stream today');
  };
  cloud.add(
    fakeService('logs', { CreateLogStream, PutLogEvents: async (input) => void written.push(input) }),
  );
  logs = new AccessLogs(cloud);
});
afterEach(async () => {
  await cloud.close();
  folder.remove();
});

const write = (status: number) => logs.write('group', '{"status":"$context.status"}', { status });

it('are written again once their stream can be made', async () => {
  broken = true;
  write(200);
  await expect.poll(() => cloud.warnings).toEqual([expect.stringContaining('no stream today')]);
  broken = false;
  write(201);
  await logs.close();
  expect(written).toMatchObject([{ logGroupName: 'group', logEvents: [{ message: '{"status":"201"}' }] }]);
  expect(cloud.warnings).toHaveLength(1);
});

it('are written before the runtime ends, and not after, without a word', async () => {
  write(200);
  await logs.close();
  write(500);
  expect(written).toHaveLength(1);
  expect(cloud.warnings).toEqual([]);
});
