import { describe, expect, it } from 'vitest';
import type { PlacedCommit } from '../../../functions/shared/order.ts';
import {
  isBeforeGone,
  newestOf,
  repeated,
  type Start,
  type Started,
  startOfFolder,
  withoutOlder,
  withoutStart,
  withStart,
} from '../../../functions/shared/started.ts';
import { pulledState } from '../../support/functions/steps.ts';

/** A commit of the ref, the `number`th that was looked up. */
const place = (number: number): PlacedCommit => ({
  commit: String(number).repeat(40),
  token: number,
  counter: 'one',
  atTip: number,
  tip: String(number).repeat(40),
  before: '',
  pushedAt: 0,
  time: `2026-01-01T00:00:0${number}Z`,
  key: '',
});
const start = (number: number, executionId: string, more: Partial<Start> = {}): Start => ({
  rule: 'default',
  commit: String(number).repeat(40),
  executionArn: `arn:${number}`,
  executionId,
  replayName: '',
  token: number,
  time: '',
  content: '',
  ...more,
});
const { rule } = pulledState('refs/heads/main', {});
const telling = (replayName = '') => ({ rule: { ...rule, name: 'default' }, replayName });
const [ONE, TWO, THREE] = [place(1), place(2), place(3)] as const;
const ids = (record: Started | undefined) => record?.starts.map(({ executionId }) => executionId);

describe('a start on record', () => {
  it('is the newest commit of the pipeline, with those before it', () => {
    const record = withStart(withStart(undefined, ONE, start(1, 'first')), TWO, start(2, 'second'));
    expect(record.commit).toBe(TWO.commit);
    expect(ids(record)).toEqual(['first', 'second']);
    expect(record.replaced).toBeUndefined();
  });

  it('of an older commit leaves the newest one where it is', () => {
    const newer = withStart(undefined, TWO, start(2, 'second'));
    const record = withStart(newer, ONE, start(1, 'first'));
    expect(record.commit).toBe(TWO.commit);
    expect(ids(record)).toEqual(['second', 'first']);
  });

  it('takes the place of itself once it is certain', () => {
    const before = withStart(undefined, ONE, start(1, ''));
    expect(ids(withStart(undefined, ONE, start(1, 'first')))).toEqual(['first']);
    expect(ids(withStart(before, ONE, start(1, 'first')))).toEqual(['first']);
  });

  it('that stands for another commit too is kept for both', () => {
    const first = start(1, 'first');
    const record = withStart(withStart(undefined, ONE, first), TWO, { ...first, commit: TWO.commit });
    expect(record.starts.map(({ commit }) => commit)).toEqual([ONE.commit, TWO.commit]);
  });

  it('of another rule or execution stands beside it', () => {
    const one = withStart(undefined, ONE, start(1, 'first'));
    expect(ids(withStart(one, ONE, start(1, 'other', { rule: 'other' })))).toEqual(['first', 'other']);
    expect(ids(withStart(one, ONE, start(1, 'again', { executionArn: 'arn:b' })))).toEqual([
      'first',
      'again',
    ]);
  });

  it('is one of the last twenty', () => {
    let record: Started | undefined;
    for (let number = 0; number < 25; number += 1)
      record = withStart(record, ONE, start(1, `id-${number}`, { executionArn: `arn:${number}` }));
    expect(ids(record)).toEqual(Array.from({ length: 20 }, (_, index) => `id-${index + 5}`));
  });
});

it('the variables of an uncertain start are kept in the record of its own commit, and in none of a newer one', () => {
  const variables = [{ name: 'REF', value: 'v' }];
  const record = withStart(withStart(undefined, ONE, start(1, '', { variables })), TWO, start(2, ''));
  expect(record.starts.map((each) => each.variables)).toEqual([undefined, undefined]);
  expect(record.replaced?.starts).toMatchObject([{ variables }]);
});

describe('a start that CodePipeline refused', () => {
  const first = withStart(undefined, ONE, start(1, 'first'));

  it('brings back what stood there before (I10)', () => {
    const asked = withStart(first, TWO, start(2, ''));
    expect(asked.commit).toBe(TWO.commit);
    expect(withoutStart(asked, start(2, ''))).toEqual(first);
  });

  it('brings back the starts that were made meanwhile too (I10)', () => {
    const asked = withStart(first, THREE, start(3, ''));
    const meanwhile = withStart(asked, TWO, start(2, 'second'));
    const back = withoutStart(meanwhile, start(3, ''));
    expect(back?.commit).toBe(TWO.commit);
    expect(ids(back)).toEqual(['first', 'second']);
  });

  it('leaves nothing of what was the first, and of nothing', () => {
    expect(withoutStart(withStart(undefined, ONE, start(1, '')), start(1, ''))).toBeUndefined();
    expect(withoutStart(undefined, start(1, ''))).toBeUndefined();
  });

  it('leaves the commit where another start of it stands', () => {
    const both = withStart(first, ONE, start(1, '', { executionArn: 'arn:b' }));
    const back = withoutStart(both, start(1, '', { executionArn: 'arn:b' }));
    expect(back?.commit).toBe(ONE.commit);
    expect(ids(back)).toEqual(['first']);
  });

  it('leaves the commit where starts of several commits stand beside it', () => {
    const asked = withStart(
      withStart(first, TWO, start(2, 'second')),
      TWO,
      start(2, '', { executionArn: 'arn:b' }),
    );
    const back = withoutStart(asked, start(2, '', { executionArn: 'arn:b' }));
    expect(back?.commit).toBe(TWO.commit);
    expect(ids(back)).toEqual(['first', 'second']);
  });

  it('of an older commit leaves the newest one', () => {
    const asked = withStart(withStart(undefined, TWO, start(2, 'second')), ONE, start(1, ''));
    const back = withoutStart(asked, start(1, ''));
    expect(back?.commit).toBe(TWO.commit);
    expect(ids(back)).toEqual(['second']);
  });

  it('may be the tenth in a row, and no record holds more', () => {
    let record: Started | undefined = first;
    for (let number = 2; number < 40; number += 1)
      record = withStart(record, place(number), start(number, ''));
    let depth = 0;
    for (let held = record; held?.replaced; held = held.replaced) depth += 1;
    expect(depth).toBe(10);
  });
});

