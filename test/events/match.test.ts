import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ruleSchema } from '../../events/rule.ts';
import { compilePattern } from '../../local/core/event-pattern/compile.ts';

const text = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    'a*',
    '**',
    '\\',
    '\\*',
    '10.0.0.0/8',
    '1.2.3.4/33',
    '::1/128',
    '::ffff:1.2.3.4/96',
    'fe80::1%a/64',
    '1.2.3.4',
  ),
  fc.string({ maxLength: 5 }),
  fc.ipV4().chain((address) => fc.nat(40).map((bits) => `${address}/${bits}`)),
  fc.ipV6().chain((address) => fc.nat(140).map((bits) => `${address}/${bits}`)),
);
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(5e9, -5e9, 6e9), fc.double());
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const argument = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.tuple(fc.constantFrom('<', '<=', '=', '>=', '>'), number),
  fc.tuple(fc.constantFrom('>', '>='), number, fc.constantFrom('<', '<='), number),
  fc.dictionary(
    fc.constantFrom('prefix', 'suffix', 'wildcard', 'equals-ignore-case'),
    fc.oneof(text, fc.array(text)),
    {
      maxKeys: 2,
    },
  ),
);
const operator = fc.constantFrom(
  'exists',
  'prefix',
  'suffix',
  'wildcard',
  'equals-ignore-case',
  'numeric',
  'cidr',
  'anything-but',
);
const condition = fc.oneof(scalar, fc.dictionary(operator, argument, { minKeys: 1, maxKeys: 1 }));
const { match } = fc.letrec<{ match: unknown }>((tie) => ({
  match: fc.dictionary(
    fc.constantFrom('event', 'payload', '$or', '__proto__', 'a', 'prefix'),
    fc.oneof(
      { maxDepth: 3 },
      fc.array(condition, { maxLength: 2 }),
      tie('match'),
      fc.array(tie('match'), { maxLength: 3 }),
    ),
    { maxKeys: 2 },
  ),
}));

it('takes nothing that EventBridge refuses', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        match,
        condition.map((each) => ({ a: [each] })),
      ),
      (pattern) => {
        const parsed = ruleSchema.safeParse({ description: 'a', match: JSON.parse(JSON.stringify(pattern)) });
        if (!parsed.success) return;
        taken += 1;
        compilePattern(JSON.stringify(parsed.data.match));
      },
    ),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(300);
});
