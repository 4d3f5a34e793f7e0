/** Prints a value for a script. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Rows in columns as wide as their widest cell; the last one as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const line of columns([head, ...rows])) print(line);
}

const MARKS = { running: '…', succeeded: '✔', failed: '✖', caught: '↪', stopped: '■' } as const;

/** The sign of how a state ended. */
export const mark = (status: keyof typeof MARKS): string => MARKS[status];
