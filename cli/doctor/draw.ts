import type { Finding, Result } from '../../operate/doctor/index.ts';

const MARKS: Readonly<Record<Result, string>> = { ok: '✔', warning: '!', failed: '✖', 'not checked': '·' };

// Most names are shorter than this.
const WIDTH = 36;

/** A finding as a line, and its advice as a second one. */
export function draw({ name, result, message, advice }: Finding): string {
  const text = result === 'not checked' ? `not checked: ${message}` : message;
  const line = `${MARKS[result]} ${name.padEnd(WIDTH)}  ${text}`;
  return advice === undefined ? line : `${line}\n  ${' '.repeat(WIDTH)}  → ${advice}`;
}
