import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkToken } from '../../../../events/providers/github/token.ts';
import { type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

let api: AnsweringApi;
beforeAll(async () => {
  api = await startAnsweringApi();
});
afterAll(() => api?.close());

const SET = 'set a valid one with "hookline secret set ghes token"';
const NO_LIMITS = 'Rate limiting is not enabled.';
const check = (token = 'a-token', url = api.url) => checkToken({ host: 'ghes', url, token });
const scopes = (text: string) => ({ headers: { 'x-oauth-scopes': text } });

it('the host is asked for its limits alone, with the token', async () => {
  api.answer(() => ({}));
  await check();
  expect(api.asked).toMatchObject([
    { method: 'GET', path: '/rate_limit', headers: { authorization: 'token a-token' } },
  ]);
});

describe('a token that the host takes', () => {
  const full = 'it takes the token, which has repo, admin:repo_hook';

  it.each([
    ['repo, admin:repo_hook', full],
    [' repo ,admin:repo_hook,', full],
    ['admin:org_hook, repo', 'it takes the token, which has admin:org_hook, repo'],
  ])('with the scopes %j does whatever Hookline asks', async (header, message) => {
    api.answer(() => scopes(header));
    expect(await check()).toEqual({ result: 'ok', message });
  });

  it.each(['repo', 'repo, admin:enterprise_hook', 'repo, xadmin:repo_hook', 'repo, admin:repo_hook2'])(
    'with the scopes %j manages no webhooks',
    async (header) => {
      api.answer(() => scopes(header));
      expect(await check()).toEqual({
        result: 'ok',
        message: `it takes the token, which has ${header}; without admin:repo_hook or admin:org_hook "hookline hooks" cannot be used`,
      });
    },
  );

  it.each([
    ['', 'no scope'],
    ['public_repo, admin:repo_hook', 'public_repo, admin:repo_hook'],
  ])('with the scopes %j pulls no private repository', async (header, has) => {
    api.answer(() => scopes(header));
    expect(await check()).toEqual({
      result: 'warning',
      message: `it takes the token, which has ${has}: private repositories cannot be pulled`,
      advice: 'make a token with the scope repo, and set it with "hookline secret set ghes token"',
    });
  });

  it('without a word of scopes is told which permissions it needs', async () => {
    api.answer(() => ({}));
    expect(await check()).toEqual({
      result: 'ok',
      message: expect.stringMatching(
        /^it takes the token, and names no scopes: .* contents: read, commit statuses: write, .* webhooks: write$/,
      ),
    });
  });

  it('is looked at in the same way where the host has no limits', async () => {
    const unlimited = { status: 404, body: { message: NO_LIMITS } };
    api.answer(() => ({ ...unlimited, ...scopes('repo, admin:repo_hook') }));
    expect(await check()).toEqual({ result: 'ok', message: full });
    api.answer(() => ({ ...unlimited, ...scopes('gist') }));
    expect(await check()).toMatchObject({ result: 'warning' });
  });
});

describe('a token that the host does not take', () => {
  it.each<[number, string, string, string]>([
    [401, 'Bad credentials', 'it does not take the token, which may have expired', SET],
    [
      404,
      'Not Found',
      'it is no REST API, or it does not take the token',
      `correct "api" of ghes in cdk.json, or ${SET}`,
    ],
    [500, NO_LIMITS, NO_LIMITS, 'see what the host says'],
    [403, 'Forbidden for you', 'Forbidden for you', 'see what the host says'],
  ])('is told by %i, "%s"', async (status, said, why, advice) => {
    api.answer(() => ({ status, body: { message: said } }));
    expect(await check()).toEqual({
      result: 'failed',
      message: expect.stringContaining(`${api.url} answers ${status}: ${why}`),
      advice,
    });
  });
});

describe('without a token', () => {
  it('a host that answers is all that can be tried', async () => {
    api.answer(() => scopes('gist'));
    expect(await check('')).toEqual({
      result: 'ok',
      message: `${api.url} answers; there is no token to try`,
    });
    expect(api.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([401, 404, 500])('so is a host that answers %i', async (status) => {
    api.answer(() => ({ status }));
    expect(await check('')).toEqual({
      result: 'ok',
      message: `${api.url} answers ${status}; there is no token to try`,
    });
  });
});

it.each(['a-token', ''])('a host that is away is no fault of the token %j', async (token) => {
  const gone = await startAnsweringApi();
  await gone.close();
  const found = await check(token, gone.url);
  expect(found).toEqual({
    result: 'warning',
    message: expect.stringContaining(`${gone.url} cannot be reached from this machine: `),
    advice: 'check the address and the proxy; what counts is that the build reaches the host',
  });
  expect(found.message).not.toMatch(/machine: $/);
});
