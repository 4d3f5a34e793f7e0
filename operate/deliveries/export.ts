import type { Connection } from '../connection/connection.ts';
import { deliveriesWithOutcomes, type OutcomeQuery } from './fill-outcomes.ts';
import { type DeliveryRow, rowSchema } from './row.ts';

/** JSON lines have one delivery a line, CSV has a line of names first, and lines that end as those of JSON do. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const COLUMNS = Object.keys(rowSchema.shape) as (keyof DeliveryRow)[];

/** What stands before the first delivery. */
export const exportHead = (format: ExportFormat): string =>
  format === 'csv' ? `${COLUMNS.join(',')}\n` : '';

/** Deliveries as lines of a format. */
export function exportText(rows: readonly DeliveryRow[], format: ExportFormat): string {
  const lineOf = format === 'csv' ? csvLine : (row: DeliveryRow) => JSON.stringify(row);
  return rows.map((row) => `${lineOf(row)}\n`).join('');
}

const csvLine = (row: DeliveryRow): string => COLUMNS.map((name) => csvCell(row[name] ?? '')).join(',');

function csvCell(value: string | number | boolean): string {
  const text = typeof value === 'string' ? harmless(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet would run what begins so as a formula, and anybody may name a branch so: an apostrophe makes it text. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

// DynamoDB gives up to 1 MB at once.
const PAGE_SIZE = 1000;

/** All deliveries of a query as a text of a format, a page at a time. */
export async function* exportDeliveries(
  connection: Connection,
  query: Omit<OutcomeQuery, 'cursor' | 'limit'>,
  format: ExportFormat,
): AsyncGenerator<string> {
  yield exportHead(format);
  let cursor: string | undefined;
  do {
    const page = await deliveriesWithOutcomes(connection, { ...query, cursor, limit: PAGE_SIZE });
    yield exportText(page.rows, format);
    cursor = page.cursor;
  } while (cursor !== undefined);
}
