import { expect, it } from 'vitest';
import { restAsked } from '../../../functions/reconcile/host-rest.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

it.each([
  ['seconds', 429, { 'retry-after': '30' }, 30],
  ['a date', 503, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60],
  [
    'the end of a rate limit',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 90) },
    90,
  ],
  ['nothing, and is too busy', 429, {}, 60],
  ['nothing, and refuses', 403, { 'x-ratelimit-remaining': '17' }, undefined],
  ['nothing, and answers', 200, { 'retry-after': '30' }, undefined],
])('a host that names %s', (_, status, headers, seconds) => {
  expect(restAsked(status, headers, NOW)).toBe(seconds);
});
