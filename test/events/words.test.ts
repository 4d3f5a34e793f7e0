import { expect, it } from 'vitest';
import { routeSchema } from '../../events/decision.ts';
import { failureWords } from '../../events/failed-action.ts';
import { codeBlock } from '../../events/markdown.ts';

it.each([
  [{ stage: 'Build', action: 'Compile', message: 'it broke' }, 'stage Build, action Compile: it broke'],
  [{ stage: 'Build', action: 'Compile', message: '' }, 'stage Build, action Compile'],
  [{ stage: '', action: '', message: '' }, ''],
])('the failed action %j is told as %j', (failed, words) => {
  expect(failureWords(failed)).toBe(words);
});

it.each([
  ['# a\r\n<b>\rc\n\nd', '    # a\n    <b>\n    c\n    \n    d'],
  ['a', '    a'],
  ['', '    '],
])('Markdown shows %j as it is, however its lines end', (text, block) => {
  expect(codeBlock(text)).toBe(block);
});

it.each(['ping', 'ignored', 'pull', 'retire', 'close', 'approve'])(
  'an execution of another release may have taken the route %s',
  (route) => {
    expect(routeSchema.parse(route)).toBe(route);
  },
);
