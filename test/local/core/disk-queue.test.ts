import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { diskQueue } from '../../../local/core/disk-queue.ts';
import { foreground } from '../../../local/core/foreground.ts';
import { openStore } from '../../../local/core/store.ts';

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
