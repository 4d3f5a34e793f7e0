import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestReader } from '../../../../events/providers/github/requests.ts';

const SHA = '1'.repeat(40);
const REQUEST = {
  number: 12,
  state: 'open',
  mergeable: null,
  head: { ref: 'topic', sha: SHA, repo: { full_name: 'mallory/app' } },
  base: { ref: 'main' },
};

/** What the host answers at a path. */
const ANSWERS: Readonly<Record<string, readonly [status: number, body: object]>> = {
  '/repos/acme/app/pulls/12': [200, REQUEST],
  // Its fork is gone.
  '/repos/acme/app/pulls/14': [
    200,
    {
      ...{ number: 14, state: 'closed', merged: true, draft: true, mergeable: false },
      ...{ head: { ...REQUEST.head, repo: null }, base: REQUEST.base },
    },
  ],
  '/repos/acme/app/pulls/15': [200, { ...REQUEST, head: { ref: 'topic', repo: null } }],
  '/repos/acme/app/pulls/16': [200, { ...REQUEST, head: { ...REQUEST.head, repo: {} } }],
  '/repos/acme/app/pulls/17': [200, { ...REQUEST, base: {} }],
  '/repos/acme/app/pulls/18': [200, { ...REQUEST, state: 'unknown' }],
  '/repos/acme/app/pulls/19': [
    200,
    { ...REQUEST, head: { ...REQUEST.head, repo: { full_name: 'acme/app' } } },
  ],
  '/repos/acme/app/pulls/13': [404, { message: 'Not Found' }],
  ...Object.fromEntries(
    ['admin', 'maintain', 'write', 'triage', 'read', 'none'].map((permission) => [
      `/repos/acme/app/collaborators/${permission}/permission`,
      [200, { permission }] as const,
    ]),
  ),
  '/repos/acme/app/collaborators/nobody/permission': [404, { message: 'nobody is not a user' }],
  '/repos/acme/app/collaborators/hidden/permission': [403, { message: 'Must have push access' }],
  '/repos/acme/app/collaborators/..%2F..%2Fodd%3F/permission': [200, { permission: 'write' }],
};

let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    const [status, body] = ANSWERS[request.url ?? ''] ?? [404, { message: 'Not Found' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const api = () => ({ host: 'localhost', url, token: 'a-token' });

describe('a pull request that is asked about', () => {
  it('is as the host has it', async () => {
    expect(await requestReader.read(api(), 'acme/app', 12)).toMatchObject({
      open: true,
      mergeable: undefined,
      pullRequest: {
        number: 12,
        draft: false,
        merged: false,
        fork: true,
        head: { ref: 'topic', commit: SHA, repository: 'mallory/app' },
        base: 'main',
      },
    });
  });

  it('may be closed, and its fork may be gone', async () => {
    const { raw: _, ...request } = await requestReader.read(api(), 'acme/app', 14);
    expect(request).toStrictEqual({
      open: false,
      mergeable: false,
      pullRequest: {
        ...{ number: 14, draft: true, merged: true, fork: true },
        head: { ref: 'topic', commit: SHA },
        base: 'main',
      },
    });
  });

  it('is of no fork where its branch is in the repository', async () => {
    const { pullRequest } = await requestReader.read(api(), 'acme/app', 19);
    expect(pullRequest).toMatchObject({ fork: false, head: { repository: 'acme/app' } });
  });

  it.each([15, 16, 17, 18])('is refused where the host tells of it in another form: %i', async (number) => {
    await expect(requestReader.read(api(), 'acme/app', number)).rejects.toMatchObject({ name: 'ZodError' });
  });

  it('that the token does not see is refused, and says what the token needs', async () => {
    await expect(requestReader.read(api(), 'acme/app', 13)).rejects.toThrow(
      /localhost answered 404 for \/repos\/acme\/app\/pulls\/13: the token/,
    );
  });
});

describe('the permission to write', () => {
  it.each([
    ['admin', true],
    ['maintain', true],
    ['write', true],
    ['triage', false],
    ['read', false],
    ['none', false],
    ['nobody', false],
    // A name is a name, and no path.
    ['../../odd?', true],
  ])('of %s: %s', async (login, mayWrite) => {
    expect(await requestReader.mayWrite(api(), 'acme/app', login)).toBe(mayWrite);
  });

  it('is unknown, and nothing is approved, when the token may not ask', async () => {
    await expect(requestReader.mayWrite(api(), 'acme/app', 'hidden')).rejects.toThrow(/answered 403/);
  });
});
