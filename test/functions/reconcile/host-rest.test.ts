import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostRests, restAsked } from '../../../events/host-rest.ts';
import { HostUntrusted } from '../../../events/providers/certificate-fault.ts';
import { clientOf } from '../../../events/providers/github/client.ts';
import { fetchTrusting } from '../../../events/providers/trusting-fetch.ts';
import { asRest, restAfter } from '../../../functions/reconcile/host-rest.ts';
import { type AnsweringApi, startAnsweringApi } from '../../support/api-answers.ts';

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
  ['no seconds but a time', 429, { 'retry-after': 'in 30' }, 60],
  ['no seconds but a part of them', 429, { 'retry-after': '30s' }, 60],
  ['more than an hour', 503, { 'retry-after': '3601' }, 3600],
  ['more seconds than a date has', 429, { 'retry-after': '9'.repeat(400) }, 3600],
  ['a date of another year', 429, { 'retry-after': 'Fri, 01 Jan 2027 00:00:00 GMT' }, 3600],
  ['the end of a rate limit beyond all dates', 403, limited(1e15), 3600],
  ['nothing, and refuses', 403, { 'x-ratelimit-remaining': '17' }, undefined],
  ['nothing, and is away', 503, {}, undefined],
  ['nothing, and fails', 500, { 'retry-after': '30' }, undefined],
  ['nothing, and answers', 200, { 'retry-after': '30' }, undefined],
])('a host that names %s', (_, status, headers, seconds) => {
  expect(restAsked(status, headers, '', NOW)).toBe(seconds);
});

it.each<[string, number, number | undefined]>([
  ['You have exceeded a secondary rate limit.', 403, 60],
  ['You have triggered an abuse detection mechanism.', 403, 60],
  ['Resource not accessible by integration', 403, undefined],
  ['You have exceeded a secondary rate limit.', 404, undefined],
])('a host that says "%s" with %i', (message, status, seconds) => {
  expect(restAsked(status, {}, message)).toBe(seconds);
});

it('a host that is away is left alone for a minute', () => {
  expect(restAfter(503, {})).toBe(60);
  expect(restAfter(503, { 'retry-after': '5' })).toBe(5);
  expect(restAfter(502, {})).toBeUndefined();
});

it('what asks for rest is found below the errors that explain it', () => {
  const explained = (cause: Error) => new Error('explained', { cause });
  const rest = new HostRests('git.test', 30);
  expect(rest).toMatchObject({ name: 'HostRests', message: 'git.test asks for 30 s of rest', seconds: 30 });
  expect(asRest('git.test', explained(rest))).toBe(rest);
  const answered = (status: number) => explained(Object.assign(new Error('answered'), { status }));
  expect(asRest('git.test', answered(503))).toMatchObject({ name: 'HostRests', seconds: 60 });
  for (const other of [answered(404), new Error('away'), 'no error', undefined])
    expect(asRest('git.test', other)).toBe(other);
});

describe('a host that does not answer is left alone for a minute', () => {
  const rest = (why: string) => ({
    name: 'HostRests',
    seconds: 60,
    message: `git.test does not answer, and is left alone for 60 s: ${why}`,
  });
  const thrown = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => expect.fail('there is an answer'),
      (error: unknown) => asRest('git.test', error),
    );
  let api: AnsweringApi;
  beforeAll(async () => {
    api = await startAnsweringApi();
    api.answer(() => undefined);
  });
  afterAll(() => api?.close());
  const ask = (url: string, ms?: number) =>
    clientOf({ host: 'git.test', url, token: '' }, ms).request('GET /repos/{owner}/{repo}', {
      ...{ owner: 'acme', repo: 'app' },
    });

  it('within the time', async () => {
    const late = rest('The operation was aborted due to timeout');
    expect(await thrown(fetch(api.url, { signal: AbortSignal.timeout(50) }))).toMatchObject(late);
    expect(await thrown(ask(api.url, 50))).toMatchObject(late);
  });

  it('as there is no way to it', async () => {
    const nobody = await startAnsweringApi();
    await nobody.close();
    const refused = rest(`connect ECONNREFUSED ${nobody.url.replace('http://', '')}`);
    expect(await thrown(fetch(nobody.url))).toMatchObject(refused);
    expect(await thrown(ask(nobody.url))).toMatchObject(refused);
    const trusting = fetchTrusting(rootCertificates[0] ?? '');
    expect(await thrown(trusting(nobody.url, {}))).toMatchObject(refused);
  });

  it('but not one that breaks off or is not trusted, and not for an error of AWS', () => {
    const refused = { code: 'ECONNREFUSED' };
    const failed = (cause: Error) => new TypeError('fetch failed', { cause });
    const others = [
      new HostUntrusted('its certificate', 'set its authority', {
        cause: failed(Object.assign(new Error(), refused)),
      }),
      failed(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })),
      failed(new Error('bad port')),
      // As a client of AWS names it.
      Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} }),
      Object.assign(new Error('connect ECONNREFUSED'), { ...refused, $metadata: {} }),
    ];
    for (const other of others) expect(asRest('git.test', other)).toBe(other);
    // Of an address with several, the error has no message of its own.
    const several = Object.assign(new AggregateError([]), refused);
    expect(asRest('git.test', failed(several))).toMatchObject(rest('ECONNREFUSED'));
  });
});
