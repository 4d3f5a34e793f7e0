import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/docs/commands.ts';

const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
const arrows = page
  .split(/^### /m)
  .slice(1)
  .map((part) => part.split(/^## /m)[0] ?? '');
/** The rows of a table, each as its cells. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | ')).slice(2);
const testsOf = (text: string): string[] =>
  [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);

describe('SECURITY.md', () => {
  it('goes along every arrow of its picture, in order', () => {
    const picture = [...page.matchAll(/─(\d)─▶/g)].map(([, number]) => Number(number));
    expect(arrows.map((arrow) => Number.parseInt(arrow, 10))).toEqual(picture.toSorted());
  });

  it.each(arrows.map((arrow) => [arrow.split('\n')[0], arrow] as const))(
    'names a test of every threat of %s',
    (_, arrow) => {
      const rows = rowsOf(arrow);
      expect(rows.length).toBeGreaterThan(1);
      for (const [threat, stopped, tests = ''] of rows)
        expect([threat, stopped, testsOf(tests)]).toEqual([
          expect.stringMatching(/\w/),
          expect.stringMatching(/\w/),
          [expect.any(String), ...testsOf(tests).slice(1)],
        ]);
    },
  );

  it('names tests that are there', () => {
    const tests = testsOf(page);
    expect(tests.length).toBeGreaterThan(20);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
