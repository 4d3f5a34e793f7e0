import { expect, it } from 'vitest';
import { isGlob } from '../../events/glob.ts';

it.each([
  ['src/**', true],
  ['!src/**', true],
  ['[a-z]', true],
  ['', false],
  ['!', false],
  ['+x', false],
  ['?', false],
  ['[z-a]', false],
])('%j is a pattern: %j', (pattern, is) => {
  expect(isGlob(pattern)).toBe(is);
});
