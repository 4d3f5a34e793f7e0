import type { Connection } from '../connection/connection.ts';
import { DAY_MS, dayOf } from '../days.ts';

/** Clocks differ: a row may belong to the day that begins within minutes. */
export const CLOCK_SLACK_MS = 600_000;

// The console asks for its list every few seconds.
const EMPTY_MS = 30_000;

// Of a new deployment nearly all days are empty; of another one, hardly any.
const FIRST_LOOK = 4;
// Each call of those that run at once has a connection of its own, which takes longer than the call.
const MOST_AT_ONCE = 24;

const notedOf = new WeakMap<Connection, Map<string, number>>();

/**
 * The days without a record, of which there may be 90. They are asked for side by side, and not again at once.
 * @param hasRow asks for one day
 */
export function emptyDays(connection: Connection, hasRow: (day: string) => Promise<boolean>) {
  const notedAt = notedOf.get(connection) ?? new Map<string, number>();
  notedOf.set(connection, notedAt);
  const today = dayOf(Date.now() - CLOCK_SLACK_MS);
  let look = FIRST_LOOK;
  const note = (day: string): void => {
    if (day < today) notedAt.set(day, Date.now());
  };
  /** the day before, or the next one down that may have something */
  const before = (day: string): string => {
    let at = dayBefore(day);
    while (Date.now() - (notedAt.get(at) ?? 0) < EMPTY_MS) at = dayBefore(at);
    return at;
  };
  /** Notes a day, and looks at twice as many below it as the last time. */
  const noteAndLookDown = async (day: string, oldest: string): Promise<void> => {
    note(day);
    const days: string[] = [];
    for (let at = before(day); at > oldest && days.length < look; at = before(at)) days.push(at);
    look = Math.min(2 * look, MOST_AT_ONCE);
    await Promise.all(days.map(async (each) => (await hasRow(each)) || note(each)));
  };
  return { before, noteAndLookDown };
}

const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - DAY_MS);
