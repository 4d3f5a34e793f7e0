import { describe, expect, it } from 'vitest';
import { exportHead, exportText } from '../../../operate/deliveries/export.ts';
import { rowSchema } from '../../../operate/deliveries/row.ts';

const row = (values: object = {}) =>
  rowSchema.parse({
    id: 'default#github.com#1',
    executionArn: 'arn',
    rule: 'default',
    host: 'github.com',
    event: 'push',
    deliveryId: '1',
    receivedAt: '2026-01-31T09:00:00Z',
    updatedAt: '2026-01-31T09:00:01Z',
    ...values,
  });

/** The cell of a name in a text of CSV with one delivery. */
const cell = (name: string, values: object): string | undefined => {
  const line = exportText([row(values)], 'csv').slice(0, -1);
  const at = exportHead('csv').trimEnd().split(',').indexOf(name);
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)][at]?.[1];
};

describe('an export of deliveries', () => {
  it('has one delivery a line as JSON, with every member', () => {
    const rows = [row(), row({ ref: 'refs/heads/a\nb', pullRequest: 7 })];
    const lines = exportText(rows, 'jsonl').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
    expect(exportHead('jsonl')).toBe('');
  });

  it('has the names of the members first as CSV', () => {
    expect(exportHead('csv')).toMatch(/^id,executionArn,rule,host,repository,ref,commit,pullRequest,.*\n$/);
    const { length } = exportHead('csv').split(',');
    expect(exportText([row()], 'csv').split(',')).toHaveLength(length);
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'say "no"', '"say ""no"""'],
    ['a line end', 'a\nb', '"a\nb"'],
  ])('keeps a value with %s in one cell', (_, message, expected) => {
    expect(cell('message', { message })).toBe(expected);
  });

  it.each(['=1+1', '+1', '-1', '@a', '\ta'])('hands no formula to a spreadsheet: %j', (ref) => {
    expect(cell('ref', { ref })).toBe(`'${ref}`);
  });

  it('has a number and a yes or no as they are, and nothing for one that is missing', () => {
    expect(cell('verified', { verified: false })).toBe('false');
    expect(cell('pullRequest', { pullRequest: 7 })).toBe('7');
    expect(cell('pullRequest', {})).toBe('');
  });
});
