import { describe, expect, it } from 'vitest';
import { payloadValues } from '../../events/payload-values.ts';
import { contextOf } from '../../events/status-context.ts';

const payload: unknown = JSON.parse(`{
  "number": 12, "draft": false, "title": "a\\nb \\u0000\\u2028c", "long": "${'x'.repeat(999)}😀", "none": null, "padded": " \\n a \\n",
  "labels": [{ "name": "big" }], "user": { "login": "octocat", "a-b": "dash" }, "__proto__": { "x": "own" }
}`);

/** The value of a member as a pipeline's variable has it. */
const textOf = (member: string) => {
  const name = `payload.${member}`;
  return payloadValues({ pipeline: { name: 'a', variables: { A: `{${name}|default}` } } }, payload)[name];
};

describe('a member of the payload that a rule names', () => {
  it.each([
    ['a number', 'number', '12'],
    ['false', 'draft', 'false'],
    ['a text of several lines', 'title', 'a b  c'],
    ['a text between ends of lines', 'padded', 'a'],
    ['a member of a member', 'user.login', 'octocat'],
    ['a name with a hyphen', 'user.a-b', 'dash'],
    ['an item of a list', 'labels.0.name', 'big'],
    ['a member that is called as one of every object', '__proto__.x', 'own'],
  ])('has the value of %s', (_title, member, value) => {
    expect(textOf(member)).toBe(value);
  });

  it.each([
    ['null', 'none'],
    ['what is not there', 'user.name'],
    ['what every object has', 'constructor.name'],
    ['a list', 'labels'],
    ["a list's length", 'labels.length'],
    ['a place in a list that is none', 'labels.0x'],
    ['a place in a list that nothing has', 'labels.1'],
    ['an object', 'user'],
    ['what is below a text', 'title.length'],
  ])('has none for %s', (_title, member) => {
    expect(textOf(member)).toBe('');
  });

  it('is cut to what CodePipeline takes, and never within a character', () => {
    expect(textOf('long')).toBe('x'.repeat(999));
  });
});

describe('the context of a commit status', () => {
  it('is made of the payload on one line of ASCII, 100 characters at most', () => {
    expect(contextOf('ci {payload.title|none}', { 'payload.title': '' })).toBe('ci none');
    expect(contextOf('ci {payload.title}', { 'payload.title': 'für\r\n{branch}' })).toBe('ci f?r {branch}');
    expect(contextOf('ci {payload.title}', { 'payload.title': 'x'.repeat(500) })).toHaveLength(100);
  });
});
