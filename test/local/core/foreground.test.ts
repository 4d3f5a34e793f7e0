import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { foreground } from '../../../local/core/foreground.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('leaves room for everything while nobody comes', () => {
  expect(foreground().room(32)).toBe(32);
});

it('leaves room for little as long as somebody comes, and tells when nobody does any more', () => {
  const { arrive, room, onQuiet } = foreground();
  const told = vi.fn<() => void>(() => expect(room(32)).toBe(32));
  onQuiet(told);
  for (const _ of Array.from({ length: 100 })) {
    arrive();
    vi.advanceTimersByTime(200);
    expect([room(32), room(2)]).toEqual([4, 2]);
  }
  expect(told).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(told).toHaveBeenCalledTimes(1);
});
