import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ago, CLOCKS, exactly, timeIn, timeOfText, zoneOf } from '../../../../console/page/parts/clock.ts';

const at = Date.parse('2026-01-31T21:38:13.400Z');
const zoneOfTests = process.env.TZ;

const restore = (): void => {
  if (zoneOfTests === undefined) delete process.env.TZ;
  else process.env.TZ = zoneOfTests;
};

describe('the one clock of the page', () => {
  beforeEach(() => {
    process.env.TZ = 'Asia/Tokyo';
  });
  afterEach(restore);

  it("shows a time in the reader's zone, or in UTC", () => {
    expect(timeIn('local', at)).toBe('2026-02-01 06:38:13');
    expect(timeIn('UTC', at)).toBe('2026-01-31 21:38:13');
  });

  it('names its zone at that time', () => {
    expect([zoneOf('local', at), zoneOf('UTC', at)]).toEqual(['UTC+09:00', 'UTC']);
    process.env.TZ = 'America/St_Johns';
    expect(zoneOf('local', at)).toBe('UTC-03:30');
    expect(zoneOf('local', Date.parse('2026-07-31T12:00:00Z'))).toBe('UTC-02:30');
  });

  it('says how long ago, and exactly when', () => {
    const after = (ms: number): string => ago(at, at + ms);
    expect([-5000, 59_000, 60_000, 3_599_000, 7_200_000, 86_400_000, 200_000_000].map(after)).toEqual([
      'just now',
      'just now',
      '1 min ago',
      '59 min ago',
      '2 h ago',
      '1 day ago',
      '2 days ago',
    ]);
    expect(exactly('local', at, at + 180_000)).toBe('2026-02-01 06:38:13 UTC+09:00, 3 min ago');
  });

  it('reads a time again that it has written, to the second', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CLOCKS),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        (clock, seconds) => {
          const text = timeIn(clock, seconds * 1000);
          const read = timeOfText(clock, text);
          // An hour of a clock that was set back stands for two.
          expect(read === undefined ? undefined : timeIn(clock, read)).toBe(text);
        },
      ),
    );
  });

  it('reads a time to the minute, and nothing that is none', () => {
    expect(timeOfText('UTC', ' 2026-01-31T21:38 ')).toBe(Date.parse('2026-01-31T21:38:00Z'));
    for (const text of ['', '2026-01-31', '2026-02-31 09:00', '2026-01-31 25:00', '31.1.2026 09:00'])
      expect(timeOfText('UTC', text)).toBeUndefined();
  });
});
