import { expect, it } from 'vitest';
import { firstName, namesOfRule, RULE_NAME } from '../../events/rule-name.ts';

it.each([
  [{ name: 'acme' }, 'acme', ['acme']],
  [{ name: 'acme', was: [] }, 'acme', ['acme']],
  [{ name: 'acme', was: ['first', 'second'] }, 'first', ['acme', 'first', 'second']],
])('the rule %j is on record as %s, and has taken deliveries as %j', (rule, first, names) => {
  expect(firstName(rule)).toBe(first);
  expect(namesOfRule(rule)).toEqual(names);
});

it.each([
  ['acme', true],
  ['0-a', true],
  ['a'.repeat(40), true],
  ['a'.repeat(41), false],
  ['-a', false],
  ['Acme', false],
  ['a.b', false],
  ['a b', false],
  ['', false],
])('%j is the name of a rule: %j', (name, is) => {
  expect(RULE_NAME.test(name)).toBe(is);
});
