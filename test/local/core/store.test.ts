import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../../local/core/store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hookline-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('keeps what was put', async () => {
  const store = openStore(directory);
  await store.collection<string>('names').put('a', 'first');
  await store.close();
  const again = openStore(directory);
  expect(again.collection<string>('names').get('a')).toBe('first');
  await again.close();
});

it('is for its owner alone, in a folder that was open to everybody too', async () => {
  await chmod(directory, 0o755);
  const store = openStore(directory);
  const modes = ['.', 'state.lmdb', 'state.lmdb-lock', store.folder('blobs')].map(async (path) =>
    ((await stat(resolve(directory, path))).mode & 0o777).toString(8),
  );
  expect(await Promise.all(modes)).toEqual(['700', '600', '600', '700']);
  await store.close();
});

it('ends a transaction that was begun before it was closed', async () => {
  const store = openStore(directory);
  const names = store.collection<string>('names');
  const put = store.transaction(() => names.put('a', 'first'));
  await store.close();
  await put;
  const again = openStore(directory);
  expect(again.collection<string>('names').get('a')).toBe('first');
  await again.close();
});

it('answers whoever comes while it closes with an error, and does not break the process', async () => {
  const store = openStore(directory);
  const names = store.collection<string>('names');
  const written = names.put('a', 'first');
  const closed = store.close();
  expect(() => names.get('a')).toThrow(`the state folder ${directory} is closed`);
  await expect(names.put('b', 'second')).rejects.toThrow('is closed');
  expect(() => store.transaction(() => 0)).toThrow('is closed');
  await Promise.all([written, closed]);
  // LMDB's own failure came from a timer, after the read.
  await wait(5);
});
