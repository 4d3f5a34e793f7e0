import { visible } from '../operate/format.ts';
import { displayWidth, fitted } from './width.ts';

/** Whether a stream is a terminal of a known size, in which a text that changes can be drawn over the last one. */
export const drawsInPlace = ({ isTTY, rows, columns }: NodeJS.WriteStream): boolean =>
  isTTY && rows > 0 && columns > 0;

/** Prints a value for a script. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

/** For people beside the JSON that a script reads. */
export function printAside(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}

const COLUMN_GAP = '  ';

/**
 * The lines of a table: each column is as wide as its widest cell, and the last one is not padded.
 * @param most columns of the terminal; the widest columns of the table are cut until a line has no more
 */
export function columns(cells: readonly (readonly string[])[], most = Number.POSITIVE_INFINITY): string[] {
  const rows = cells.map((row) => row.map(visible));
  const widest = (rows[0] ?? []).map((_, column) =>
    rows.reduce((width, row) => Math.max(width, displayWidth(row[column] ?? '')), 0),
  );
  const widths = narrowed(widest, most - COLUMN_GAP.length * (widest.length - 1));
  return rows.map((row) =>
    row
      .map((cell, column) => padded(fitted(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join(COLUMN_GAP)
      .trimEnd(),
  );
}

/**
 * Makes lines of cells as they come: each column is as wide as its widest cell so far.
 * @param head the names of the columns
 */
export function alignedLines(head: readonly string[] = []): (cells: readonly string[]) => string {
  let widest: readonly string[] = head;
  return (cells) => {
    const line = columns(widest.length > 0 ? [widest, cells] : [cells]).at(-1) ?? '';
    widest = cells.map((cell, column) => {
      const before = widest[column] ?? '';
      return displayWidth(visible(cell)) > displayWidth(visible(before)) ? cell : before;
    });
    return line;
  };
}

const padded = (cell: string, width: number): string =>
  `${cell}${' '.repeat(Math.max(0, width - displayWidth(cell)))}`;

// A narrower column would show no readable text.
const NARROWEST = 4;

function narrowed(widths: readonly number[], most: number): readonly number[] {
  const all = [...widths];
  for (let over = all.reduce((sum, width) => sum + width, 0) - most; over > 0; over -= 1) {
    const widest = Math.max(...all);
    if (widest <= NARROWEST) break;
    all[all.indexOf(widest)] = widest - 1;
  }
  return all;
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const { isTTY, columns: width } = process.stdout;
  for (const line of columns([head, ...rows], isTTY && width > 0 ? width : undefined)) print(line);
}

/** A table, or a sentence where it has no row. */
export function tableOr(
  nothing: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (rows.length === 0) print(nothing);
  else printTable(head, rows);
}

const MARKS = { running: '…', succeeded: '✔', failed: '✖', caught: '↪', stopped: '■' } as const;

/** The sign for a state's status. */
export const mark = (status: keyof typeof MARKS): string => MARKS[status];
