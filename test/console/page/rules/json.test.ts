import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../../console/page/rules/json.ts';

describe('reading JSON', () => {
  for (const [text, line, column, message] of [
    ['', 1, 1, 'the text ends where a value is expected'],
    ['{', 1, 2, 'the text ends where a name in double quotes is expected'],
    ['{\n  "a": 1,\n}', 3, 1, '"}" stands where a name in double quotes is expected'],
    ['[1,]', 1, 4, '"]" stands where a value is expected'],
    ['[1 2]', 1, 4, '"2" stands where a comma or ] is expected'],
    ['{"a" 1}', 1, 6, '"1" stands where a colon is expected'],
    ['{"a": tru}', 1, 7, '"t" stands where a value is expected'],
    ['{"a":\n "b', 2, 4, 'the text ends where a closing double quote is expected'],
    ['"\\x"', 1, 2, '"\\\\" stands where an escape of JSON is expected'],
    ['"a\nb"', 1, 3, '"\\n" stands where a closing double quote is expected'],
    ['{} {}', 1, 4, '"{" stands where the end is expected'],
    ['01', 1, 2, '"1" stands where the end is expected'],
  ] as const)
    it(`finds what is wrong with ${JSON.stringify(text)}`, () => {
      expect(readJson(text)).toMatchObject({ problem: { line, column, message } });
    });

  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        expect(readJson(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  it('finds the place in any JSON where a character that cannot stand there was put', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(), (text, at) => {
        // A control character may stand nowhere.
        const offset = at % (text.length + 1);
        const broken = `${text.slice(0, offset)}\u0001${text.slice(offset)}`;
        const read = readJson(broken);
        if (!('problem' in read)) throw new Error(`${broken} was read`);
        // What stands before it may be the half of a word, which is named as a whole.
        expect(read.problem.offset).toBeLessThanOrEqual(offset);
        expect(broken.slice(read.problem.offset, offset)).toMatch(/^(?:[a-z.eE+\d-]*|\\u?[0-9a-fA-F]{0,4})$/);
        expect(read.problem.message).toMatch(/ where .+ is expected$/);
      }),
    );
  });
});
