import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cached, withMember } from '../../../functions/shared/cache.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

it('reads once a minute, and once for all who ask at a moment', async () => {
  const load = vi.fn(async (key: string) => ({ [key]: load.mock.calls.length }));
  const read = cached(load);
  expect(await Promise.all([read('a'), read('a')])).toEqual([{ a: 1 }, { a: 1 }]);
  later(59_999);
  expect(await read('a')).toEqual({ a: 1 });
  later(1);
  expect(await read('a')).toEqual({ a: 2 });
});

it('keeps no failed read, and what was read before it', async () => {
  const load = vi.fn().mockResolvedValueOnce('first').mockRejectedValue(new Error('throttled'));
  const read = cached<string>(load);
  expect(await read('a')).toBe('first');
  await expect(read('a', 0)).rejects.toThrow('throttled');
  expect(await read('a')).toBe('first');
  await expect(cached(load)('b')).rejects.toThrow('throttled');
});

it('keeps none of two reads of a moment that both fail', async () => {
  const failing = new Error('throttled');
  const load = vi
    .fn()
    .mockRejectedValueOnce(failing)
    .mockRejectedValueOnce(failing)
    .mockResolvedValue('read');
  const read = cached<string>(load);
  const both = await Promise.allSettled([read('a'), read('a', 0)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await read('a')).toBe('read');
});

it('reads again once in five seconds, and else says whether what is kept is new enough', async () => {
  const load = vi.fn(async () => load.mock.calls.length);
  const read = cached<number>(load);
  await read('key');
  const first = Date.now();
  later(1);
  expect(await read.again('key', Date.now())).toBe(2);
  later(1);
  for (let times = 0; times < 100; times += 1) {
    expect(await read.again('key', first)).toBe(2);
    expect(await read.again('key', first + 1)).toBe(2);
    expect(await read.again('key', first + 2)).toBeUndefined();
    expect(await read.again('key', Date.now())).toBeUndefined();
  }
  later(4999);
  expect(await read.again('key', Date.now())).toBe(3);
});

it('what cannot be read is read again no more often', async () => {
  const load = vi.fn().mockRejectedValue(new Error('throttled'));
  const read = cached<number>(load);
  await expect(read.again('key', Date.now())).rejects.toThrow('throttled');
  for (let times = 0; times < 100; times += 1) expect(await read.again('key', Date.now())).toBeUndefined();
  expect(load).toHaveBeenCalledTimes(1);
});

it('a name that is not there is looked for again', async () => {
  const load = vi.fn().mockResolvedValueOnce({ a: 1 }).mockResolvedValue({ a: 1, b: 2 });
  const read = cached<Record<string, number>>(load);
  expect(await withMember(read, 'key', 'a')).toEqual({ a: 1 });
  expect(await withMember(read, 'key', 'b')).toEqual({ a: 1, b: 2 });
  expect(load).toHaveBeenCalledTimes(2);
});

it('what is known is good while it cannot be read again', async () => {
  const load = vi.fn().mockResolvedValueOnce({ a: 1 }).mockRejectedValue(new Error('throttled'));
  const read = cached<Record<string, number>>(load);
  expect(await withMember(read, 'key', 'a')).toEqual({ a: 1 });
  expect(await withMember(read, 'key', 'b')).toEqual({ a: 1 });
  expect(await withMember(read, 'key', 'a')).toEqual({ a: 1 });
});
