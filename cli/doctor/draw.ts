import type { Finding, Result } from '../../operate/doctor/index.ts';

const MARKS: Readonly<Record<Result, string>> = { ok: '✔', warning: '!', failed: '✖', 'not checked': '·' };

// As wide as most names are.
const WIDTH = 36;

/** One line, and another one for what to do. */
export function draw({ name, result, message, advice }: Finding): string {
  const said = result === 'not checked' ? `not checked: ${message}` : message;
  const line = `${MARKS[result]} ${name.padEnd(WIDTH)}  ${said}`;
  return advice === undefined ? line : `${line}\n  ${' '.repeat(WIDTH)}  → ${advice}`;
}
