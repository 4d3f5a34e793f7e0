import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSweeper } from '../../../local/core/sweeper.ts';

const HOUR = 3_600_000;

describe('a sweeper', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sweeps now, then every hour until it is stopped', async () => {
    const sweep = vi.fn(async () => undefined);
    const stop = startSweeper({ sweep, onError: vi.fn() });
    expect(sweep).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2 * HOUR);
    expect(sweep).toHaveBeenCalledTimes(3);
    await stop();
    await vi.advanceTimersByTimeAsync(2 * HOUR);
    expect(sweep).toHaveBeenCalledTimes(3);
  });

  it('never sweeps twice at a time', async () => {
    const ends: (() => void)[] = [];
    const sweep = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
    const stop = startSweeper({ sweep, onError: vi.fn() });
    await vi.advanceTimersByTimeAsync(3 * HOUR);
    expect(sweep).toHaveBeenCalledTimes(1);
    ends.pop()?.();
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(sweep).toHaveBeenCalledTimes(2);
    ends.pop()?.();
    await stop();
  });

  it('tells of a sweep that failed, and goes on', async () => {
    const onError = vi.fn();
    const sweep = vi.fn(() => Promise.reject(new Error('disk full')));
    const stop = startSweeper({ sweep, onError, every: 60_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sweep).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledWith(new Error('disk full'));
    await stop();
  });

  it('is stopped when the sweep under way has ended, which hears of it', async () => {
    let ended = false;
    const stop = startSweeper({
      sweep: (stopping) =>
        new Promise((resolve) =>
          stopping.addEventListener('abort', () =>
            setTimeout(() => {
              ended = true;
              resolve();
            }, 10),
          ),
        ),
      onError: vi.fn(),
    });
    const stopped = stop();
    await vi.advanceTimersByTimeAsync(10);
    await stopped;
    expect(ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
