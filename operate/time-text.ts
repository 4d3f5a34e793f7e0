import { DAY_MS, dayOf } from './days.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const DAYS_AGO: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

/**
 * A time that a person has written: ISO in any zone, and in UTC without one, `30m`, `1h`, `2d` before now, `now`, or the
 * beginning (UTC) of `today` or `yesterday`.
 * @param now ms since 1970
 * @returns the time in UTC, `2026-01-31T09:00:00.000Z`
 */
export function timeOfText(text: string, now = Date.now()): string {
  const word = text.trim().toLowerCase();
  const daysAgo = DAYS_AGO[word];
  if (daysAgo !== undefined) return `${dayOf(now - daysAgo * DAY_MS)}T00:00:00.000Z`;
  const [, count = '0', unit = ''] = /^(\d+)(s|m|min|h|d|w)$/.exec(word) ?? [];
  const unitMs = word === 'now' ? 0 : UNITS_MS[unit];
  const at = unitMs === undefined ? isoTime(text) : now - Number(count) * unitMs;
  // Beyond this, a date has no text.
  if (Math.abs(at) <= 8.64e15) return new Date(at).toISOString();
  throw new Error(
    `${JSON.stringify(text)} is not a time: write it as 2026-01-31T09:00:00Z, as 30m, 1h or 2d for so long ago, or as yesterday`,
  );
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;

/**
 * ms since 1970, or NaN. JavaScript takes "12" for a month, a time without a zone for one of this machine's zone, and the
 * 30th of February for a day of March.
 */
function isoTime(text: string): number {
  const [, day = '', time = '00:00', zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (!isDay(day)) return Number.NaN;
  return Date.parse(`${day}T${time}${zone.toUpperCase().replace('UTC', 'Z')}`);
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(at) && dayOf(at) === day;
}
