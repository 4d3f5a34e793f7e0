/** The reader's own time zone, or UTC. */
export const CLOCKS = ['local', 'UTC'] as const;
export type Clock = (typeof CLOCKS)[number];

const MINUTE_MS = 60_000;

/** A time as ISO text without its zone. @param at ms since 1970 @returns `2026-01-31T09:00:00.123` */
export function isoIn(clock: Clock, at: number): string {
  const zone = clock === 'UTC' ? 0 : new Date(at).getTimezoneOffset() * MINUTE_MS;
  return new Date(at - zone).toISOString().slice(0, -1);
}

/** @returns `2026-01-31 09:00:00` */
export const timeIn = (clock: Clock, at: number): string => isoIn(clock, at).slice(0, 19).replace('T', ' ');

/** The zone of a clock at a time: `UTC`, `UTC+09:00`. */
export function zoneOf(clock: Clock, at: number): string {
  const minutes = clock === 'UTC' ? 0 : -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

/** A time that a person has written as `2026-01-31 09:00` or `2026-01-31T09:00:00`, in ms since 1970; undefined for any other text. */
export function timeOfText(clock: Clock, text: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = Date.parse(`${day}T${time}${clock === 'UTC' ? 'Z' : ''}`);
  return Number.isNaN(at) || !isoIn('UTC', Date.parse(`${day}T${time}Z`)).startsWith(day) ? undefined : at;
}

const UNITS = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', MINUTE_MS],
] as const;

/** How long ago a time is: `3 min ago`. @param now ms since 1970 */
export function ago(at: number, now: number): string {
  const ms = now - at;
  const [unit, length] = UNITS.find(([, each]) => ms >= each) ?? [];
  if (unit === undefined || length === undefined) return 'just now';
  const count = Math.floor(ms / length);
  return `${count} ${unit}${unit === 'day' && count > 1 ? 's' : ''} ago`;
}

/** A time as exactly as a person may want it: `2026-01-31 09:00:00 UTC+09:00, 3 min ago`. */
export const exactly = (clock: Clock, at: number, now: number): string =>
  `${timeIn(clock, at)} ${zoneOf(clock, at)}, ${ago(at, now)}`;
