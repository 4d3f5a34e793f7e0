import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../../console/page/delivery/differences.ts';

describe('the differences of two payloads', () => {
  it('are the members that one has otherwise or not at all, by their paths', () => {
    const left = { ref: 'a', commits: [{ id: 1 }, { id: 2 }], sender: { login: 'x' }, only: null };
    const right = { ref: 'b', commits: [{ id: 1 }], sender: 'x' };
    expect(differences(left, right)).toEqual([
      { path: 'ref', left: '"a"', right: '"b"' },
      { path: 'commits[1]', left: '{"id":2}', right: undefined },
      { path: 'sender', left: '{"login":"x"}', right: '"x"' },
      { path: 'only', left: 'null', right: undefined },
    ]);
  });

  it('are none for the same value, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(differences(value, JSON.parse(JSON.stringify(value)))).toEqual([]);
      }),
    );
  });

  it('are none for a zero with a sign, which JSON writes as any other zero', () => {
    expect(differences({ size: -0 }, { size: 0 })).toEqual([]);
  });

  it('are some for two values that JSON writes differently', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (one, other) => {
        const [left, right] = [JSON.parse(one), JSON.parse(other)];
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        // The order of members is no difference.
        const sorted = (value: unknown): string => JSON.stringify(value, sortedMembers);
        expect(differences(left, right).length > 0).toBe(sorted(left) !== sorted(right));
      }),
    );
  });
});

const sortedMembers = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
