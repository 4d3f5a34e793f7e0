import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../local/core/event-pattern/compile.ts';
import { testEventPattern } from '../../../../local/services/events/test-event-pattern.ts';

const matches = (pattern: object, event: unknown) => compilePattern(JSON.stringify(pattern))(event);
const a = (item: unknown, value: unknown) => matches({ a: [item] }, { a: value });

describe('an event pattern', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['the same string', 'x', 'x', true],
    ['no other string', 'x', 'y', false],
    ['a number by its value', 300, 3e2, true],
    ['no number for a string', 300, '300', false],
    ['null', null, null, true],
    ['no empty string for null', null, '', false],
    ['a boolean', true, true, true],
    ['any element of an array', 'x', ['y', 'x'], true],
    ['a prefix', { prefix: 'acme/' }, 'acme/app', true],
    ['no prefix of a number', { prefix: '1' }, 12, false],
    ['a caseless prefix', { prefix: { 'equals-ignore-case': 'ACME/' } }, 'acme/app', true],
    ['a suffix', { suffix: '.png' }, 'a.png', true],
    ['a caseless suffix', { suffix: { 'equals-ignore-case': '.PNG' } }, 'a.png', true],
    ['text in any case', { 'equals-ignore-case': 'Alice' }, 'aLICE', true],
    ['a wildcard', { wildcard: 'refs/*/v*.0' }, 'refs/tags/v1.2.0', true],
    ['a wildcard, but not by overlap', { wildcard: 'aba*ba' }, 'ababa'.slice(0, 4), false],
    ['an escaped star', { wildcard: 'a\\*b' }, 'a*b', true],
    ['nothing else for an escaped star', { wildcard: 'a\\*b' }, 'axb', false],
    ['anything but a string', { 'anything-but': 'x' }, 'y', true],
    ['not that string', { 'anything-but': 'x' }, 'x', false],
    ['anything but a list', { 'anything-but': [1, 2] }, 3, true],
    ['not one of that list', { 'anything-but': [1, 2] }, 2, false],
    ['nothing for a field that is not there', { 'anything-but': 'x' }, undefined, false],
    ['an array with one other element', { 'anything-but': 'x' }, ['x', 'y'], true],
    ['anything but a prefix', { 'anything-but': { prefix: 'x' } }, 'yx', true],
    ['not that prefix', { 'anything-but': { prefix: ['x', 'y'] } }, 'yx', false],
    ['not that suffix', { 'anything-but': { suffix: 'x' } }, 'yx', false],
    ['not that wildcard', { 'anything-but': { wildcard: '*/lib/*' } }, 'a/lib/b', false],
    ['not that text in another case', { 'anything-but': { 'equals-ignore-case': ['X'] } }, 'x', false],
    ['a number in a range', { numeric: ['>', 0, '<=', 5] }, 5, true],
    ['no number outside of it', { numeric: ['>', 0, '<=', 5] }, 0, false],
    ['an equal number', { numeric: ['=', 3.5] }, 3.5, true],
    ['no text for a number', { numeric: ['=', 3] }, '3', false],
    ['an address in a block', { cidr: '10.0.0.0/24' }, '10.0.0.255', true],
    ['no address outside of it', { cidr: '10.0.0.0/24' }, '10.0.1.0', false],
    ['an IPv6 address', { cidr: '2001:db8::/32' }, '2001:db8::1', true],
    ['a field that is there', { exists: true }, null, true],
    ['no object where a leaf is asked', { exists: true }, { b: 1 }, false],
    ['a field that is not there', { exists: false }, undefined, true],
    ['no absence of a field that is there', { exists: false }, null, false],
  ])('takes %s', (_title, item, value, expected) => {
    expect(a(item, value)).toBe(expected);
  });

  it('takes a name with dots for a path, in the pattern and in the event', () => {
    const nested = { state: { status: ['x'] } };
    const dotted = { 'state.status': ['x'] };
    for (const pattern of [nested, dotted])
      for (const event of [{ state: { status: 'x' } }, { 'state.status': 'x' }])
        expect(matches(pattern, event)).toBe(true);
    expect(matches(dotted, { state: { status: 'y' } })).toBe(false);
    expect(matches({ 'a.b': ['x'], a: { c: [1] } }, { a: { b: 'x', c: 1 } })).toBe(true);
    expect(matches({ a: { b: ['x'] } }, { 'a.b': 'x', a: { b: 'y' } })).toBe(true);
    expect(matches({ a: { b: [{ exists: false }] } }, { 'a.b': 'x' })).toBe(false);
    expect(matches(nested, JSON.parse('{"state":{"__proto__":1},"state.status":"x"}'))).toBe(true);
  });

  it('takes a name with hundreds of thousands of dots, and as many names of one path', () => {
    const name = Array(350_000).fill('a').join('.');
    expect(matches({ b: ['x'] }, { b: 'x', [name]: 1 })).toBe(true);
    const names = Array.from({ length: 50_000 }, (_, index) => [`a.${index}`, index]);
    expect(matches({ a: { 49999: [49_999] } }, { a: 'x', ...Object.fromEntries(names) })).toBe(true);
  });

  it('takes one of several, absence among them', () => {
    const pattern = { a: { b: [{ 'anything-but': 'x' }, { exists: false }] } };
    expect(matches(pattern, {})).toBe(true);
    expect(matches(pattern, { a: { b: 'y' } })).toBe(true);
    expect(matches(pattern, { a: { b: 'x' } })).toBe(false);
  });

  it('wants the fields of one pattern in one element of an array', () => {
    const pattern = { a: { b: [1], c: [2] } };
    expect(matches(pattern, { a: [{ b: 1 }, { c: 2 }] })).toBe(false);
    expect(matches(pattern, { a: [{ b: 1 }, { b: 1, c: 2 }] })).toBe(true);
  });

  it('wants one side of $or, next to all the other fields', () => {
    const pattern = { s: ['x'], $or: [{ a: [1] }, { b: { c: [2] } }] };
    expect(matches(pattern, { s: 'x', a: 1 })).toBe(true);
    expect(matches(pattern, { s: 'x', b: { c: 2 } })).toBe(true);
    expect(matches(pattern, { s: 'x', a: 3 })).toBe(false);
    expect(matches(pattern, { s: 'y', a: 1 })).toBe(false);
  });

  it('is no trap for names that every object has', () => {
    expect(matches({ constructor: [{ exists: true }] }, {})).toBe(false);
  });

  it.each<[string, string]>([
    ['Filter is not an object', '[]'],
    ['"a" must be an object or an array', '{"a":"x"}'],
    ['Empty arrays are not allowed', '{"a":[]}'],
    ['Empty objects are not allowed', '{"a":{}}'],
    ['Unrecognized match type begins', '{"a":[{"begins":"x"}]}'],
    ['prefix match pattern must be a string', '{"a":[{"prefix":1}]}'],
    ['Only one key allowed in match expression', '{"a":[{"prefix":"x","suffix":"y"}]}'],
    ['Consecutive wildcard characters at pos 1', '{"a":[{"wildcard":"a**"}]}'],
    ['Unrecognized numeric range operator: ~', '{"a":[{"numeric":["~",1]}]}'],
    ['Bottom must be less than top', '{"a":[{"numeric":[">",5,"<",1]}]}'],
    ['exists match pattern must be either true or false.', '{"a":[{"exists":"yes"}]}'],
    ["Malformed CIDR, one '/' required", '{"a":[{"cidr":"10.0.0.0"}]}'],
    ['mixed type is not supported', '{"a":[{"anything-but":[1,"x"]}]}'],
    ['Null prefix/suffix not allowed', '{"a":[{"anything-but":{"suffix":["x",""]}}]}'],
    ['pattern is 2058 characters, more than 2048', `{"a":["${'x'.repeat(2048)}"]}`],
  ])('is refused: %s', (reason, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('is tested on a whole event by TestEventPattern', () => {
    const event = {
      id: '1',
      account: '0',
      source: 'x',
      time: 't',
      region: 'r',
      resources: [],
      'detail-type': 'y',
    };
    const ask = (Event: object) =>
      testEventPattern({ EventPattern: '{"source":["x"]}', Event: JSON.stringify(Event) });
    expect(ask(event)).toEqual({ Result: true });
    expect(ask({ ...event, source: 'z' })).toEqual({ Result: false });
    expect(() => ask({ source: 'x' })).toThrow('Parameter Event is not valid');
  });
});

