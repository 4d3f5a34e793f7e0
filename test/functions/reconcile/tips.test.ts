import { describe, expect, it } from 'vitest';
import { type Look, nextLook, settle } from '../../../functions/reconcile/tips.ts';

const at = (refs: Record<string, string>) =>
  new Map(Object.entries(refs).map(([ref, id]) => [ref, { id, commit: id }]));
const published = (refs: Record<string, string>) =>
  new Map(Object.entries(refs).map(([ref, commit]) => [ref, new Map([['hash', commit]])]));
const before = (settled: Record<string, string>, waiting: Look['waiting'] = {}): Look => ({
  settled,
  waiting,
});

describe('the first look', () => {
  it('takes what was there before as it is, and compares what has a pointer', () => {
    const tips = at({ old: 'a', main: 'b', done: 'c' });
    expect(
      nextLook(undefined, tips, published({ main: 'a', done: 'c', gone: 'd', retired: '' }), 'T1'),
    ).toEqual({
      settled: { old: 'a', done: 'c' },
      waiting: { main: { id: 'b', since: 'T1' }, gone: { id: '', since: 'T1' } },
      others: { main: ['a'], gone: ['d'] },
    });
  });
});

describe('a later look', () => {
  it('has what is new or changed wait, and keeps since when', () => {
    const waiting = { main: { id: 'b', since: 'T1' }, other: { id: 'x', since: 'T1' } };
    const look = nextLook(
      before({ old: 'a' }, waiting),
      at({ old: 'a', main: 'b', other: 'y', v1: 'z' }),
      new Map(),
      'T2',
    );
    expect(look).toEqual({
      settled: { old: 'a' },
      waiting: {
        main: { id: 'b', since: 'T1' },
        other: { id: 'y', since: 'T2' },
        v1: { id: 'z', since: 'T2' },
      },
      others: {},
    });
  });

  it('gives up waiting when its own delivery has done it', () => {
    const waiting = { main: { id: 'b', since: 'T1' }, gone: { id: '', since: 'T1' } };
    const look = nextLook(before({}, waiting), at({ main: 'b' }), published({ main: 'b', gone: '' }), 'T2');
    expect(look).toEqual({ settled: { main: 'b' }, waiting: {}, others: {} });
  });

  it('waits for no more than one of the pointers of a ref that rules of several options have', () => {
    const both = new Map([
      [
        'main',
        new Map([
          ['one', 'b'],
          ['two', 'a'],
        ]),
      ],
    ]);
    expect(nextLook(before({ main: 'a' }), at({ main: 'b' }), both, 'T2').waiting).toEqual({
      main: { id: 'b', since: 'T2', before: 'a' },
    });
  });

  it('tells of nothing twice: what was told of is settled, also a deletion', () => {
    const waiting = { main: { id: 'b', since: 'T1' }, gone: { id: '', since: 'T1' } };
    const told = settle(before({ old: 'a' }, waiting), ['main', 'gone']);
    expect(told).toEqual({ settled: { old: 'a', main: 'b', gone: '' }, waiting: {} });
    const look = nextLook(told, at({ old: 'a', main: 'b' }), published({ main: 'a', gone: 'a' }), 'T2');
    expect(look.waiting).toEqual({});
  });

  it('a ref that was told of and goes back to what it was is told of again', () => {
    const told = before({ main: 'b' });
    expect(nextLook(told, at({ main: 'a' }), published({ main: 'c' }), 'T2').waiting).toEqual({
      main: { id: 'a', since: 'T2', before: 'b' },
    });
  });

  it('a ref whose pointer has moved on and that is back is told of, also one that is there again', () => {
    const look = nextLook(
      undefined,
      at({ main: 'a', topic: 'a' }),
      published({ main: 'a', topic: 'a' }),
      'T1',
    );
    const after = nextLook(look, at({ main: 'a', topic: 'a' }), published({ main: 'b', topic: '' }), 'T2');
    expect(after.waiting).toEqual({
      main: { id: 'a', since: 'T2', before: 'a' },
      topic: { id: 'a', since: 'T2' },
    });
    // It stays settled while its pointers are as they were when it was told of.
    const told = settle(after, ['main', 'topic']);
    const same = published({ main: 'b', topic: '' });
    expect(nextLook(told, at({ main: 'a', topic: 'a' }), same, 'T3').waiting).toEqual({});
    expect(nextLook(told, at({ main: 'a' }), published({ main: 'c' }), 'T3').waiting).toHaveProperty('main');
  });

  it('a ref that is gone, was there again and is gone once more is told of', () => {
    const told = settle(nextLook(undefined, at({}), published({ main: 'a' }), 'T1'), ['main']);
    expect(nextLook(told, at({}), published({ main: 'a' }), 'T2').waiting).toEqual({});
    expect(nextLook(told, at({}), published({ main: 'b' }), 'T2').waiting).toEqual({
      main: { id: '', since: 'T2' },
    });
  });

  it('takes a look of an earlier release, which kept no pointers, as it is', () => {
    const { waiting } = nextLook(before({ main: 'a' }), at({ main: 'a' }), published({ main: 'b' }), 'T2');
    expect(waiting).toEqual({});
  });

  it('keeps what was there before through all that it waits for', () => {
    const look = nextLook(before({ main: 'a' }), at({ main: 'b' }), new Map(), 'T1');
    expect(nextLook(look, at({ main: 'c' }), new Map(), 'T2').waiting).toEqual({
      main: { id: 'c', since: 'T2', before: 'a' },
    });
  });

  it('knows a ref that is named as what every object has', () => {
    expect(nextLook(before({}), at({ constructor: 'a' }), new Map(), 'T2').waiting).toEqual({
      constructor: { id: 'a', since: 'T2' },
    });
  });
});
