import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tooComplexMembers } from '../../../../events/wildcard-complexity.ts';
import { compilePattern } from '../../../../local/core/event-pattern/compile.ts';

const TYPES = ['bif', 'tif', 'tiff', 'svs'];
const STACKS = ['ApiStack', 'WebStack', 'SharedStack', 'MonitoringStack'];
const wildcards = (...texts: string[]) => ({ a: texts.map((wildcard) => ({ wildcard })) });

// What people have told of EventBridge: it refused the whole list, and took a part of it.
const taken: [string, object][] = [
  ['two of two stars', wildcards(...TYPES.slice(0, 2).map((type) => `*/datasync/*.${type}`))],
  ['four of one star', wildcards(...TYPES.map((type) => `*.${type}`))],
  ['three names between stars', wildcards(...STACKS.slice(0, 3).map((name) => `*:stack/${name}/*`))],
  ['many values and prefixes', { a: [...Array(50)].map((_, n) => ({ prefix: `acme/${n}` })) }],
  ['the refs of a repository', wildcards('refs/heads/*/main', 'refs/heads/release/*', 'refs/tags/v*')],
];
const refused: [string, object][] = [
  ['four of two stars', wildcards(...TYPES.map((type) => `*/datasync/*.${type}`))],
  ['four names between stars', wildcards(...STACKS.map((name) => `*:stack/${name}/*`))],
  ['a letter again and again behind a star', wildcards(`*${'a'.repeat(20)}`)],
  ['alternating stars and letters', wildcards('*a*a*a*a*a*a*')],
  ['those in anything-but', { a: [{ 'anything-but': { wildcard: ['*a*a*a*', '*a*a*b*'] } }] }],
  [
    'alternatives of one member',
    { $or: STACKS.map((name) => ({ b: [name], ...wildcards(`*:stack/${name}/*`) })) },
  ],
];

describe('the wildcards of a pattern', () => {
  it.each(taken)('are taken: %s', (_title, detail) => {
    expect(() => compilePattern(JSON.stringify({ detail }))).not.toThrow();
    expect(tooComplexMembers({ ...detail })).toEqual([]);
  });

  it('are refused by the matcher and in a rule, or by neither', () => {
    const piece = fc.constantFrom('*', 'a', 'b', '/');
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
    const one = text.map((wildcard) => wildcard.replace(/\*+/g, '*'));
    let both = 0;
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (texts) => {
        const detail = wildcards(...texts);
        const inRule = tooComplexMembers(detail).length > 0;
        both += Number(inRule);
        const compiled = expect(() => compilePattern(JSON.stringify({ detail })));
        if (inRule) compiled.toThrow('Rule is too complex');
        else compiled.not.toThrow();
      }),
      { numRuns: 500 },
    );
    expect(both).toBeGreaterThan(0);
  });

  it.each(refused)('are refused as EventBridge refuses them, and in a rule: %s', (_title, detail) => {
    expect(() => compilePattern(JSON.stringify({ detail }))).toThrow(
      'Event pattern is not valid. Reason: Rule is too complex - try using fewer wildcard characters',
    );
    expect(tooComplexMembers({ ...detail })).toMatchObject([{ path: ['match', 'a'] }]);
  });
});
