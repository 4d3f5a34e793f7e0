import { expect, it } from 'vitest';
import { asRest, HostRests, restAsked } from '../../../functions/reconcile/host-rest.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

const limited = (seconds: number) => ({
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': String(NOW / 1000 + seconds),
});

it.each<[string, number, Record<string, string>, number | undefined]>([
  ['seconds', 429, { 'retry-after': '30' }, 30],
  ['a date', 503, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60],
  [
    'the end of a rate limit',
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 90) },
    90,
  ],
  ['nothing, and is too busy', 429, {}, 60],
  ['the end of a rate limit, which is over', 429, limited(-10), 1],
  ['the end of a rate limit to a part of a second', 429, limited(89.2), 90],
  ['the end of a rate limit that is no number', 429, { ...limited(0), 'x-ratelimit-reset': 'soon' }, 60],
  [
    'the end of a rate limit of which something is left',
    403,
    { ...limited(90), 'x-ratelimit-remaining': '1' },
    undefined,
  ],
  ['seconds beside a rate limit', 403, { ...limited(90), 'retry-after': '5' }, 5],
  ['no seconds but a time', 503, { 'retry-after': 'in 30' }, 60],
  ['no seconds but a part of them', 503, { 'retry-after': '30s' }, 60],
  ['nothing, and refuses', 403, { 'x-ratelimit-remaining': '17' }, undefined],
  ['nothing, and is away', 503, {}, 60],
  ['nothing, and fails', 500, { 'retry-after': '30' }, undefined],
  ['nothing, and answers', 200, { 'retry-after': '30' }, undefined],
])('a host that names %s', (_, status, headers, seconds) => {
  expect(restAsked(status, headers, NOW)).toBe(seconds);
});

it('an answer of an API is found below the errors that explain it', () => {
  const answered = (status: number, headers: object) =>
    new Error('explained', {
      cause: Object.assign(new Error('answered'), { status, response: { headers } }),
    });
  const error = answered(429, { 'retry-after': 30, 'x-other': true });
  const rest = asRest('git.test', error);
  expect(rest).toBeInstanceOf(HostRests);
  expect(rest).toMatchObject({
    name: 'HostRests',
    message: 'git.test asks for 30 s of rest',
    seconds: 30,
    cause: error,
  });
  for (const other of [answered(404, {}), new Error('away'), 'no error', undefined])
    expect(asRest('git.test', other)).toBe(other);
});
