import { describe, expect, it } from 'vitest';
import { contextOf, contextTemplate } from '../../events/status-context.ts';

describe('the context of a commit status in a rule', () => {
  it.each([
    ['ci', true],
    ['a'.repeat(100), true],
    ['a'.repeat(101), false],
    // What comes of placeholders is cut when it is known.
    [`${'a'.repeat(150)}{branch}`, true],
    ['a'.repeat(193).concat('{branch}'), false],
    ['ci ', false],
    [' ci', false],
    ['{branch}', false],
    ['ci {branch}', true],
    ['ci {nothing}', false],
    ['ü', false],
    ['', false],
  ])('%j is one: %j', (text, is) => {
    expect(contextTemplate.safeParse(text).success).toBe(is);
  });

  it.each(['ci ', 'a'.repeat(101)])('%j is refused in words', (text) => {
    expect(contextTemplate.safeParse(text).error?.issues).toMatchObject([
      { message: 'a context has 100 characters at most, and no space at its end' },
    ]);
  });
});

it.each([
  ['ci/{branch}', { branch: 'main' }, 'ci/main'],
  ['ci {branch}', { branch: '' }, 'ci'],
  ['ci {branch}', { branch: 'ü\nx' }, 'ci ? x'],
  ['ci {branch}', { branch: '🙂' }, 'ci ?'],
  ['c{branch}', { branch: 'a'.repeat(200) }, `c${'a'.repeat(99)}`],
  ['c{branch}', { branch: `${'a'.repeat(98)} b` }, `c${'a'.repeat(98)}`],
])('the context %s of %j is %j', (template, values, context) => {
  expect(contextOf(template, values)).toBe(context);
});
