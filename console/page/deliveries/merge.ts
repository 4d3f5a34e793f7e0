import type { DeliveryPage, DeliveryRow, Hidden } from '../../api.ts';

/** The rows that are loaded, newest first, and where the next older ones begin. */
export interface Loaded {
  readonly rows: readonly DeliveryRow[];
  /** what stands between the rows and is not shown */
  readonly hidden: readonly Hidden[];
  readonly cursor: string | undefined;
  /** ms since 1970: what was received until then is loaded, as far down as the rows go */
  readonly seen: number;
}

// Clocks differ, and a delivery is on record some time after it was received.
const SLACK_MS = 60_000;

/** @param now ms since 1970, when the page came */
export const fresh = ({ rows, hidden, cursor }: DeliveryPage, now: number): Loaded => ({
  rows,
  hidden,
  cursor,
  seen: now,
});

/**
 * The loaded rows with the newest page laid over them. Where the page does not reach down to them, what lies between is
 * not loaded, and the list begins anew.
 */
export function withNewest(loaded: Loaded, newest: DeliveryPage, now: number): Loaded {
  const ids = new Set(newest.rows.map(({ id }) => id));
  if (!meets(loaded, newest, ids)) return fresh(newest, now);
  const older = loaded.rows.filter(({ id }) => !ids.has(id));
  const hidden = union(newest.hidden, loaded.hidden);
  return { rows: inOrder(newest.rows, older), hidden, cursor: loaded.cursor, seen: now };
}

function meets(loaded: Loaded, { cursor, reached }: DeliveryPage, ids: ReadonlySet<string>): boolean {
  if (cursor === undefined || loaded.rows.some(({ id }) => ids.has(id))) return true;
  return Date.parse(reached) <= loaded.seen - SLACK_MS;
}

const union = (some: readonly Hidden[], others: readonly Hidden[]): readonly Hidden[] => [
  ...new Map([...some, ...others].map((each) => [each.id, each])).values(),
];

/** Merges two lists, each newest first. Few rows of the second list are newer than the end of the first. */
function inOrder(newer: readonly DeliveryRow[], older: readonly DeliveryRow[]): readonly DeliveryRow[] {
  const last = newer.at(-1);
  const end = last ? older.findIndex((row) => received(row) <= received(last)) : 0;
  const above = end < 0 ? older : older.slice(0, end);
  const below = end < 0 ? [] : older.slice(end);
  const head = [...newer, ...above].sort((a, b) => received(b) - received(a));
  return [...head, ...below];
}

const received = ({ receivedAt }: DeliveryRow): number => Date.parse(receivedAt);

/** The loaded rows with an older page behind them. */
export function withOlder(loaded: Loaded, older: DeliveryPage): Loaded {
  const ids = new Set(loaded.rows.map(({ id }) => id));
  const rows = [...loaded.rows, ...older.rows.filter(({ id }) => !ids.has(id))];
  return { ...loaded, rows, hidden: union(loaded.hidden, older.hidden), cursor: older.cursor };
}

/** The loaded rows with some of them as they are now. */
export function withChanged(loaded: Loaded, changed: readonly DeliveryRow[]): Loaded {
  const now = new Map(changed.map((row) => [row.id, row]));
  return { ...loaded, rows: loaded.rows.map((row) => now.get(row.id) ?? row) };
}
