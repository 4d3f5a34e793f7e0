import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instrument } from '../support/mutants/rooms/instrument.ts';
import type { Coverage } from '../support/mutants/rooms/journal.ts';
import { isExcused, REASONS } from '../support/mutants/rooms/reasons.ts';
import { reportOf } from '../support/mutants/rooms/report.ts';
import { holds, type Status, score } from '../support/mutants/rooms/results.ts';
import type { RoomMutant } from '../support/mutants/rooms/room-mutant.ts';
import { runsFor } from '../support/mutants/rooms/runs.ts';
import { resultOf } from '../support/mutants/rooms/try-rooms.ts';
import { ROOT } from '../support/mutants/tree.ts';

const mutant: RoomMutant = {
  id: '1',
  key: 'k',
  file: 'functions/shared/lease.ts',
  line: 1,
  code: 'a',
  replacement: 'b',
};
const coverage = (file: string, more: Partial<Coverage>): Coverage => ({
  file,
  took: 10,
  outside: [],
  tests: [],
  ...more,
});

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'hookline-mutants-test-'));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

describe('the faults of a file', () => {
  it('have their place and code, and stand behind a switch', async () => {
    await writeFile(join(tree, 'sum.mjs'), 'export const sum = (a, b) =>\n  a + b;\n');
    const found = await instrument(tree, ['sum.mjs']);
    const minus = found.find(({ replacement }) => replacement === 'a - b');
    expect(minus).toMatchObject({ file: 'sum.mjs', line: 2, code: 'a + b' });
    const { sum } = await import(pathToFileURL(join(tree, 'sum.mjs')).href);
    expect(sum(3, 2)).toBe(5);
    globalThis.__stryker__ = Object.assign(globalThis.__stryker__ ?? {}, { activeMutant: minus?.id });
    expect(sum(3, 2)).toBe(1);
    globalThis.__stryker__.activeMutant = undefined;
  });

  it('are told apart where the same code stands twice', async () => {
    await writeFile(join(tree, 'twice.mjs'), 'export const of = (a) => [a + 1, a + 1];\n');
    const keys = (await instrument(tree, ['twice.mjs'])).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the tests for a fault', () => {
  it('are those that come to it, the nearest file first', () => {
    const hit = { tests: [{ name: 'finds', mutants: ['1'] }] };
    const files = runsFor(mutant, [
      coverage('test/events/far.test.ts', hit),
      coverage('test/functions/shared/lease.test.ts', { ...hit, took: 500 }),
      coverage('test/functions/other.test.ts', { tests: [{ name: 'other', mutants: ['2'] }] }),
    ]).map(({ file }) => file);
    expect(files).toEqual(['test/functions/shared/lease.test.ts', 'test/events/far.test.ts']);
  });

  it('are all of a file that comes to it when it is loaded', () => {
    const [run] = runsFor(mutant, [coverage('test/events/a.test.ts', { outside: ['1'], took: 9_000 })]);
    expect(run?.tests).toBeUndefined();
  });

  it('of a module’s own values are the nearest, though tests elsewhere start programs that load the module', () => {
    const starts = { tests: [{ name: 'starts a program', mutants: ['1'] }], took: 19_000 };
    const loads = coverage('test/functions/shared/lease.test.ts', { outside: ['1'], took: 2_000 });
    const files = runsFor(mutant, [coverage('test/events/a.test.ts', starts), loads]).map(({ file }) => file);
    expect(files).toEqual(['test/functions/shared/lease.test.ts']);
  });

  it('are all files that take long together, where tests alone come to it', () => {
    const slow = { tests: [{ name: 'one', mutants: ['1'] }], took: 19_000 };
    expect(
      runsFor(mutant, [coverage('test/events/a.test.ts', slow), coverage('test/events/b.test.ts', slow)]),
    ).toHaveLength(2);
  });

  it('are some of a file that takes long', () => {
    const tests = [
      { name: 'one', mutants: ['1'] },
      { name: 'two', mutants: ['2'] },
    ];
    const [run] = runsFor(mutant, [coverage('test/events/a.test.ts', { tests, took: 9_000 })]);
    expect(run?.tests).toEqual(['one']);
  });
});

describe('a fault', () => {
  const known = [coverage('test/functions/claim.test.ts', { tests: [{ name: 'one', mutants: ['1'] }] })];
  const tried = new Map([['1', undefined]]);
  const [all, some] = [false, true];

  it('has survived once the tests that there was time for have not found it', () => {
    expect(resultOf(mutant, known, tried, all)).toEqual({ mutant, status: 'survived', partly: false });
    const result = resultOf(mutant, known, tried, some);
    expect(result).toEqual({ mutant, status: 'survived', partly: true });
    const { text, good } = reportOf(['functions'], { results: [result], notRun: ['other'], failing: [] });
    expect(text).toContain('lease.ts:1 survived the nearest tests: a  ->  b\n');
    expect(text).toContain('1 survived (1 of them the nearest tests alone), ');
    // The others may find it.
    expect(good).toBe(true);
    const sure = { ...result, partly: false };
    expect(reportOf(['functions'], { results: [sure], notRun: [], failing: [] }).good).toBe(false);
  });

  it('is killed by the test that fails', () => {
    const by = 'test/functions/claim.test.ts > one';
    expect(resultOf(mutant, known, new Map([['1', by]]), some)).toEqual({ mutant, status: 'killed', by });
  });

  it('is left where it was not tried, or where a test that was not run may come to it', () => {
    expect(resultOf(mutant, known, new Map(), all)).toEqual({ mutant, status: 'left' });
    expect(resultOf(mutant, [], new Map(), some)).toEqual({ mutant, status: 'left' });
    expect(resultOf(mutant, [], new Map(), all)).toEqual({ mutant, status: 'uncovered' });
  });
});

describe('the floor', () => {
  const results = (counts: Partial<Record<Status, number>>) =>
    Object.entries(counts).flatMap(([status, count]) =>
      Array.from({ length: count }, () => ({ mutant, status: status as Status })),
    );

  it.each([
    ['85 of 100, the others come to by no test', { killed: 85, uncovered: 15 }, true],
    ['84 of 100, the others come to by no test', { killed: 84, uncovered: 16 }, false],
    ['90 of 100, the others survived', { killed: 90, survived: 10 }, true],
    ['89 of 100, the others survived', { killed: 89, survived: 11 }, false],
    ['all of those that are tried and not excused', { killed: 1, left: 9, excused: 9 }, true],
    ['86 of 100 tried, where chance may have it', { killed: 86, survived: 14, left: 900 }, true],
    ['85 of 100 tried, where that is hardly chance', { killed: 85, survived: 15, left: 900 }, false],
    ['85 of 100 tried, where few are left', { killed: 85, survived: 15, left: 1 }, false],
    [
      '86 of 100 tried, where tests come to 94 of 100 alone',
      { killed: 86, survived: 14, left: 840, uncovered: 60 },
      true,
    ],
    [
      '86 of 100 tried, where tests come to 92 of 100 alone',
      { killed: 86, survived: 14, left: 820, uncovered: 80 },
      false,
    ],
    ['nothing that is tried', { left: 9 }, true],
  ])('of %s', (_, counts, expected) => {
    expect(holds(score(results(counts)))).toBe(expected);
  });
});

describe('a report', () => {
  const below = { results: [{ mutant, status: 'survived' as const }], notRun: [], failing: [] };

  it('is good where no room is below the floor', () => {
    const found = { ...below, results: [{ mutant, status: 'killed' as const }] };
    expect(reportOf(['functions'], found)).toMatchObject({ good: true });
    expect(reportOf(['functions'], below)).toMatchObject({ good: false });
  });

  it('is not where a test fails without a fault', () => {
    const results = [{ mutant, status: 'killed' as const }];
    const failing = ['test/functions/a.test.ts > one'];
    expect(reportOf(['functions'], { ...below, results, failing }).good).toBe(false);
  });

  it('has the figures of each file', () => {
    const other = { ...mutant, file: 'functions/other.ts' };
    const results = [...below.results, { mutant: other, status: 'killed' as const }];
    expect(reportOf(['functions'], { ...below, results }).json).toMatchObject({
      files: { 'functions/shared/lease.ts': { survived: 1 }, 'functions/other.ts': { killed: 1 } },
    });
  });
});

describe('an excused fault', () => {
  it('is one of its file still, and has a reason', async () => {
    const files = [...new Set(REASONS.map(({ file }) => file))];
    for (const file of files) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await cp(join(ROOT, file), join(tree, file));
    }
    const mutants = await instrument(tree, files);
    const stale = REASONS.filter((reason) => !mutants.some((each) => isExcused(each, [reason])));
    expect(stale).toEqual([]);
    for (const { why } of REASONS) expect(why.length).toBeGreaterThan(20);
  });
});
