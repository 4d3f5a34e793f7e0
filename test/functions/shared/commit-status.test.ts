import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CommitStatus } from '../../../events/provider.ts';
import { statusWriter, writeStatus } from '../../../functions/shared/commit-status.ts';
import { STATUSES_SECONDS } from '../../../statemachine/commit-statuses.ts';

const hosts = {
  'github.com': { provider: 'github', url: 'https://github.com', credentialSecret: 'credentials' },
  bare: { provider: 'github', url: 'https://bare.example' },
};
const aws = http.post('http://aws.test/', ({ request }) => {
  const target = request.headers.get('x-amz-target');
  return target === 'AmazonSSM.GetParameter'
    ? HttpResponse.json({ Parameter: { Value: JSON.stringify(hosts) } })
    : HttpResponse.json({ SecretString: JSON.stringify({ 'github.com': { token: 'hidden-token' } }) });
});
const server = setupServer(aws);

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: 'http://aws.test',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    HOSTS_PARAMETER: 'hosts',
  });
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const STATUSES = 'https://api.github.com/repos/:owner/:repo/statuses/:sha';

const status: CommitStatus = {
  repository: 'acme/app',
  commit: 'c0ffee',
  state: 'success',
  description: 'x'.repeat(200),
  context: 'hookline/default',
  targetUrl: 'https://console.test/1',
};

describe('a commit status', () => {
  it('is written with the token of its host, its description cut to what GitHub takes', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(STATUSES, async ({ request, params }) => {
        sent.push({
          params,
          authorization: request.headers.get('authorization'),
          body: await request.json(),
        });
        return HttpResponse.json({}, { status: 201 });
      }),
    );
    expect(await writeStatus('github.com', status)).toEqual({ status: 'written', reason: '' });
    expect(sent).toEqual([
      {
        params: { owner: 'acme', repo: 'app', sha: 'c0ffee' },
        authorization: 'token hidden-token',
        body: {
          state: 'success',
          context: 'hookline/default',
          description: 'x'.repeat(140),
          target_url: 'https://console.test/1',
        },
      },
    ]);
  });

  it.each([
    [404, 'the token must be allowed to write commit statuses there (scope repo:status'],
    [403, 'the token must be allowed to write commit statuses there'],
    [401, 'github.com does not take the token of the credentials secret'],
    [422, 'github.com did not take the commit status of acme/app'],
  ])('refused with %i is an answer that says why, without the token', async (code, reason) => {
    server.use(http.post(STATUSES, () => HttpResponse.json({ message: 'No' }, { status: code })));
    const written = await writeStatus('github.com', status);
    expect(written).toEqual({ status: 'refused', reason: expect.stringContaining(reason) });
    expect(JSON.stringify(written)).not.toContain('hidden-token');
  });

  it.each([
    ['too many requests', 429, {}, 'github.com asks for 60 s of rest'],
    ['a secondary rate limit', 403, { 'retry-after': '7' }, 'github.com asks for 7 s of rest'],
    ['maintenance', 503, { 'retry-after': '120' }, 'github.com asks for 120 s of rest'],
  ])('that a host refuses for %s may be taken later', async (_, code, headers, reason) => {
    server.use(http.post(STATUSES, () => HttpResponse.json({}, { status: code, headers })));
    expect(await writeStatus('github.com', status)).toEqual({
      status: 'refused',
      reason: `github.com did not take the commit status of acme/app: ${reason}`,
      later: true,
    });
  });

  it.each([
    ['fails', () => HttpResponse.json({}, { status: 502 })],
    ['is away', () => HttpResponse.error()],
  ])('of a host that %s may be taken later', async (_, answer) => {
    server.use(http.post(STATUSES, answer));
    expect(await writeStatus('github.com', status)).toMatchObject({ status: 'refused', later: true });
  });

  it('may be written later where a service of AWS is throttled on the way', async () => {
    const slow = () => HttpResponse.json({ __type: 'ThrottlingException' }, { status: 400 });
    server.use(http.post('http://aws.test/', slow));
    vi.resetModules();
    const fresh = await import('../../../functions/shared/commit-status.ts');
    expect(await fresh.writeStatus('github.com', status)).toMatchObject({ status: 'refused', later: true });
  });

  it('of a host that did not take one a moment before is not tried', async () => {
    let asked = 0;
    server.use(
      http.post(STATUSES, () => {
        asked += 1;
        return HttpResponse.json({}, { status: 429 });
      }),
    );
    const write = statusWriter();
    const first = await write('github.com', status);
    expect(await write('github.com', { ...status, commit: 'beef' })).toEqual(first);
    expect(await write('bare', status)).toMatchObject({ reason: expect.stringContaining('no token') });
    expect(asked).toBe(1);
    await statusWriter()('github.com', status);
    expect(asked).toBe(2);
  });

  it('is not begun where those before it took so long that the function would be cut off', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    server.use(http.post(STATUSES, () => HttpResponse.json({}, { status: 201 })));
    const write = statusWriter();
    vi.setSystemTime(Date.now() + STATUSES_SECONDS * 1000 - 1);
    expect(await write('github.com', status)).toMatchObject({ status: 'written' });
    vi.setSystemTime(Date.now() + 1);
    expect(await write('github.com', status)).toEqual({
      status: 'refused',
      reason: 'github.com took too long over the commit statuses before this one',
      later: true,
    });
    vi.useRealTimers();
  });

  it('of a host that has no token asks for one', async () => {
    expect(await writeStatus('bare', status)).toEqual({
      status: 'refused',
      reason: 'no token for bare: set one with "hookline secret set bare token"',
    });
  });

  it('of a host that is not configured names those that are', async () => {
    const { reason } = await writeStatus('evil.test', status);
    expect(reason).toContain('host "evil.test" is not configured (configured: github.com, bare)');
  });
});
