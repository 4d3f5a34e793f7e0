// A terminal obeys these characters instead of showing them, and the last kind turns a line's direction. Tabs and line ends are harmless.
const CONTROL_CHARACTERS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** Writes the control characters of a text as JSON does, as anybody may have sent the text. */
export const visible = (text: string): string =>
  text.replace(
    CONTROL_CHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

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

/** The lines of a table: each column is as wide as its widest cell, and the last one is not padded. */
export function columns(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(visible));
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

/** The sign for a state's status. */
export const mark = (status: keyof typeof MARKS): string => MARKS[status];
