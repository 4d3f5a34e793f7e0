import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../../events/json.ts';

const read = (text: string) => parseBody(Buffer.from(text));

describe('a body', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['', /^the body is empty: send a JSON object$/],
    ['secret-text', /^the body is not JSON: send a JSON object$/],
    ['{"secret-text":', /^the body is not JSON: send a JSON object$/],
    ['\ufeff{}', /^the body is not JSON/],
    ['{} {}', /^the body is not JSON/],
    ['["secret-text"]', /^the body is a list: send a JSON object$/],
    ['"secret-text"', /^the body is a string: send a JSON object$/],
    ['null', /^the body is null: send a JSON object$/],
    ['{"a":1,"a":2}', /the member "a" twice/],
    ['{"a":1,"\\u0061":2}', /the member "\\u0061" twice/],
    ['{"x":[{"a":{}},{"b":[],"b":[]}]}', /the member "b" twice/],
    ['{"__proto__":1,"__proto__":2}', /the member "__proto__" twice/],
    ['{"\\"":1,"\\"":2}', /twice/],
  ])('%j is refused, and not quoted', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow(/secret-text/);
  });

  it.each(['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '{"a":"\\"a\\":1,","b":"{\\"a\\":"}', '{"a":["a","a"]}'])(
    '%j has no member twice',
    (text) => {
      expect(read(text)).toEqual(JSON.parse(text));
    },
  );

  it.each([
    ['a lone byte', [0x80]],
    ['a half of a character', [0xc3]],
    ['a long form of a slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('with %s is not UTF-8', (_, bytes) => {
    const body = Buffer.concat([Buffer.from('{"ref":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(() => parseBody(body)).toThrow('the body is not UTF-8: send JSON in UTF-8');
  });

  it('of a megabyte is read, however it is made', () => {
    const size = 1_000_000;
    for (const text of [
      `{"a":"${'x'.repeat(size)}"}`,
      `{"a":"${'\\n'.repeat(size / 2)}"}`,
      `{"a":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
      `{${Array.from({ length: size / 12 }, (_, at) => `"${at}":0`).join()}}`,
    ])
      expect(Object.keys(read(text)).length).toBeGreaterThan(0);
  });
});
