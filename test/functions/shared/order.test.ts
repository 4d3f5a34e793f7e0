import { describe, expect, it } from 'vitest';
import {
  isOlder,
  mergedPlace,
  type PlacedCommit,
  placedCommitOf,
  placedCommitSchema,
} from '../../../functions/shared/order.ts';
import { openedRequest, pulledState } from '../../support/functions/steps.ts';

const told = (commit: string, more: Partial<PlacedCommit> = {}): PlacedCommit => ({
  commit,
  token: 1,
  counter: 'one',
  atTip: 0,
  tip: 'elsewhere',
  before: '',
  pushedAt: 0,
  time: '',
  key: '',
  ...more,
});

/** What says that `a` is older than `b`, though each that comes later says the opposite. */
const REASONS: readonly [string, Partial<PlacedCommit>, Partial<PlacedCommit>][] = [
  [
    'the host had b when it was asked after a',
    { token: 1, pushedAt: 9 },
    { token: 2, atTip: 2, pushedAt: 8 },
  ],
  ['the look-up of a found b', { token: 2, tip: 'b' }, { token: 1 }],
  ['the push of b replaced a', { token: 2, pushedAt: 9 }, { token: 1, before: 'a', pushedAt: 8 }],
  [
    'the ref came back to b more than a minute after the push that replaced b by a',
    { token: 2, before: 'b', pushedAt: 1 },
    { token: 1, pushedAt: 62 },
  ],
  ['the host pushed a first', { token: 2, pushedAt: 8 }, { token: 1, pushedAt: 9 }],
  ['the event of a came first', { token: 2, time: '2026-01-01T00:00:00Z' }, { time: '2026-01-01T00:00:01Z' }],
  [
    'a was pushed before the event of b, which tells no time of a push',
    { token: 2, pushedAt: Date.parse('2026-01-01T00:00:00Z') / 1000, time: '2026-01-09T00:00:00Z' },
    { time: '2026-01-01T00:00:01Z' },
  ],
  ['a was looked up first', { token: 1 }, { token: 2 }],
];

describe('of two commits', () => {
  it.each(REASONS)('a is older when %s', (_reason, a, b) => {
    expect(isOlder(told('a', a), told('b', b))).toBe(true);
    expect(isOlder(told('b', b), told('a', a))).toBe(false);
  });

  it('neither is older by tokens of different counters', () => {
    const [a, b] = [told('a', { atTip: 1 }), told('b', { token: 9, atTip: 9, counter: 'other' })];
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([false, false]);
  });

  it('which replaced each other, the later push decides', () => {
    const [a, b] = [told('a', { before: 'b', pushedAt: 3 }), told('b', { before: 'a', pushedAt: 2 })];
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([false, true]);
  });
});

it('a commit that is told of twice keeps what either telling knows', () => {
  const first = told('a', { token: 2, atTip: 2, tip: 'a', before: 'x', pushedAt: 5 });
  const second = told('a', { token: 3, tip: 'b' });
  expect(mergedPlace(second, first)).toEqual(mergedPlace(first, second));
  expect(mergedPlace(first, second)).toMatchObject({
    token: 3,
    atTip: 2,
    tip: 'b',
    before: 'x',
    pushedAt: 5,
  });
  expect(isOlder(first, second)).toBe(false);
});

it('a commit that is told of twice has what the later telling knows of its push', () => {
  const first = told('a', { token: 9, before: 'x', pushedAt: 5, time: '2026-01-02T00:00:00Z' });
  const again = told('a', { token: 1, before: 'y', pushedAt: 7, time: '2026-01-01T00:00:00Z' });
  const known = { before: 'y', pushedAt: 7, time: '2026-01-01T00:00:00Z', token: 9 };
  expect(mergedPlace(first, again)).toMatchObject(known);
  expect(mergedPlace(again, first)).toMatchObject(known);
});

it('a commit that is told of twice without a time of its host goes by the events', () => {
  const first = told('a', { token: 9, before: 'x', time: '2026-01-01T00:00:00Z' });
  const again = told('a', { token: 1, before: 'y', time: '2026-01-02T00:00:00Z' });
  expect(mergedPlace(first, again)).toMatchObject({ before: 'y', time: '2026-01-02T00:00:00Z' });
  expect(mergedPlace(again, first)).toMatchObject({ before: 'y', time: '2026-01-02T00:00:00Z' });
});

it('a commit that is told of twice at one time goes by the tokens', () => {
  const [first, again] = [told('a', { before: 'x' }), told('a', { token: 2, before: 'y' })];
  expect(mergedPlace(first, again)).toMatchObject({ before: 'y' });
  expect(mergedPlace(again, first)).toMatchObject({ before: 'y' });
});

it('a ref that came back within a minute goes by what its pushes replaced', () => {
  const [back, before] = [told('a', { before: 'b', pushedAt: 1 }), told('b', { pushedAt: 61 })];
  expect(isOlder(back, before)).toBe(false);
  expect(isOlder(before, back)).toBe(true);
});

it('a place that another counter looked up keeps the tokens of that counter alone', () => {
  const one = told('a', { counter: 'one', token: 9, atTip: 9 });
  const other = told('a', { counter: 'other', token: 2, atTip: 1 });
  expect(mergedPlace(one, other)).toMatchObject({ counter: 'other', token: 2, atTip: 1 });
});

it('a commit on record of which an earlier release knew less has a place of which no more is known', () => {
  expect(placedCommitSchema.parse({ commit: 'a', token: 1 })).toEqual({
    ...{ commit: 'a', token: 1, counter: '', atTip: 0, tip: '', before: '', pushedAt: 0, time: '', key: '' },
  });
});

it('a commit that is told of twice has the artifact of the later look-up, or the one that is known', () => {
  const [first, again] = [told('a', { key: 'one' }), told('a', { token: 2, key: 'two' })];
  expect([mergedPlace(first, again).key, mergedPlace(again, first).key]).toEqual(['two', 'two']);
  const unknown = { ...again, key: '' };
  expect([mergedPlace(first, unknown).key, mergedPlace(unknown, first).key]).toEqual(['one', 'one']);
});

it('a delivery’s commit has the artifact that was pulled, and of a request the host’s own time', () => {
  const state = pulledState('refs/heads/topic', { commit: 'a', key: 'commits/a.zip', token: 4 });
  expect(placedCommitOf(state)).toMatchObject({ commit: 'a', key: 'commits/a.zip', time: state.time });
  const pullRequest = { ...openedRequest('a'), updatedAt: '2026-01-01T09:00:00Z' };
  const told = { ...state, delivery: { ...state.delivery, pullRequest } };
  expect(placedCommitOf(told).time).toBe('2026-01-01T09:00:00Z');
});
