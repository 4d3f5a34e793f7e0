import fc from 'fast-check';

/** What YAML, JSON and JavaScript read as something else. */
export const HOSTILE = fc.oneof(
  fc.constantFrom(
    '&a',
    '*a',
    '<<: *a',
    '!!js/function x',
    '{',
    ']',
    '\t',
    '\0',
    '\r',
    "'",
    ': ',
    '- ',
    '? ',
    '|',
  ),
  fc.constantFrom('__proto__: {}', 'constructor: []', '1e999', '.nan', '~', '[[[[[[[[', '# ', '%YAML 9.9\n'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** A text of which pieces are cut out, put in and put twice. */
export const changed = (text: string): fc.Arbitrary<string> => {
  const place = fc.nat({ max: text.length });
  const change = fc.tuple(place, fc.nat({ max: 30 }), fc.oneof(fc.constant(''), HOSTILE));
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((all) => all.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), text));
};

/** A value of which some members, at any depth, are any JSON. */
export function changedValue(value: unknown): fc.Arbitrary<unknown> {
  const any = fc.jsonValue({ maxDepth: 3 });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, any);
  const members = Object.entries(value).map(([name, each]) => [name, changedValue(each)] as const);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record(Object.fromEntries(members), { requiredKeys: [] }) },
    any,
  );
}
