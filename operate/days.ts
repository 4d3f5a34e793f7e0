/** The table's time to live, in days. */
export const KEPT_DAYS = 90;

export const DAY_MS = 86_400_000;

/** The day of a time, UTC, as the table's index has it: `2026-01-31`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The days that a span touches, newest first; it ends before `to`. */
export function daysOf({ from, to }: { readonly from: string; readonly to: string }): string[] {
  const first = dayOf(Date.parse(from));
  const days: string[] = [];
  for (let at = Date.parse(to) - 1; dayOf(at) >= first; at -= DAY_MS) days.push(dayOf(at));
  return days;
}

/** The last days until now, oldest first. */
export function lastDays(count: number, now = Date.now()): string[] {
  return Array.from({ length: count }, (_, index) => dayOf(now - (count - 1 - index) * DAY_MS));
}
