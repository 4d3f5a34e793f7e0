import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Service } from '../../../local/core/cloud.ts';
import { createServer } from '../../../local/http/server.ts';
import { lambdaHttp } from '../../../local/services/lambda/http.ts';
import { pipesHttp } from '../../../local/services/pipes/http.ts';
import { s3Http } from '../../../local/services/s3/http/handler.ts';
import { asAdministrator, fakeCloud, fakeService, temporaryFolder } from '../../../local/testing.ts';

const folder = temporaryFolder();
const cloud = fakeCloud(folder.path);
let called: string[] = [];
let arrived: unknown[] = [];
const service = (name: string, more: Partial<Service> = {}): Service => {
  const note = (operation: string) => () => void called.push(`${name}:${operation}`);
  const operations = ['StartExecution', 'GetCallerIdentity', 'ListBuckets', 'GetObject', 'Invoke'];
  const noted = Object.fromEntries(operations.map((operation) => [operation, note(operation)]));
  return cloud.add(fakeService(name, noted, more));
};
const app = createServer({
  services: () => [
    service('states'),
    service('sts', { query: true }),
    service('s3', { http: s3Http({}) }),
    service('lambda', { http: lambdaHttp }),
    service('pipes', { http: pipesHttp }),
    service('door', { mounts: { '/door/': async (_request, reply) => reply.send('come in') } }),
  ],
  authenticate: asAdministrator,
  arrived: () => void arrived.push(1),
  ready: Promise.resolve(),
});

let port: number;
beforeAll(async () => {
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});
beforeEach(() => {
  called = [];
  arrived = [];
});
afterAll(async () => {
  await app.close();
  await cloud.close();
  folder.remove();
});

const credential = (name: string) => `X-Amz-Credential=a/20260101/us-east-1/${name}/aws4_request`;

async function send(path: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } })
      .once('response', resolve)
      .once('error', reject)
      .end(body);
  });
  const { statusCode: status, headers: answered } = answer;
  return { status, body: await text(answer), headers: answered };
}

const TARGET = { 'x-amz-target': 'AWSStepFunctions.StartExecution' };

describe('what is answered', () => {
  it.each([
    ['of a bucket', `/bucket/page.html?${credential('s3')}`],
    ['unsigned', '/door/'],
    ['as an error', '/nothing'],
  ])('%s is no page of this origin, whatever it says', async (_, path) => {
    const { headers } = await send(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
  });
});

describe('who comes from outside', () => {
  it.each([
    ['a git host at the door', '/door/', 1],
    ["a person with the account's key", `/bucket/page.html?${credential('s3')}`, 1],
    [
      'no function or build, which has a session',
      `/bucket/page.html?${credential('s3')}&X-Amz-Security-Token=t`,
      0,
    ],
  ])('is %s', async (_, path, expected) => {
    await send(path);
    expect(arrived).toHaveLength(expected);
  });
});

describe('a page in a browser', () => {
  it('cannot name an operation of a JSON service in an address', async () => {
    const answer = await send(`/?${credential('states')}&Action=StartExecution&input=%7B%7D`);
    expect(answer).toMatchObject({
      status: 501,
      body: expect.stringContaining('the query protocol of states'),
    });
    expect(called).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['under a name of its own that leads here', { host: 'evil.example:4566' }],
    ['under a name that looks like this machine', { host: '127.0.0.1.evil.example' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['from a sandbox or a file', { origin: 'null' }],
    ['from another site, which a link there does', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused %s', async (_title, headers) => {
    for (const name of ['states', 'sts', 's3', 'lambda', 'unknown']) {
      const answer = await send(
        `/?${credential(name)}&Action=GetCallerIdentity`,
        { ...TARGET, ...headers },
        'POST',
      );
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('the AWS API ') });
    }
    const path = `/2015-03-31/functions/f/invocations?${credential('lambda')}`;
    expect(await send(path, headers, 'POST', '{}')).toMatchObject({ status: 403 });
    expect(called).toEqual([]);
  });

  it('reaches what is not the AWS API, which asks for a signature of its own', async () => {
    const headers = {
      host: 'tunnel.example',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    };
    expect(await send('/door/webhooks', headers, 'POST')).toMatchObject({ status: 200, body: 'come in' });
  });
});

describe('a program of this machine', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'bucket.with.dots.localhost'])(
    'is answered at %s',
    async (name) => {
      await send(`/?${credential('states')}`, { ...TARGET, host: `${name}:${port}` }, 'POST');
      expect(called).toEqual(['states:StartExecution']);
    },
  );

  it('may use the query protocol where AWS has it', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send(`/?${credential('sts')}`, form, 'POST', 'Action=GetCallerIdentity');
    expect(answer).toMatchObject({
      status: 200,
      body: expect.stringContaining('<GetCallerIdentityResponse>'),
    });
  });

  it.each<[string, Record<string, string>]>([
    ['typed', { 'sec-fetch-site': 'none' }],
    ['opened by a page of the same server', { 'sec-fetch-site': 'same-origin' }],
    ['asked for by a page of the same server', { 'sec-fetch-site': 'same-origin', origin: '' }],
    ['opened by a console on another port', { 'sec-fetch-site': 'same-site' }],
  ])('reads a presigned address that is %s', async (_title, { origin, ...headers }) => {
    const own = origin === undefined ? {} : { origin: `http://127.0.0.1:${port}` };
    await send(`/b/k?${credential('s3')}`, { ...headers, ...own });
    expect(called).toEqual(['s3:GetObject']);
  });

  it.each(['', 's3', 'states', 'sts', 'lambda', 'pipes'])(
    'gets an answer to a path that is no URL: %s',
    async (name) => {
      for (const path of ['//', '//?a', '///b'])
        expect(
          (await send(name ? `${path}${path.includes('?') ? '&' : '?'}${credential(name)}` : path)).status,
        ).toSatisfy((status: number) => status < 500 || status === 501);
    },
  );
});
