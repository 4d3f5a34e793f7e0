import type { DeliveryPage, DeliveryRow } from '../../api.ts';

/** The loaded rows, newest first, and the cursor of the next older ones. */
export interface LoadedRows {
  readonly rows: readonly DeliveryRow[];
  readonly cursor: string | undefined;
  /** ms since 1970: every delivery received before is loaded, down to the last of the rows */
  readonly seen: number;
}

// Clocks differ, and the record of a delivery is written some time after the delivery was received.
const CLOCK_SLACK_MS = 60_000;

/** The rows of the first page. @param now ms since 1970, when the page came */
export const newList = ({ rows, cursor }: DeliveryPage, now: number): LoadedRows => ({
  rows,
  cursor,
  seen: now,
});

/**
 * The loaded rows with the newest page merged in. If the page ends above the loaded rows, the rows between them are not
 * loaded, and the list begins anew with the page.
 */
export function withNewest(loaded: LoadedRows, newest: DeliveryPage, now: number): LoadedRows {
  const ids = new Set(newest.rows.map(({ id }) => id));
  if (!reachesLoadedRows(loaded, newest, ids)) return newList(newest, now);
  const older = loaded.rows.filter(({ id }) => !ids.has(id));
  return { rows: mergedByTime(newest.rows, older), cursor: loaded.cursor, seen: now };
}

function reachesLoadedRows(
  loaded: LoadedRows,
  { cursor, reached }: DeliveryPage,
  ids: ReadonlySet<string>,
): boolean {
  if (cursor === undefined || loaded.rows.some(({ id }) => ids.has(id))) return true;
  return Date.parse(reached) <= loaded.seen - CLOCK_SLACK_MS;
}

/** Merges two lists, each newest first. Few rows of the second list are newer than the end of the first. */
function mergedByTime(newer: readonly DeliveryRow[], older: readonly DeliveryRow[]): readonly DeliveryRow[] {
  const last = newer.at(-1);
  const end = last ? older.findIndex((row) => receivedMs(row) <= receivedMs(last)) : 0;
  const above = end < 0 ? older : older.slice(0, end);
  const below = end < 0 ? [] : older.slice(end);
  const head = [...newer, ...above].sort((a, b) => receivedMs(b) - receivedMs(a));
  return [...head, ...below];
}

const receivedMs = ({ receivedAt }: DeliveryRow): number => Date.parse(receivedAt);

/** The loaded rows, followed by an older page. */
export function withOlder(loaded: LoadedRows, older: DeliveryPage): LoadedRows {
  const ids = new Set(loaded.rows.map(({ id }) => id));
  const rows = [...loaded.rows, ...older.rows.filter(({ id }) => !ids.has(id))];
  return { ...loaded, rows, cursor: older.cursor };
}

/** The loaded rows, some of them replaced by their newest state. */
export function withChanged(loaded: LoadedRows, changed: readonly DeliveryRow[]): LoadedRows {
  const now = new Map(changed.map((row) => [row.id, row]));
  return { ...loaded, rows: loaded.rows.map((row) => now.get(row.id) ?? row) };
}
