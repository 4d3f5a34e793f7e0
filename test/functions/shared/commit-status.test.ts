import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommitStatus } from '../../../events/provider.ts';
import { writeStatus } from '../../../functions/shared/commit-status.ts';

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
    expect(written).toMatchObject({ status: 'refused', reason: expect.stringContaining(reason) });
    expect(JSON.stringify(written)).not.toContain('hidden-token');
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
