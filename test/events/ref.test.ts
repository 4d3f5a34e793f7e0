import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRef, longRef } from '../../events/ref.ts';

// A program is quickly started from a small one: this process may be large.
const ASK_GIT = "while IFS= read -r -d '' ref; do git check-ref-format \"$ref\"; printf '%s\\n' $?; done";

/** Which of them git takes. */
function takenByGit(refs: readonly string[]): string[] {
  const input = refs.map((ref) => `${ref}\0`).join('');
  // Node hands over a socket as the input, for which bash would read ~/.bashrc.
  const answers = execFileSync('bash', ['--norc', '-c', ASK_GIT], { input, encoding: 'utf8' }).split('\n');
  return refs.filter((_, index) => answers[index] === '0');
}

// What git's rules are about, among characters of every kind but NUL, which no argument can hold.
const piece = fc.oneof(
  fc.constantFrom(
    '.',
    '..',
    '/',
    '//',
    '.lock',
    'lock',
    '@',
    '{',
    '@{',
    '-',
    '\\',
    '~',
    '^',
    ':',
    '?',
    '*',
    '[',
  ),
  fc.constantFrom(
    ' ',
    '\n',
    '\x7f',
    '\x85',
    "'",
    '"',
    '`',
    '$(id)',
    ';',
    '&&',
    '|',
    'é',
    '日本',
    '😀',
    'a',
    'b1',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }).filter((text) => !text.includes('\0')),
);
const names = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
const refs = fc
  .tuple(fc.constantFrom('refs/heads/', 'refs/tags/', 'refs/'), names)
  .map((parts) => parts.join(''));

describe('a ref', () => {
  it('is one exactly when git check-ref-format says so', () => {
    fc.assert(
      fc.property(fc.array(refs, { minLength: 50, maxLength: 50 }), (some) => {
        expect(some.filter(isRef)).toEqual(takenByGit(some));
      }),
      { numRuns: 8 },
    );
  });

  it.each([
    'main',
    'heads/main',
    '--upload-pack=x',
    '/refs/heads/main',
    'Refs/heads/main',
    'refs',
    'refs/',
    '',
  ])('does not begin elsewhere than in refs/: %j', (ref) => {
    expect(isRef(ref)).toBe(false);
  });

  it('is no half of a character, which git would be given as another name', () => {
    expect(isRef('refs/heads/\ud800')).toBe(false);
    expect(isRef('refs/heads/\u{1f600}')).toBe(true);
  });

  it('holds no NUL', () => {
    expect(isRef('refs/heads/a\0b')).toBe(false);
    expect(() => execFileSync('git', ['check-ref-format', 'refs/heads/a\0b'])).toThrow();
  });
});

describe('the full ref of a short name', () => {
  it.each([
    ['main', 'refs/heads/main'],
    ['feature/a', 'refs/heads/feature/a'],
    ['heads/main', 'refs/heads/main'],
    ['tags/v1', 'refs/tags/v1'],
    ['tag v1', 'refs/tags/v1'],
    ['tag  v1 ', 'refs/tags/v1'],
    ['tag:v1', 'refs/tags/v1'],
    ['tag:', 'refs/tags/'],
    ['tags', 'refs/heads/tags'],
    ['tagged', 'refs/heads/tagged'],
    ['tag v1\nv2', 'refs/heads/tag v1\nv2'],
    ['my tag v1', 'refs/heads/my tag v1'],
    ['my/heads/main', 'refs/heads/my/heads/main'],
    ['refs/pull/1/head', 'refs/pull/1/head'],
    ['my/refs/heads/main', 'refs/heads/my/refs/heads/main'],
    ['*', '*'],
    ['*-stable', '*-stable'],
    ['release-*', 'refs/heads/release-*'],
  ])('%j is %j', (name, ref) => {
    expect(longRef(name)).toBe(ref);
  });

  it('is its own full ref', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(longRef(longRef(name))).toBe(longRef(name));
      }),
    );
  });
});
