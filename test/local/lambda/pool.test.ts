import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pool, type Pooled } from '../../../local/lambda/pool.ts';

describe('the pool of workers', () => {
  afterEach(() => vi.useRealTimers());

  it('keeps one that is used again, and ends it when nobody has for a while', async () => {
    vi.useFakeTimers();
    const ended: number[] = [];
    let made = 0;
    const create = (): Pooled & { number: number } => {
      const number = ++made;
      return { number, usable: () => true, end: async () => void ended.push(number) };
    };
    const pool = new Pool({ max: 2, idle: 1000, create });
    const use = () => pool.use(async ({ number }) => number);
    expect([await use(), await use()]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(999);
    expect(await use()).toBe(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([1]);
    expect(await use()).toBe(2);
  });
});
