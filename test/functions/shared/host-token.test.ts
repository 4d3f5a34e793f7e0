import { generateKeyPairSync } from 'node:crypto';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { hostsSchema } from '../../../events/hosts.ts';
import { tokenFor } from '../../../functions/shared/host-token.ts';

const hosts = {
  'github.com': { provider: 'github', url: 'https://github.com', credentialSecret: 'credentials' },
};
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const SECRETS: Readonly<Record<string, object>> = {
  credentials: { 'github.com': { app: true } },
  apps: { 'github.com': { id: '1', privateKey } },
};
const MINUTE = 60_000;
let life: number;
let minted: unknown[] = [];
const server = setupServer(
  http.post('http://aws.test/', async ({ request }) => {
    const target = request.headers.get('x-amz-target');
    if (target === 'AmazonSSM.GetParameter')
      return HttpResponse.json({ Parameter: { Value: JSON.stringify(hosts) } });
    const { SecretId } = (await request.json()) as { SecretId: string };
    return HttpResponse.json({ SecretString: JSON.stringify(SECRETS[SecretId]) });
  }),
  http.get('https://api.github.com/repos/:owner/:repo/installation', () =>
    HttpResponse.json({ id: 7, permissions: { contents: 'read', statuses: 'write' } }),
  ),
  http.post('https://api.github.com/app/installations/7/access_tokens', async ({ request }) => {
    minted.push(await request.json());
    const expires_at = new Date(Date.now() + life).toISOString();
    return HttpResponse.json({ token: `ghs_${minted.length}`, expires_at }, { status: 201 });
  }),
);

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: 'http://aws.test',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    HOSTS_PARAMETER: 'hosts',
    APPS_SECRET_ARN: 'apps',
  });
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  minted = [];
});
afterAll(() => {
  vi.useRealTimers();
  server.close();
});

const tokenOf = (repository: string, use: 'read' | 'statuses') => {
  const { 'github.com': settings } = hostsSchema.parse(hosts);
  if (!settings) throw new Error('no settings');
  return tokenFor('github.com', settings, { repository, use });
};
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

it('a token is minted for one repository and one use, and kept for ten minutes', async () => {
  life = 60 * MINUTE;
  expect(await tokenOf('acme/app', 'read')).toBe('ghs_1');
  later(9 * MINUTE);
  expect(await tokenOf('acme/app', 'read')).toBe('ghs_1');
  expect(await tokenOf('acme/app', 'statuses')).toBe('ghs_2');
  expect(await tokenOf('acme/other', 'read')).toBe('ghs_3');
  expect(minted).toEqual([
    { repositories: ['app'], permissions: { contents: 'read' } },
    { repositories: ['app'], permissions: { statuses: 'write' } },
    { repositories: ['other'], permissions: { contents: 'read' } },
  ]);
  later(2 * MINUTE);
  expect(await tokenOf('acme/app', 'read')).toBe('ghs_4');
});

it('a token is not used in its last minute', async () => {
  life = 5 * MINUTE;
  expect(await tokenOf('acme/short', 'read')).toBe('ghs_1');
  later(3 * MINUTE);
  expect(await tokenOf('acme/short', 'read')).toBe('ghs_1');
  later(MINUTE - 1);
  expect(await tokenOf('acme/short', 'read')).toBe('ghs_1');
  later(1);
  expect(await tokenOf('acme/short', 'read')).toBe('ghs_2');
});
