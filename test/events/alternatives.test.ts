import { describe, expect, it } from 'vitest';
import { isMatch } from '../../events/event-pattern.ts';
import { ruleSchema } from '../../events/rule.ts';

const problems = (match: object) =>
  ruleSchema
    .safeParse({ description: 'one', match })
    .error?.issues.map(({ path, message }) => [path.join('.'), message]);

describe('the alternatives of a match', () => {
  it('ask for the same element of a list as the members beside them, as EventBridge does', () => {
    const match = { commits: { a: [1] }, $or: [{ commits: { b: [2] } }, { x: [3] }] };
    expect(problems(match)).toBeUndefined();
    expect(isMatch(match, { commits: [{ a: 1 }, { b: 2 }] })).toBe(false);
    expect(isMatch(match, { commits: [{ a: 1 }, { a: 1, b: 2 }] })).toBe(true);
    expect(isMatch(match, { commits: [{ a: 1 }], x: 3 })).toBe(true);
  });

  const beside = (name: string) =>
    `${name} stands in an alternative of $or and beside it, and EventBridge takes one of the two: write it in each alternative`;
  const reserved = (name: string) => `EventBridge takes no member ${name} in an alternative of $or`;

  it.each<[string, object, string, string]>([
    [
      'beside them',
      { payload: { ref: ['a'], $or: [{ ref: ['b'] }, { b: [1] }] } },
      'payload.ref',
      beside('ref'),
    ],
    [
      'around them',
      { payload: { ref: ['a'] }, $or: [{ payload: { ref: ['b'] } }, { event: ['c'] }] },
      'payload.ref',
      beside('ref'),
    ],
    [
      'in two of one combination',
      { $or: [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { c: [1] }] },
      '$or.0.a',
      beside('a'),
    ],
    [
      'as a list and as members',
      { payload: ['x'], $or: [{ payload: { b: [1] } }, { c: [1] }] },
      'payload',
      beside('payload'),
    ],
  ])('are refused for a member %s', (_title, match, path, message) => {
    expect(problems(match)).toEqual([[`match.${path}`, message]]);
  });

  it('are refused for a member that is called as an operator, at whatever depth', () => {
    expect(problems({ $or: [{ prefix: ['x'] }, { b: [1] }] })).toEqual([
      ['match.$or.0.prefix', reserved('prefix')],
    ]);
    expect(problems({ $or: [{ b: [1] }, { payload: { exists: ['x'] } }] })).toEqual([
      ['match.$or.1.payload.exists', reserved('exists')],
    ]);
    expect(problems({ prefix: ['x'], $or: [{ a: [1] }, { b: [1] }] })).toBeUndefined();
  });

  it('make a thousand combinations at most', () => {
    const ten = (name: string) => Array.from({ length: 10 }, (_, at) => ({ [name]: [at] }));
    const match = { $or: ten('a'), b: { $or: ten('c') }, d: { $or: ten('e') } };
    expect(problems(match)).toBeUndefined();
    expect(problems({ ...match, $or: [...ten('a'), { a: [10] }] })).toEqual([
      [
        'match.d',
        'the alternatives make more than 1000 combinations, which is all that EventBridge takes: split the rule in two files',
      ],
    ]);
  });
});
