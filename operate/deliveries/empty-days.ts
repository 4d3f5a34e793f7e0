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
  /** the last look at all days of a span */
  all?: {
    readonly at: number;
    readonly from: string;
    readonly oldest: string;
    readonly done: Promise<boolean>;
  };
}

const notedOf = new WeakMap<Connection, Noted>();

/** What the table is asked for. */
interface Questions {
  /** whether a day has a row */
  hasRow(day: string): Promise<boolean>;
  /** the days before one that have rows, all at once; undefined for a table too large for that */
  daysBefore(day: string): Promise<ReadonlySet<string> | undefined>;
}

/** The days without a record, of which there may be 90. They are looked for at once or side by side, and not again at once. */
export function emptyDays(connection: Connection, { hasRow, daysBefore }: Questions) {
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
  const noteAll = async (from: string, oldest: string): Promise<boolean> => {
    const found = await daysBefore(from);
    for (let at = dayBefore(from); found && at > oldest; at = dayBefore(at)) if (!found.has(at)) note(at);
    return found !== undefined;
  };
  /** Notes all empty days of a span by one call. @returns false where that cannot be: whoever comes to a day asks for it */
  const lookAtAll = (from: string, oldest: string): Promise<boolean> => {
    const { all } = noted;
    if (all && isFresh(all.at) && from <= all.from && oldest >= all.oldest) return all.done;
    const done = noteAll(from, oldest).catch(() => false);
    noted.all = { at: Date.now(), from, oldest, done };
    return done;
  };
  /** Notes a day and those below it: all of them, or some at once, twice as many as the last time. */
  const noteAndLookDown = async (day: string, oldest: string): Promise<void> => {
    note(day);
    if (await lookAtAll(day, oldest)) return;
    const days: string[] = [];
    for (let at = before(day); at > oldest && days.length < look; at = before(at)) days.push(at);
    look = Math.min(2 * look, MOST_AT_ONCE);
    await Promise.all(days.map(async (each) => (await hasRow(each)) || note(each)));
  };
  return { before, lookAtAll, noteAndLookDown };
}

const isFresh = (time = 0): boolean => Date.now() - time < EMPTY_MS;

const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - DAY_MS);
