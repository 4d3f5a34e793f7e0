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

interface Noted {
  /** when a day was found empty, in ms since 1970 */
  readonly empty: Map<string, number>;
  /** when all days were looked at, and the end of that look */
  all?: { readonly at: number; readonly done: Promise<void> };
}

const notedOf = new WeakMap<Connection, Noted>();

/**
 * The days without a record, of which there may be 90. They are asked for side by side, and not again at once.
 * @param hasRow asks for one day
 */
export function emptyDays(connection: Connection, hasRow: (day: string) => Promise<boolean>) {
  const noted: Noted = notedOf.get(connection) ?? { empty: new Map() };
  notedOf.set(connection, noted);
  const today = dayOf(Date.now() - CLOCK_SLACK_MS);
  let look = FIRST_LOOK;
  const note = (day: string): void => {
    if (day < today) noted.empty.set(day, Date.now());
  };
  /** the day before, or the next one down that may have something */
  const before = (day: string): string => {
    let at = dayBefore(day);
    while (isFresh(noted.empty.get(at))) at = dayBefore(at);
    return at;
  };
  /** Looks at so many days below one. @returns the last of them */
  const lookBelow = async (day: string, oldest: string, most: number): Promise<string> => {
    const days: string[] = [];
    for (let at = before(day); at > oldest && days.length < most; at = before(at)) days.push(at);
    await Promise.all(days.map(async (each) => (await hasRow(each)) || note(each)));
    return days.at(-1) ?? oldest;
  };
  /** Notes a day, and looks at twice as many below it as the last time. */
  const noteAndLookDown = async (day: string, oldest: string): Promise<void> => {
    note(day);
    await noted.all?.done;
    await lookBelow(day, oldest, look);
    look = Math.min(2 * look, MOST_AT_ONCE);
  };
  /** Looks at all days below one while the caller reads. What fails then is asked again by whoever comes to that day. */
  const lookAhead = (day: string, oldest: string): void => {
    if (isFresh(noted.all?.at)) return;
    const all = async (): Promise<void> => {
      for (let at = day; at > oldest; ) at = await lookBelow(at, oldest, MOST_AT_ONCE);
    };
    noted.all = { at: Date.now(), done: all().catch(() => undefined) };
  };
  return { before, noteAndLookDown, lookAhead };
}

const isFresh = (time = 0): boolean => Date.now() - time < EMPTY_MS;

const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - DAY_MS);
