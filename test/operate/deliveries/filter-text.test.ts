import { describe, expect, it } from 'vitest';
import { filterOfText } from '../../../operate/deliveries/filter-text.ts';
import { isNamed } from '../../../operate/deliveries/row.ts';

describe('a filter that a person has written', () => {
  it.each([
    ['main', 'refs/heads/main'],
    ['heads/main', 'refs/heads/main'],
    ['feature/a', 'refs/heads/feature/a'],
    ['tag v1', 'refs/tags/v1'],
    ['tag:v1', 'refs/tags/v1'],
    ['tags/v1', 'refs/tags/v1'],
    ['tag', 'refs/heads/tag'],
    ['refs/pull/1/head', 'refs/pull/1/head'],
  ])('means by the ref %s %s', (ref, full) => {
    expect(filterOfText({ ref })).toEqual({ ref: full });
  });

  it('may have an event and a commit in any case', () => {
    expect(filterOfText({ event: 'Push', commit: '1A2B' })).toEqual({ event: 'push', commit: '1a2b*' });
  });

  it.each([
    ['website', true],
    ['WEB', true],
    ['big/website', true],
    ['BIG/*', true],
    ['site/', false],
    ['big/web', false],
  ])('finds Big/Website by %s: %s', (text, isFound) => {
    const { repository = '' } = filterOfText({ repository: text });
    expect(isNamed({ repository: 'Big/Website' }, repository)).toBe(isFound);
  });
});
