import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { logsService } from '../../../../local/services/logs/index.ts';
import { fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const KILLED = fileURLToPath(new URL('../../../support/local/logs-killed.ts', import.meta.url));
const BATCH = 300;

const folder = temporaryFolder();
afterAll(() => folder.remove());

const page = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextForwardToken: z.string(),
});

it('a killed runtime has each batch of log events that was answered, whole and in order, and no part of another', async () => {
  const args = ['--import', 'tsx', KILLED, folder.path];
  const { stdout, signal } = await execa(process.execPath, args, { reject: false });
  expect(signal).toBe('SIGKILL');
  const answered = stdout.split('\n');
  expect(answered.length).toBeGreaterThan(5);

  const cloud = fakeCloud(folder.path);
  cloud.add(logsService(cloud));
  const lines: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const input = { logGroupName: '/a', logStreamName: 'one', startFromHead: true, limit: 250 };
    const answer = await cloud.request('logs', 'GetLogEvents', { ...input, ...(nextToken && { nextToken }) });
    const { events, nextForwardToken } = page.parse(answer);
    if (events.length === 0) break;
    lines.push(...events.map(({ message }) => message));
    nextToken = nextForwardToken;
  }
  await cloud.close();
  const batches = [...new Set(lines.map((line) => line.split(' ')[0] ?? ''))];
  expect(batches).toEqual(expect.arrayContaining(answered));
  const whole = (batch: string) => Array.from({ length: BATCH }, (_, line) => `${batch} ${line}`);
  expect(lines).toEqual(batches.flatMap(whole));
});
