import { expect, it } from 'vitest';
import { savedFilters } from '../../../../console/page/deliveries/saved-filters.ts';

it('what is kept and is no filter of the list is left out', () => {
  const good = { name: 'failed', address: '/?outcome=failed' };
  const others = [
    { name: 'elsewhere', address: 'https://example.com/?a' },
    { name: 'script', address: 'javascript:alert(1)' },
    { name: 'no address' },
    null,
    'text',
  ];
  expect(savedFilters(JSON.stringify([good, ...others]))).toEqual([good]);
  for (const text of [null, '', '{', '{}', '7']) expect(savedFilters(text)).toEqual([]);
});