describe('an older commit', () => {
  it('beside a newest one whose start is certain needs no record that could come back', () => {
    const certain = withStart(withStart(undefined, ONE, start(1, 'first')), TWO, start(2, 'second'));
    const late = withStart(certain, ONE, start(1, 'late', { executionArn: 'arn:late' }));
    expect(ids(late)).toEqual(['first', 'second', 'late']);
    expect(late.replaced).toBeUndefined();
    expect(late.commit).toBe(TWO.commit);
  });
});

describe('the newest commit', () => {
  it('forgets its starts when the ref has come back to it', () => {
    const record = withStart(withStart(undefined, ONE, start(1, 'first')), TWO, start(2, 'second'));
    expect(ids(newestOf(record, { ...ONE, token: 3 }))).toEqual(['second']);
  });

  it('keeps its starts when it is told of again, and learns its place', () => {
    const record = newestOf(withStart(undefined, ONE, start(1, 'first')), { ...ONE, token: 4, before: 'b' });
    expect(ids(record)).toEqual(['first']);
    expect(record).toMatchObject({ token: 4, before: 'b' });
  });
});

describe('a start that would be repeated', () => {
  const record = (...starts: Start[]): Started => ({ ...ONE, starts });

  it('is the last certain one of the rule on the commit', () => {
    const all = record(
      start(1, 'first'),
      start(1, 'last'),
      start(1, ''),
      start(1, 'other', { rule: 'other' }),
      start(2, 'other'),
    );
    expect(repeated(all, telling(), ONE.commit)?.executionId).toBe('last');
  });

  it('is an uncertain one where none is certain, and nothing where none is', () => {
    expect(repeated(record(start(1, '', { token: 7 })), telling(), ONE.commit)?.token).toBe(7);
    expect(repeated(record(start(2, 'x')), telling(), ONE.commit)).toBeUndefined();
    expect(repeated(undefined, telling(), ONE.commit)).toBeUndefined();
  });

  it('of a replay is one of its own name (I3)', () => {
    const all = record(start(1, 'push'), start(1, 'replay', { replayName: 'again' }), start(1, 'last'));
    expect(repeated(all, telling('again'), ONE.commit)?.executionId).toBe('replay');
    expect(repeated(all, telling('new'), ONE.commit)).toBeUndefined();
    expect(repeated(all, telling(), ONE.commit)?.executionId).toBe('last');
  });
});

describe('the start of a folder', () => {
  const record = (...starts: Start[]): Started => ({ ...ONE, starts });
  const of = (content: string, executionId = 'id', more: Partial<Start> = {}) =>
    start(1, executionId, { content, ...more });

  it('is the last of the rule, of the same content and certain', () => {
    expect(startOfFolder(record(of('a')), telling(), 'a')?.executionId).toBe('id');
    expect(startOfFolder(record(of('a'), of('z', 'x', { rule: 'other' })), telling(), 'a')).toBeDefined();
    expect(startOfFolder(record(of('a'), of('b')), telling(), 'a')).toBeUndefined();
    expect(startOfFolder(record(of('a', '')), telling(), 'a')).toBeUndefined();
    expect(startOfFolder(undefined, telling(), 'a')).toBeUndefined();
  });

  it('is none of a replay (I3), nor of a rule that takes no folder', () => {
    expect(startOfFolder(record(of('a')), telling('again'), 'a')).toBeUndefined();
    expect(startOfFolder(record(of('')), telling(), '')).toBeUndefined();
  });
});

describe('a start of before a deletion', () => {
  it('has a token of before it, and is none where the ref was never gone', () => {
    const of = (token: number, gone: number) =>
      isBeforeGone(start(1, 'id', { token, counter: 'one' }), gone, 'one');
    expect([of(1, 2), of(3, 2), of(1, 0)]).toEqual([true, false, false]);
  });

  it('is one by other options of the pull, whose tokens say nothing', () => {
    const other = start(1, 'id', { token: 9, counter: 'other' });
    expect([isBeforeGone(other, 2, 'one'), isBeforeGone(other, 0, 'one')]).toEqual([true, false]);
  });

  it('goes by the token where another release has not recorded whose that is', () => {
    expect([1, 3].map((token) => isBeforeGone(start(1, 'id', { token }), 2, 'one'))).toEqual([true, false]);
  });
});

describe('what is kept of a pipeline that was deleted', () => {
  it('is the newest commit with its starts, and the last start of each rule', () => {
    const variables = [{ name: 'REF', value: 'v' }];
    const starts = [
      start(1, 'gone'),
      start(1, 'of another', { rule: 'other' }),
      start(2, 'newest'),
      start(2, '', { variables }),
      start(1, 'late'),
    ];
    const kept = withoutOlder({ ...TWO, starts, replaced: { ...ONE, starts: [] } });
    expect(ids(kept)).toEqual(['of another', 'newest', '', 'late']);
    expect(kept).toEqual({ ...TWO, starts: kept.starts });
    expect(kept.starts.every((each) => each.variables === undefined)).toBe(true);
  });
});
