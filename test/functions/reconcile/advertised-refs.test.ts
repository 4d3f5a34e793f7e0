import { expect, it } from 'vitest';
import { refsOf } from '../../../functions/reconcile/advertised-refs.ts';

const line = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const service = `${line('# service=git-upload-pack\n')}0000`;

it('reads branches and tags, and the commit of an annotated tag', () => {
  const text = [
    service,
    line(`${a} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2\n`),
    line(`${a} refs/heads/main\n`),
    line(`${a} refs/heads/grün\n`),
    line(`${b} refs/pull/1/head\n`),
    line(`${b} refs/tags/v1\n`),
    line(`${c} refs/tags/v1^{}\n`),
    '0000',
  ].join('');
  expect(Object.fromEntries(refsOf(Buffer.from(text), 'acme/app'))).toEqual({
    'refs/heads/main': { id: a, commit: a },
    'refs/heads/grün': { id: a, commit: a },
    'refs/tags/v1': { id: b, commit: c },
  });
});

it('a line without a text is one', () => {
  const text = `${service}0004${line(`${a} refs/heads/main\n`)}0000`;
  expect([...refsOf(Buffer.from(text), 'acme/app').keys()]).toEqual(['refs/heads/main']);
  expect(() => refsOf(Buffer.from(`${service}0003`), 'acme/app')).toThrow('is cut off');
});

it('an empty repository has none', () => {
  const text = `${service}${line(`${'0'.repeat(40)} capabilities^{}\0agent=git/2\n`)}0000`;
  expect(refsOf(Buffer.from(text), 'acme/app').size).toBe(0);
});

it('a page of another kind, and a list that is cut off, are no list', () => {
  expect(() => refsOf(Buffer.from('<html>'), 'acme/app')).toThrow(
    'the list of the refs of acme/app is cut off',
  );
  expect(() => refsOf(Buffer.from('0000'), 'acme/app')).toThrow(
    'the host answers no list of the refs of acme/app',
  );
  const cut = `${service}${line(`${a} refs/heads/main\n`)}`.slice(0, -3);
  expect(() => refsOf(Buffer.from(cut), 'acme/app')).toThrow('is cut off');
});
