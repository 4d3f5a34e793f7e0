import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { diskQueue } from '../../../local/core/disk-queue.ts';
import { foreground } from '../../../local/core/foreground.ts';
import { openStore } from '../../../local/core/store.ts';
import { fakeCloud } from '../../../local/testing.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hookline-queue-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('work is on disk until it is done: who is killed meanwhile takes it up again (I1)', async () => {
  const store = openStore(directory);
  const queue = store.collection<string>('queue');
  const rows = () => [...queue.entries()].map(({ value }) => value);
  const during: string[][] = [];
  const { write, start, stop } = diskQueue({
    cloud: { store, warn: () => undefined, foreground: foreground() },
    queue,
    attempt: async () => {
      during.push(rows());
      return 'done';
    },
    nameOf: (work) => work,
  });
  await store.transaction(() => write(0, 'a delivery'));
  start();
  await vi.waitFor(() => expect(rows()).toEqual([]));
  expect(during).toEqual([['a delivery']]);
  await stop();
  await store.close();
});

it('work whose end a full disk did not take is noted once there is room, and not carried out again', async () => {
  const cloud = fakeCloud(directory);
  const queue = cloud.store.collection<string>('queue');
  const attempts: string[] = [];
  const { write, start, stop } = diskQueue({
    cloud,
    queue,
    attempt: async (work) => {
      attempts.push(work);
      cloud.disk.full = true;
      return 'done';
    },
    nameOf: (work) => work,
  });
  await cloud.store.transaction(() => write(0, 'a delivery'));
  start();
  await vi.waitFor(() =>
    expect(cloud.warnings).toEqual(['a delivery is noted once that can be written: the disk is full']),
  );
  cloud.disk.full = false;
  await vi.waitFor(() => expect([...queue.entries()]).toEqual([]), { timeout: 60_000 });
  expect(attempts).toEqual(['a delivery']);
  await stop();
  await cloud.close();
});

it('a queue stops on a full disk too, and leaves the work to the next start', async () => {
  const cloud = fakeCloud(directory);
  const queue = cloud.store.collection<string>('queue');
  const { write, start, stop } = diskQueue({
    cloud,
    queue,
    attempt: async () => {
      cloud.disk.full = true;
      return 'done';
    },
    nameOf: (work) => work,
  });
  await cloud.store.transaction(() => write(0, 'a delivery'));
  start();
  await vi.waitFor(() => expect(cloud.warnings).toHaveLength(1));
  await stop();
  expect([...queue.entries()]).toHaveLength(1);
  await cloud.close();
});
