import { describe, expect, it } from 'vitest';
import { pageOf, pageToken } from '../../../local/core/paging.ts';

describe('a page of a list', () => {
  it('has every item once, and no token after the last', () => {
    const items = ['a', 'b', 'c', 'd'];
    const first = pageOf(items, 2);
    expect(first).toEqual({ items: ['a', 'b'], next: '2' });
    expect(pageOf(items, 2, pageToken.parse(first.next))).toEqual({ items: ['c', 'd'] });
    expect(pageOf([], 2)).toEqual({ items: [] });
  });

  it.each(['', '-1', '1.5', 'abc', '1e3', '9'.repeat(16)])('refuses the token %j', (token) => {
    expect(pageToken.safeParse(token).success).toBe(false);
  });
});
