import { existsSync } from 'node:fs';
import { join } from 'node:path';
import db from 'dynalite/db/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../../local/core/store.ts';
import { openDisk } from '../../../../local/services/dynamodb/disk.ts';
import { temporaryFolder } from '../../../../local/testing.ts';

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(() => {
  folder = temporaryFolder();
  store = openStore(folder.path);
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('rows', () => {
  // More than a page of them, and longer than the store's own keys.
  const long = Array.from(
    { length: 120 },
    (_, number) => `item-t~${'a'.repeat(4000)}/${String(number).padStart(3, '0')}`,
  );
  const keys = ['item-s~zz', 'item-t~00', ...long, 'item-t~b', 'item-t~c', 'item-u~'].sort();

  it('come in the order of their keys, however long those are', async () => {
    const disk = openDisk(store);
    const shuffled = [...keys].sort(
      (a, b) => a.length * 7 - b.length * 7 || (a.at(-1) ?? '').localeCompare(b.at(-1) ?? ''),
    );
    await disk.write(shuffled.map((key) => ({ type: 'put', key, value: { key } })));
    expect(await collected(disk.keys({}))).toEqual(keys);
    expect(await collected(disk.keys({ reverse: true }))).toEqual([...keys].reverse());
    for (const bound of [keys[1], long[0], long[57], long.at(-1), 'item-t~b']) {
      if (bound === undefined) continue;
      for (const reverse of [false, true]) {
        const expected = (wanted: (key: string) => boolean) => {
          const found = keys.filter(wanted);
          return reverse ? found.reverse() : found;
        };
        expect(await collected(disk.keys({ gt: bound, reverse }))).toEqual(expected((key) => key > bound));
        expect(await collected(disk.keys({ gte: bound, reverse }))).toEqual(expected((key) => key >= bound));
        expect(await collected(disk.keys({ lt: bound, reverse }))).toEqual(expected((key) => key < bound));
        expect(await collected(disk.keys({ lte: bound, reverse }))).toEqual(expected((key) => key <= bound));
      }
    }
    expect(await collected(disk.keys({ gt: keys[1] ?? '', limit: 5 }))).toEqual(keys.slice(2, 7));
    expect(await collected(disk.values({ gte: 'item-t~b', lt: 'item-t~c' }))).toEqual([{ key: 'item-t~b' }]);
  });

  it('are found and removed by a long key', async () => {
    const disk = openDisk(store);
    const [key = '', other = ''] = long;
    await disk.write([key, other].map((each) => ({ type: 'put', key: each, value: [each] })));
    await disk.write([{ type: 'del', key }]);
    expect([await disk.get(key), await disk.get(other)]).toEqual([undefined, [other]]);
  });
});

describe('the folder of an earlier version', () => {
  it('is taken over, and goes', async () => {
    const path = store.folder('dynamodb');
    const level = db.create({ path }).db;
    await level.open();
    const keys = Array.from({ length: 1200 }, (_, number) => `item-t~${number}`);
    await level.batch(
      keys.map((key) => ({ type: 'put', key, value: { key } })),
      { sync: true },
    );
    await level.close();
    const disk = openDisk(store);
    expect(await disk.get('item-t~77')).toEqual({ key: 'item-t~77' });
    expect(await collected(disk.keys({}))).toEqual([...keys].sort());
    expect(existsSync(join(path, 'CURRENT'))).toBe(false);
  });
});
