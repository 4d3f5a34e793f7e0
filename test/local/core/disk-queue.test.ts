import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diskQueue } from '../../../local/core/disk-queue.ts';
import { foreground } from '../../../local/core/foreground.ts';
import { openStore } from '../../../local/core/store.ts';
import { fakeCloud } from '../../../local/testing.ts';

const LONGEST_WAIT = 600_000;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hookline-queue-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

it('work is on disk until it is done: who is killed meanwhile takes it up again (I1)', async () => {
  const store = openStore(directory);
  const queue = store.collection<string>('queue');
  const rows = () => [...queue.entries()].map(({ value }) => value);
  const during: string[][] = [];
  const { write, start, stop } = diskQueue({
    cloud: { store, warn: () => undefined, foreground: foreground() },
    queue,
    longestWait: LONGEST_WAIT,
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
    longestWait: LONGEST_WAIT,
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
    longestWait: LONGEST_WAIT,
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

describe('a clock that is set', () => {
  const opened = () => {
    const cloud = fakeCloud(directory);
    const done: string[] = [];
    const queue = diskQueue<string>({
      cloud,
      queue: cloud.store.collection('queue'),
      longestWait: LONGEST_WAIT,
      mayWaitLonger: (work) => work === 'asked for',
      attempt: async (work) => {
        done.push(work);
        return 'done';
      },
      nameOf: (work) => work,
    });
    const close = async () => {
      await queue.stop();
      await cloud.close();
    };
    return { ...queue, done, close, transaction: cloud.store.transaction };
  };

  it('back has what was written before carried out at once, and nothing that waits as it may', async () => {
    const { write, start, transaction, done, close } = opened();
    const day = 86_400_000;
    await transaction(() => {
      write(Date.now() + 300_000, 'a retry');
      write(Date.now() + day, 'asked for');
      write(Date.now() + 3 * day, 'written before');
    });
    start();
    await vi.waitFor(() => expect(done).toEqual(['written before']));
    await close();
    expect(done).toEqual(['written before']);
  });

  it('ahead has what is due by then carried out within a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const { write, start, transaction, done, close } = opened();
    await transaction(() => write(Date.now() + 540_000, 'a retry'));
    start();
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(done).toEqual(['a retry']), { timeout: 5000 });
    await close();
  });
});
