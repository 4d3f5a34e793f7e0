import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handler } from '../../functions/pull-token/index.ts';
import { type AnsweringApi, startAnsweringApi } from '../support/api-answers.ts';
import { type Aws, context, startAws } from '../support/functions/validate-aws.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let aws: Aws;
let api: AnsweringApi;
beforeAll(async () => {
  [aws, api] = await Promise.all([startAws(), startAnsweringApi()]);
  process.env.APPS_SECRET_ARN = 'apps';
});
afterAll(async () => {
  await Promise.all([aws?.close(), api?.close()]);
});
beforeEach(() => {
  aws.forget();
  aws.hosts = { 'github.com': { provider: 'github', url: api.url, api: api.url, credentialSecret: 'c' } };
  aws.secrets = { 'github.com': { id: '5', privateKey } };
});

const mint = (wanted: object) =>
  handler({ host: 'github.com', repository: 'acme/app', use: 'read', ...wanted }, context);
const expires_at = '2026-01-01T01:00:00Z';
const takeAll = () => {
  let tokens = 0;
  api.answer(({ path }) => {
    if (path.endsWith('/installation'))
      return { body: { id: 9, permissions: { contents: 'read', pull_requests: 'read' } } };
    tokens += 1;
    return { status: 201, body: { token: `minted-${tokens}`, expires_at } };
  });
};

it('a build gets a token for one repository, and a new one each time', async () => {
  takeAll();
  expect(await mint({})).toEqual({ token: 'minted-1', expiresAt: expires_at });
  expect(await mint({ use: 'requests' })).toEqual({ token: 'minted-2', expiresAt: expires_at });
  const made = api.asked.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]);
  const path = '/app/installations/9/access_tokens';
  expect(made).toEqual([
    [path, { repositories: ['app'], permissions: { contents: 'read' } }],
    [path, { repositories: ['app'], permissions: { pull_requests: 'read' } }],
  ]);
  expect((await mint({ repository: 'a.b-c_d/..e' })).token).toBe('minted-3');
});

it.each<[string, object]>([
  ['to write a status', { use: 'statuses' }],
  ['for no repository', { repository: 'acme' }],
  ['for a path of three parts', { repository: 'acme/app/x' }],
  ['for a path that leads elsewhere', { repository: '../app' }],
  ['for a path that leads up', { repository: 'acme/..' }],
  ['for a repository with a query', { repository: 'acme/app?x' }],
  ['for a repository behind another', { repository: '?acme/app' }],
  ['without an owner', { repository: '/app' }],
  ['without a name', { repository: 'acme/' }],
  ['for more than that', { permissions: { contents: 'write' } }],
])('a build gets none %s, and nobody is asked', async (_, wanted) => {
  takeAll();
  await expect(mint(wanted)).rejects.toThrow();
  expect(api.asked).toEqual([]);
});

it('a build is told why there is none, by the name of the reason', async () => {
  const failure = (wanted: object) => mint(wanted).catch(({ name, message }: Error) => `${name}: ${message}`);
  api.answer(() => ({ status: 404 }));
  expect(await failure({})).toMatch(
    /^CredentialRefused: the App 5 is not installed for acme\/app on github.com/,
  );
  api.answer(() => ({ status: 410 }));
  expect(await failure({})).toMatch(/^HostUnreachable: the API of github.com \(.*\) did not answer: /);
  expect(await failure({ host: 'other.test' })).toMatch(/^HostUnknown: host "other.test" is not configured/);
});
