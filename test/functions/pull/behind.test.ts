import { describe, expect, it } from 'vitest';
import { hasMovedOn, isBehind } from '../../../functions/pull/behind.ts';

const asked = { values: [], giveWay: 'rule' };
const tip = { id: 'tag', commit: 'new' };

describe('a delivery of a rule that takes the newest', () => {
  it.each([
    [{ rule: 'new' }, 'old', true],
    [{ other: 'new' }, 'old', false],
    [{}, 'old', false],
    // its own claim is the newest
    [{ rule: 'old' }, 'old', false],
    // the ref is where the delivery says
    [{ rule: 'newer' }, 'new', false],
    [{ rule: 'newer' }, 'tag', false],
    [{ rule: 'new' }, undefined, false],
  ])('is behind by the claims %j of %s: %j', (claimed, delivered, expected) => {
    expect(isBehind({ asked, delivered }, claimed, tip)).toBe(expected);
  });

  it('is not behind where the ref is gone, or no rule gives way', () => {
    expect(isBehind({ asked, delivered: 'old' }, { rule: 'new' }, undefined)).toBe(false);
    expect(isBehind({ asked: { values: [] }, delivered: 'old' }, { '': 'new', rule: 'new' }, tip)).toBe(
      false,
    );
  });

  it('may be about to be behind as soon as the ref has moved on', () => {
    const moved = (delivered: string | undefined, at = asked as typeof asked | { values: [] }) =>
      hasMovedOn({ asked: at, delivered }, tip);
    expect([
      moved('old'),
      moved('new'),
      moved('tag'),
      moved(undefined),
      moved('old', { values: [] }),
    ]).toEqual([true, false, false, false, false]);
    expect(hasMovedOn({ asked, delivered: 'old' }, undefined)).toBe(false);
  });
});
