import { describe, expect, it } from 'vitest';
import { passes } from '../../events/event-condition.ts';

describe('a wildcard', () => {
  it.each([
    ['a*b*c', 'abc', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'axc', false],
    ['a*b*c', 'ac', false],
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['*b', 'ab', true],
    ['*b', 'ba', false],
    ['ab', 'ab', true],
    ['ab', 'abc', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a\\\\', 'a\\', true],
  ])('%s of %s: %s', (wildcard, value, expected) => {
    expect(passes({ wildcard }, value)).toBe(expected);
  });
});

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', false],
    ['10.0.0.0/8', 'x', false],
    ['::/64', '::1', true],
    ['::/64', '1::', false],
    ['::/64', '10.0.0.1', false],
  ])('%s of %s: %s', (cidr, value, expected) => {
    expect(passes({ cidr }, value)).toBe(expected);
  });
});

it('a number is held against every comparison', () => {
  expect([4, 5, 6].map((value) => passes({ numeric: ['>=', 5] }, value))).toEqual([false, true, true]);
  expect([4, 5, 6].map((value) => passes({ numeric: ['<', 5] }, value))).toEqual([true, false, false]);
  const numeric = ['>', 0, '<=', 5];
  expect([0, 1, 5, 6, '1', null].map((value) => passes({ numeric }, value))).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('an operator that nobody knows is an error, as is what every object has', () => {
  expect(() => passes({ like: 'a' }, 'a')).toThrow('a pattern has no operator like (known: exists, prefix');
  expect(() => passes({ constructor: 'a' }, 'a')).toThrow('no operator constructor');
});
