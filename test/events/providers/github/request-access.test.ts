import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { checkRequestAccess } from '../../../../events/providers/github/request-access.ts';

type Answer = readonly [status: number, body?: unknown];

/** By token, what the host answers to the list of requests, to the question for a permission, and to whose token it is. */
const HOSTS: Readonly<Record<string, { pulls: Answer; permission?: Answer; user?: Answer }>> = {
  writer: { pulls: [200, [{ user: { login: 'ada' } }]], permission: [200, { permission: 'read' }] },
  'reads only': { pulls: [200, [{ user: { login: 'ada' } }]], permission: [403] },
  'first request': {
    pulls: [200, []],
    permission: [200, { permission: 'admin' }],
    user: [200, { login: 'me' }],
  },
  'of an app': { pulls: [200, []], user: [403] },
  'ghost only': { pulls: [200, [{ user: null }]], permission: [404], user: [200, { login: 'me' }] },
  'another repository': { pulls: [404] },
  expired: { pulls: [401] },
  broken: { pulls: [500] },
};

let server: Server;
let url: string;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const {
      pulls,
      permission = [404],
      user = [404],
    } = HOSTS[(request.headers.authorization ?? '').replace('token ', '')] ?? { pulls: [500] };
    const path = request.url ?? '';
    asked.push(path);
    const [status, body = { message: 'no' }] = /\/pulls\b/.test(path)
      ? pulls
      : path.endsWith('/permission')
        ? permission
        : user;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});
afterAll(() => server?.close());

const check = (token: string, approvals = true) =>
  checkRequestAccess({ host: 'git.test', url, token }, 'acme/app', { approvals });

it.each([
  ['writer', 'ok', 'and who may write there'],
  ['first request', 'ok', 'and who may write there'],
  ['reads only', 'failed', 'answers 403 to the question for who may write to acme/app'],
  ['of an app', 'warning', 'cannot be tried before there is a request'],
  ['ghost only', 'warning', 'cannot be tried before there is a request'],
  ['another repository', 'failed', 'answers 404 to the question for the pull requests of acme/app'],
  ['expired', 'failed', 'answers 401 to the question for the pull requests of acme/app'],
  ['broken', 'failed', 'answers 500'],
])('a token that is %s: %s', async (token, result, message) => {
  const found = await check(token);
  expect(found).toMatchObject({ result, message: expect.stringContaining(message) });
  if (result === 'failed')
    expect(found).toMatchObject({ advice: expect.stringContaining('"Pull requests": read') });
});

it('asks for no permission where the rule takes no approvals', async () => {
  asked.length = 0;
  expect(await check('reads only', false)).toMatchObject({ result: 'ok' });
  expect(asked).toEqual(['/repos/acme/app/pulls?state=all&per_page=1']);
});

it('fails with what went wrong where the host is away', async () => {
  const away = { host: 'git.test', url: 'http://127.0.0.1:9', token: 'a' };
  await expect(checkRequestAccess(away, 'acme/app', { approvals: true })).rejects.toThrow();
});
