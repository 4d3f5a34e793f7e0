import { describe, expect, it } from 'vitest';
import { lookedAt } from '../../../operate/replays/asked-patterns.ts';

const same = (pattern: object, one: object, other: object): boolean =>
  JSON.stringify(lookedAt(one, pattern)) === JSON.stringify(lookedAt(other, pattern));

describe('two events are one question to EventBridge', () => {
  const pattern = { event: ['push'], payload: { ref: [{ prefix: 'refs/' }], repository: { name: ['a'] } } };
  const event = {
    event: 'push',
    payload: { ref: 'refs/heads/a', repository: { name: 'a', id: 1 }, after: '1' },
  };

  it('where they differ in what the pattern does not look at', () => {
    const other = { ...event, payload: { ...event.payload, after: '2', repository: { name: 'a', id: 2 } } };
    expect(same(pattern, event, other)).toBe(true);
  });

  it.each([
    ['a value', { ref: 'refs/heads/b' }],
    ['a missing member', { ref: undefined }],
    ['null for a missing one', { ref: null }],
    ['a list for a value', { ref: ['refs/heads/a'] }],
    ['a member below', { repository: { name: 'b' } }],
    ['a value for an object', { repository: 'a' }],
  ])('but not where they differ in %s that it looks at', (_, payload) => {
    const other = JSON.parse(JSON.stringify({ ...event, payload: { ...event.payload, ...payload } }));
    expect(same(pattern, event, other)).toBe(false);
  });

  it('by each alternative, and by the members of each item of a list', () => {
    const either = { $or: [{ a: [1] }, { b: { c: [2] } }] };
    expect(same(either, { a: 1, d: 1 }, { a: 1, d: 2 })).toBe(true);
    expect(same(either, { b: [{ c: 1 }] }, { b: [{ c: 2 }] })).toBe(false);
    expect(same(either, { b: [{ c: 1, d: 1 }] }, { b: [{ c: 1, d: 2 }] })).toBe(true);
  });

  it('but not where one has a member that is missing in the other', () => {
    expect(same({ a: [{ exists: false }] }, {}, { a: null })).toBe(false);
  });
});
