// But for the ends of lines and tabs, what a terminal obeys instead of showing it, and what turns a line's direction.
const OBEYED = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** Text that anybody may have sent, so that a terminal shows it: what it would obey is written as in JSON. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (obeyed) => `\\u${obeyed.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Whether what changes can be drawn in its place: in a terminal, unless nobody has told it its size. */
export const drawsInPlace = ({ isTTY, rows, columns }: NodeJS.WriteStream): boolean =>
  isTTY && rows > 0 && columns > 0;

/** Prints a value for a script. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

/** Rows in columns as wide as their widest cell; the last one as it is. */
export function columns(given: readonly (readonly string[])[]): string[] {
  const rows = given.map((row) => row.map(visible));
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
