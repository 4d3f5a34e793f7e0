import '../../../../local/core/with-resolvers.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pool, type Pooled } from '../../../../local/services/lambda/pool.ts';

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

  it('that is closed waits for the last words of whoever used it', async () => {
    const said: string[] = [];
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const item: Pooled = {
      usable: () => true,
      end: async () => {
        ended.resolve();
        await new Promise(setImmediate);
        said.push('ended');
      },
    };
    const pool = new Pool({ max: 1, idle: 1000, create: () => item });
    const used = pool.use(async () => {
      begun.resolve();
      await ended.promise;
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      said.push('used');
    });
    const waiting = pool.use(async () => {});
    await begun.promise;
    await Promise.all([pool.close(), expect(waiting).rejects.toThrow('the runtime is stopping')]);
    expect(said).toEqual(['ended', 'used', 'ended']);
    await used;
  });

  it('that is drained ends what is idle at once and what is in use when it is given back, and serves the line', async () => {
    const ended: number[] = [];
    let made = 0;
    const create = (): Pooled & { number: number } => {
      const number = ++made;
      return { number, usable: () => true, end: async () => void ended.push(number) };
    };
    const pool = new Pool({ max: 2, idle: 1000, create });
    const hold = Promise.withResolvers<void>();
    const use = (until: Promise<void>) => pool.use(({ number }) => until.then(() => number));
    const [first, second] = [use(hold.promise), use(Promise.resolve())];
    await second;
    await pool.drain();
    expect(ended).toEqual([2]);
    const [inTurn, inLine] = [use(hold.promise), use(Promise.resolve())];
    hold.resolve();
    expect(await Promise.all([first, inTurn, inLine])).toEqual([1, 3, 4]);
    expect(ended.toSorted()).toEqual([1, 2, 3, 4]);
  });
});
