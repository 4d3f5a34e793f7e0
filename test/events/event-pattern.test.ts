import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMatch } from '../../events/event-pattern.ts';
import type { Match } from '../../events/match.ts';
import { ruleSchema } from '../../events/rule.ts';
import { compilePattern } from '../../local/core/event-pattern/compile.ts';

const text = fc.constantFrom('', 'a', 'A', 'ab', 'abc', 'bab', 'a*b', '10.0.0.1', '::1', 'refs/heads/main');
const number = fc.constantFrom(-1, 0, 1, 2.5);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const affix = fc.constantFrom('a', 'b', 'A', 'refs/');
const caseless = text.map((value) => ({ 'equals-ignore-case': value }));
const wildcard = fc.constantFrom('a*', '*b', '*a*b', 'a\\*b', 'refs/*/main', '\\\\*', 'ab');
const butted = fc.oneof(
  text,
  number,
  fc.uniqueArray(text, { minLength: 1 }),
  fc.oneof(affix, fc.array(affix, { minLength: 1 })).map((prefix) => ({ prefix })),
  affix.map((suffix) => ({ suffix })),
  fc.oneof(wildcard, fc.array(wildcard, { minLength: 1 })).map((each) => ({ wildcard: each })),
  caseless,
);
const numeric = fc.oneof(
  fc.tuple(fc.constantFrom('<', '<=', '=', '>=', '>'), number),
  fc.constant(['>', -1, '<=', 1]),
);
const condition = fc.oneof(
  scalar,
  fc.boolean().map((exists) => ({ exists })),
  fc.oneof(affix, caseless).map((prefix) => ({ prefix })),
  fc.oneof(affix, caseless).map((suffix) => ({ suffix })),
  caseless,
  wildcard.map((each) => ({ wildcard: each })),
  butted.map((each) => ({ 'anything-but': each })),
  numeric.map((each) => ({ numeric: each })),
  fc.constantFrom('10.0.0.0/8', '::/64').map((cidr) => ({ cidr })),
);
const name = fc.constantFrom('a', 'b', 'constructor');
const { match, value } = fc.letrec<{ match: unknown; value: unknown }>((tie) => ({
  match: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.dictionary(
        name,
        fc.oneof({ maxDepth: 2 }, fc.array(condition, { minLength: 1, maxLength: 2 }), tie('match')),
        { minKeys: 1, maxKeys: 2 },
      ),
    },
    { weight: 4, arbitrary: fc.record({ $or: fc.array(tie('match'), { minLength: 2, maxLength: 2 }) }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(condition, condition, condition)
        .map(([one, two, three]) => ({ a: { b: [one] }, $or: [{ a: { a: [two] } }, { b: [three] }] })),
    },
  ),
  value: fc.dictionary(
    name,
    fc.oneof(
      { maxDepth: 2 },
      scalar,
      tie('value'),
      fc.array(fc.oneof({ maxDepth: 2 }, scalar, tie('value')), { maxLength: 2 }),
    ),
    { maxKeys: 3 },
  ),
}));
/** Undefined for a pattern that is longer or more complex than EventBridge takes. */
function compiledWithinLimits(pattern: object): ReturnType<typeof compilePattern> | undefined {
  try {
    return compilePattern(JSON.stringify(pattern));
  } catch (error) {
    if (/more than 2048|too complex/.test(String(error))) return undefined;
    throw error;
  }
}

/** Undefined for a pattern that no rule may have. */
const matches = match.map(
  (pattern) =>
    ruleSchema.safeParse({ description: 'a', match: JSON.parse(JSON.stringify(pattern)) }).data?.match,
);

it('takes what EventBridge takes, and nothing else', () => {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(matches, value, (pattern, detail) => {
      const compiled = pattern && compiledWithinLimits({ detail: pattern });
      if (!compiled) return;
      const told = compiled({ detail });
      seen[`${told}`] += 1;
      expect(isMatch(pattern, detail)).toBe(told);
    }),
    { numRuns: 6000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(500);
});

it.each<[Match, object, boolean]>([
  [{ payload: { ref: ['refs/heads/main'] } }, { payload: { ref: 'refs/heads/main' } }, true],
  [{ payload: { ref: ['refs/heads/main'] } }, { payload: { ref: 'refs/heads/"main' } }, false],
  [
    { payload: { head_commit: { message: [{ 'anything-but': { wildcard: '*[skip ci]*' } }] } } },
    { payload: { head_commit: { message: 'fix [skip ci]' } } },
    false,
  ],
  [{ payload: { commits: [{ exists: false }] } }, { payload: {} }, true],
])('%j of %j is %s', (pattern, detail, taken) => {
  expect(isMatch(pattern, detail)).toBe(taken);
});
