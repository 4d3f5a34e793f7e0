import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { timeOfText } from '../../operate/time-text.ts';

const NOW = Date.parse('2026-01-31T09:00:00Z');

// On a machine whose zone is UTC, a time of the machine's zone would look right.
beforeAll(() => void vi.stubEnv('TZ', 'Asia/Tokyo'));
afterAll(() => void vi.unstubAllEnvs());

describe('a time that a person writes', () => {
  it.each([
    ['30m', '2026-01-31T08:30:00.000Z'],
    ['1h', '2026-01-31T08:00:00.000Z'],
    ['2d', '2026-01-29T09:00:00.000Z'],
    ['now', '2026-01-31T09:00:00.000Z'],
    ['today', '2026-01-31T00:00:00.000Z'],
    ['yesterday', '2026-01-30T00:00:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['2026-01-30T10:00:00+02:00', '2026-01-30T08:00:00.000Z'],
    ['2026-01-30T10:00:00.5z', '2026-01-30T10:00:00.500Z'],
    ['2026-01-30 10:00:00', '2026-01-30T10:00:00.000Z'],
    ['2026-01-30T10:00', '2026-01-30T10:00:00.000Z'],
    ['2026-01-30 10:00:00 UTC', '2026-01-30T10:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(timeOfText(text, NOW)).toBe(time);
  });

  it.each(['2026-02-30', '2026-02-30T09:00:00Z'])('%s, a day that there is not, is refused', (text) => {
    expect(() => timeOfText(text, NOW)).toThrow(`"${text}" is not a time: write it as`);
  });

  it.each(['', '12', '1', 'h', '1y', '-1h', 'tomorrow', '2026-13-01', '99999999999w'])(
    '%j is refused',
    (text) => {
      expect(() => timeOfText(text, NOW)).toThrow('is not a time: write it as');
    },
  );
});
