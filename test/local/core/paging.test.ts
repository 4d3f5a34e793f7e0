import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseStrictly } from '../../../local/core/input.ts';
import { firstPage, nameToken, pageOf, pageToken, tokenOf } from '../../../local/core/paging.ts';

const self = (name: string) => name;
const key = (token: string | undefined) => nameToken.parse(token);

describe('a page of a list', () => {
  const items = ['d', 'b', 'a', 'c'];

  it('has every item once, in the order of the keys, and no token after the last', () => {
    const first = pageOf(items, self, { limit: 2 });
    expect(first).toEqual({ items: ['a', 'b'], next: expect.any(String) });
    expect(pageOf(items, self, { limit: 2, after: key(first.next) })).toEqual({ items: ['c', 'd'] });
    expect(pageOf([], self, { limit: 2 })).toEqual({ items: [] });
  });

  it('goes back from the last key to the first', () => {
    const first = pageOf(items, self, { limit: 3, reverse: true });
    expect(first.items).toEqual(['d', 'c', 'b']);
    expect(pageOf(items, self, { limit: 3, after: key(first.next), reverse: true })).toEqual({
      items: ['a'],
    });
  });

  it.each([
    ['added in front of it', ['0', ...items]],
    ['taken away in front of it', ['b', 'c', 'd']],
    ['taken away that the page before ended with', ['a', 'c', 'd']],
  ])('stays the same when an item is %s', (_, changed) => {
    const { next } = pageOf(items, self, { limit: 2 });
    expect(pageOf(changed, self, { limit: 2, after: key(next) })).toEqual({ items: ['c', 'd'] });
  });

  it('orders numbers by their value, and keys of several parts by the first that differs', () => {
    const keys = [[10, 'a'], [9, 'b'], [9, 'a'] satisfies (string | number)[]];
    const { items: sorted } = pageOf(keys, (each) => each, { limit: 3 });
    expect(sorted).toEqual([
      [9, 'a'],
      [9, 'b'],
      [10, 'a'],
    ]);
  });

  it('reads one item beyond what it shows, and no more', () => {
    const read: number[] = [];
    function* numbers() {
      for (let number = 0; ; number += 1) {
        read.push(number);
        yield number;
      }
    }
    expect(firstPage(numbers(), (number) => number, 2)).toEqual({ items: [0, 1], next: tokenOf(1) });
    expect(read).toEqual([0, 1, 2]);
  });
});

describe('a token', () => {
  const schema = (code?: string) => z.strictObject({ NextToken: pageToken(z.number(), code) });
  const read = (token: string, code?: string) =>
    parseStrictly(schema(code), { NextToken: token }, 's:List', { invalidInput: 'InvalidInput' });

  it('is the key of the last item of the page before', () => {
    expect(read(tokenOf(7))).toEqual({ NextToken: 7 });
  });

  it.each([
    ['', 'is no JSON'],
    ['abc', 'is no JSON'],
    ['7', 'is no JSON'],
    [tokenOf('a'), 'is of a list with other keys'],
    [tokenOf([7, 'a']), 'is of a list with other keys'],
  ])("%j, which %s, is refused with the service's code, or that of its tokens", (token) => {
    expect(() => read(token)).toThrow(
      expect.objectContaining({
        code: 'InvalidInput',
        message: expect.stringContaining(`${token} is not a token of this list`),
      }),
    );
    expect(() => read(token, 'InvalidToken')).toThrow(expect.objectContaining({ code: 'InvalidToken' }));
  });
});