describe('the matcher agrees with a plain reference', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '\\'), maxLength: 8 });
  const escaped = (text: string) => text.replaceAll(/[\\*]/g, '\\$&');

  it('on wildcards: a regular expression says the same', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, (parts, text) => {
        // An empty part between two stars would make them consecutive.
        const kept = parts.filter((part, at) => part !== '' || at === 0 || at === parts.length - 1);
        fc.pre(
          !(kept.length === 2 && kept.join('') === '' && parts.length > 2) && !/^,+$/.test(kept.join(',')),
        );
        const source = kept.map((part) => part.replaceAll(/[\\*.]/g, '\\$&')).join('[\\s\\S]*');
        const wildcard = kept.map(escaped).join('*');
        expect(a({ wildcard }, text)).toBe(new RegExp(`^${source}$`).test(text));
        expect(a({ 'anything-but': { wildcard } }, text)).toBe(!new RegExp(`^${source}$`).test(text));
      }),
    );
  });

  const scalar = fc.oneof(fc.constantFrom('x', 'y', 'xy', null, true), fc.integer({ min: 0, max: 3 }));
  const leaf = fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }));
  const event = fc.record(
    { a: leaf, b: fc.record({ c: leaf, d: leaf }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );
  const items = fc.array(
    fc.oneof(
      scalar,
      fc.record({ prefix: fc.constantFrom('x', 'y') }),
      fc.record({ 'anything-but': fc.constantFrom('x', 1) }),
      fc.record({ exists: fc.boolean() }),
    ),
    { minLength: 1, maxLength: 3 },
  );
  type Items = readonly unknown[];

  const isOne = (item: unknown, values: readonly unknown[]): boolean => {
    if (typeof item !== 'object' || item === null) return values.includes(item);
    if ('exists' in item) return item.exists === values.length > 0;
    if ('anything-but' in item) return values.some((value) => value !== item['anything-but']);
    return values.some(
      (value) =>
        'prefix' in item && String(value).startsWith(String(item.prefix)) && typeof value === 'string',
    );
  };
  const reference = (wanted: Items | undefined, value: unknown): boolean =>
    wanted === undefined || wanted.some((item) => isOne(item, value === undefined ? [] : [value].flat()));

  it('on exact values, prefixes, anything-but and exists, in nested fields and arrays', () => {
    fc.assert(
      fc.property(items, items, items, event, (wantA, wantC, wantD, given) => {
        const pattern = { a: wantA, b: { c: wantC, d: wantD } };
        const expected =
          reference(wantA, given.a) && reference(wantC, given.b?.c) && reference(wantD, given.b?.d);
        expect(matches(pattern, given)).toBe(expected);
        const either = { $or: [{ a: wantA }, { b: { c: wantC } }] };
        expect(matches(either, given)).toBe(reference(wantA, given.a) || reference(wantC, given.b?.c));
      }),
      { numRuns: 1000 },
    );
  });
});
