import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../local/core/event-pattern/compile.ts';

const matches = (pattern: object, event: unknown) => compilePattern(JSON.stringify(pattern))(event);

describe('the alternatives of a pattern', () => {
  it('ask for the same element of a list as the members beside them', () => {
    const pattern = { commits: { a: [1] }, $or: [{ commits: { b: [2] } }, { x: [3] }] };
    expect(matches(pattern, { commits: [{ a: 1 }, { b: 2 }] })).toBe(false);
    expect(matches(pattern, { commits: [{ a: 1 }, { a: 1, b: 2 }] })).toBe(true);
    expect(matches(pattern, { commits: [{ a: 1 }], x: 3 })).toBe(true);
  });

  it('are each taken with each of those beside them and within them', () => {
    const pattern = {
      $or: [{ a: [1] }, { b: [1], c: { $or: [{ d: [1] }, { e: [1] }] } }],
      f: { $or: [{ g: [1] }, { h: [1] }] },
    };
    expect(matches(pattern, { a: 1, f: { h: 1 } })).toBe(true);
    expect(matches(pattern, { b: 1, c: { e: 1 }, f: { g: 1 } })).toBe(true);
    expect(matches(pattern, { b: 1, f: { g: 1 } })).toBe(false);
    expect(matches(pattern, { a: 1, b: 1, c: { d: 1 } })).toBe(false);
  });

  const ten = (name: string) => Array.from({ length: 10 }, (_, at) => ({ [name]: [at] }));
  const thousand = { $or: ten('a'), b: { $or: ten('c') }, d: { $or: ten('e') } };

  it('make a thousand combinations at most', () => {
    expect(matches(thousand, { a: 9, b: { c: 9 }, d: { e: 9 } })).toBe(true);
    expect(() => matches({ ...thousand, $or: [...ten('a'), { a: [10] }] }, {})).toThrow(
      'The pattern has over 1000 rule combinations',
    );
  });

  const twice = (path: string) => `Path \`${path}\` cannot be allowed multiple times`;

  it.each<[string, object, string]>([
    ['a path that stands beside them', { r: { a: [1], $or: [{ a: [2] }, { b: [1] }] } }, twice('r.a')],
    ['a path in two of one combination', { $or: [{ a: [1] }, { b: [1] }], c: [1], 'c.d': [1] }, twice('c')],
    [
      'a path inside of another',
      { $or: [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { c: [1] }] },
      twice('a'),
    ],
    ['a path that stands twice with dots', { 'a.b': [1], a: { b: [2] } }, twice('a.b')],
    [
      'an operator for a name',
      { $or: [{ prefix: ['x'] }, { b: [1] }] },
      'prefix is Ruler reserved fieldName',
    ],
    ['one below a name', { $or: [{ a: { '>=': [1] } }, { b: [1] }] }, '>= is Ruler reserved fieldName'],
    ['nothing', { a: [1], $or: [{}, { b: [1] }] }, 'Empty objects are not allowed'],
    ['no object', { $or: [[1], { b: [1] }] }, '$or must be an array of objects'],
    ['one alone', { $or: [{ b: [1] }] }, 'There must have at least 2 Objects in $or relationship'],
  ])('are refused for %s', (_title, pattern, reason) => {
    expect(() => matches(pattern, {})).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('let a member have the name of an operator where there is no choice', () => {
    expect(matches({ prefix: ['x'], $or: [{ a: [1] }, { b: [1] }] }, { prefix: 'x', b: 1 })).toBe(true);
  });
});
