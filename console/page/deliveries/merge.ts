import type { DeliveryPage, DeliveryRow } from '../../api.ts';

/** The rows that are loaded, newest first, and where the next older ones begin. */
export interface Loaded {
  readonly rows: readonly DeliveryRow[];
  readonly cursor: string | undefined;
}

/** The loaded rows with the newest page laid over them. Where both have nothing in common, what lies between is not known. */
export function withNewest(loaded: Loaded, newest: DeliveryPage): Loaded {
  const ids = new Set(newest.rows.map(({ id }) => id));
  const meets = newest.cursor === undefined || loaded.rows.some(({ id }) => ids.has(id));
  if (!meets) return { rows: newest.rows, cursor: newest.cursor };
  const older = loaded.rows.filter(({ id }) => !ids.has(id));
  return { rows: [...newest.rows, ...older], cursor: loaded.cursor };
}

/** The loaded rows with an older page behind them. */
export function withOlder(loaded: Loaded, older: DeliveryPage): Loaded {
  const ids = new Set(loaded.rows.map(({ id }) => id));
  return { rows: [...loaded.rows, ...older.rows.filter(({ id }) => !ids.has(id))], cursor: older.cursor };
}

/** The loaded rows with some of them as they are now. */
export function withChanged(loaded: Loaded, changed: readonly DeliveryRow[]): Loaded {
  const now = new Map(changed.map((row) => [row.id, row]));
  return { rows: loaded.rows.map((row) => now.get(row.id) ?? row), cursor: loaded.cursor };
}
