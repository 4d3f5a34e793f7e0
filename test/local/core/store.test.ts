import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
