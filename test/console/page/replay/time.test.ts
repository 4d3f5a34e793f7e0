import { describe, expect, it } from 'vitest';
import { firstPreset, PRESETS, rangeOf, snap, viewIncluding } from '../../../../console/page/replay/time.ts';

const HOUR = 3_600_000;
const now = Date.parse('2026-01-31T09:00:00.400Z');

describe('a span of time', () => {
  it('of a preset ends with the present second, and is as long as its name says', () => {
    const lengths = PRESETS.map((preset) => rangeOf(preset, now - 100 * HOUR, now)).map(
      ({ from, to }) => (to - from) / HOUR,
    );
    expect(lengths.slice(0, 3)).toEqual([1, 24, 168]);
    expect(rangeOf(PRESETS[0], 0, now).to).toBe(Date.parse('2026-01-31T09:00:01Z'));
    expect(rangeOf(PRESETS[3], now - 100 * HOUR, now).from).toBe(Date.parse('2026-01-27T05:00:00Z'));
  });

  it('begins with an hour where the archive is no older', () => {
    expect(firstPreset(now - HOUR / 2, now).name).toBe('Last hour');
    expect(firstPreset(now - 2 * HOUR, now).name).toBe('Last day');
  });

  it('snaps to the nearest edge of a part, inside of the view', () => {
    const view = { from: 0, to: 600 };
    expect([-50, 4, 6, 294, 1000].map((time) => snap(time, view, 60))).toEqual([0, 0, 10, 290, 600]);
  });

  it('widens the view to where it is chosen beyond it', () => {
    const view = { from: 100, to: 200 };
    expect(viewIncluding(view, { from: 120, to: 130 })).toBe(view);
    expect(viewIncluding(view, { from: 50, to: 130 })).toEqual({ from: 50, to: 200 });
  });
});
