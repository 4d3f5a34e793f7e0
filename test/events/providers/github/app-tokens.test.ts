import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { App, TokenUse } from '../../../../events/app.ts';
import { appJwt } from '../../../../events/providers/github/app-jwt.ts';
import { appTokens, missingOf } from '../../../../events/providers/github/app-tokens.ts';
import { HostRefused } from '../../../../events/request-reader.ts';
import { callApi, type RunningHost, startHost, workTree } from '../../../support/git-host.ts';
import type { Repository } from '../../../support/repository.ts';

const createdSchema = z.looseObject({ id: z.number().transform(String), pem: z.string() });

let host: RunningHost;
let tree: Repository;
let commit: string;
let app: App;
beforeAll(async () => {
  [host, tree] = await Promise.all([startHost(), workTree()]);
  commit = (await tree.git('rev-parse', 'HEAD')).trim();
  for (const name of ['acme/app', 'acme/other'])
    await tree.git('push', '--quiet', host.clone(name), 'HEAD:refs/heads/main');
  app = await newApp();
});
afterAll(async () => {
  await Promise.all([host?.remove(), tree?.remove()]);
});

async function newApp(default_permissions?: object): Promise<App> {
  const { body } = await callApi(host, 'POST', '/app-manifests/c/conversions', { default_permissions });
  const { id, pem } = createdSchema.parse(body);
  return { id, privateKey: pem };
}

const address = () => ({ host: 'localhost', url: `${host.url}/api/v3` });
const mint = (use: TokenUse, repository = 'acme/app', of = app) =>
  appTokens.mint(address(), of, { repository, use });
const lsRemote = (repository: string, token: string) =>
  tree.git('ls-remote', host.clone(repository, token)).then(
    () => 'read',
    () => 'refused',
  );

describe('a token that an App mints', () => {
  it('reads the one repository that it is for, and writes nothing', async () => {
    const { token, expiresAt } = await mint('read');
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 50 * 60_000);
    expect(await lsRemote('acme/app', token)).toBe('read');
    expect(await lsRemote('acme/other', token)).toBe('refused');
    const push = tree.git('push', '--quiet', host.clone('acme/app', token), 'HEAD:refs/heads/topic');
    await expect(push).rejects.toThrow('403');
    const status = { state: 'success', context: 'c' };
    const path = `/repos/acme/app/statuses/${commit}`;
    expect((await callApi(host, 'POST', path, status, token)).status).toBe(403);
    expect((await callApi(host, 'GET', '/repos/acme/app/pulls', undefined, token)).status).toBe(403);
  });

  it('writes commit statuses of its repository, and reads nothing', async () => {
    const { token } = await mint('statuses');
    const status = { state: 'success', context: 'c' };
    const path = (name: string) => `/repos/acme/${name}/statuses/${commit}`;
    expect((await callApi(host, 'POST', path('app'), status, token)).status).toBe(201);
    expect((await callApi(host, 'POST', path('other'), status, token)).status).toBe(404);
    expect(await lsRemote('acme/app', token)).toBe('refused');
  });

  it('reads pull requests, and who may write', async () => {
    const { token } = await mint('requests');
    const get = (path: string) => callApi(host, 'GET', `/repos/acme/app${path}`, undefined, token);
    expect((await get('/pulls')).status).toBe(200);
    expect((await get('/collaborators/ada/permission')).status).toBe(200);
    expect((await get('/branches')).status).toBe(403);
  });
});

describe('an App', () => {
  it('that may not do it is told which permission it lacks', async () => {
    const reader = await newApp({ contents: 'read', checks: 'read' });
    await expect(mint('read', 'acme/app', reader)).resolves.toBeDefined();
    await expect(mint('checks', 'acme/app', reader)).rejects.toThrow(
      `the App ${reader.id} lacks the permission "Checks": write for acme/app on localhost: give it to the App, and accept it where the App is installed`,
    );
  });

  it('is told where it is not installed, and that its key is none of its own', async () => {
    await expect(mint('read', 'acme/nothing')).rejects.toThrow(
      /is not installed for acme\/nothing on localhost/,
    );
    const { privateKey } = await newApp();
    const refused = await mint('read', 'acme/app', { id: app.id, privateKey }).catch((error) => error);
    expect(refused).toBeInstanceOf(HostRefused);
    expect(refused.message).toContain(`localhost does not take the key of the App ${app.id}`);
    expect(refused.message).not.toContain('PRIVATE');
  });
});

describe('a host that gives an App no token', () => {
  let server: Server;
  let url = '';
  let statuses = { installation: 200, token: 201 };
  const answers = {
    id: 7,
    permissions: { contents: 'read' },
    token: 't',
    expires_at: '2026-01-01T00:00:00Z',
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const status = statuses[request.method === 'GET' ? 'installation' : 'token'];
      const body = status < 300 ? answers : { message: 'so it is' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listening = server.address();
    url = typeof listening === 'object' ? `http://127.0.0.1:${listening?.port}` : '';
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const asked = (installation: number, token = 201) => {
    statuses = { installation, token };
    const wanted = { repository: 'acme/app', use: 'read' } as const;
    return appTokens.mint({ host: 'ghes', url }, app, wanted).catch((error) => error);
  };

  it.each([403, 422])('by %i is told to look at the installation and its permissions', async (status) => {
    const refused = await asked(200, status);
    expect(refused).toBeInstanceOf(HostRefused);
    expect(refused).toMatchObject({
      status,
      message: `ghes gives the App ${app.id} no token for acme/app: see that its installation there is not suspended, and has the permissions that the App asks for`,
      cause: { message: expect.stringContaining('so it is') },
    });
  });

  it('is one that refuses the App, by 401, for whatever it is asked', async () => {
    for (const refused of [await asked(401), await asked(200, 401)])
      expect(refused).toMatchObject({
        status: 401,
        message: expect.stringContaining('does not take the key'),
      });
  });

  it.each([
    [403, 201],
    [410, 201],
    [200, 404],
    [200, 410],
  ])('says it in its own words otherwise: by %i and %i', async (installation, token) => {
    const error = await asked(installation, token);
    expect(error).not.toBeInstanceOf(HostRefused);
    expect(error.message).toContain('so it is');
  });

  it('gives what it answers when it does', async () => {
    expect(await asked(200)).toEqual({ token: 't', expiresAt: '2026-01-01T00:00:00Z' });
  });
});

it.each<[Readonly<Record<string, string>>, TokenUse, string[]]>([
  [{ contents: 'read' }, 'read', []],
  [{ contents: 'write' }, 'read', []],
  [{ contents: 'admin' }, 'read', []],
  [{ contents: 'none' }, 'read', ['"Contents": read']],
  [{ contents: 'write' }, 'statuses', ['"Commit statuses": write']],
  [{ statuses: 'read' }, 'statuses', ['"Commit statuses": write']],
  [{ statuses: 'write' }, 'statuses', []],
  [{}, 'checks', ['"Checks": write']],
  [{}, 'requests', ['"Pull requests": read']],
  [{}, 'repository hooks', ['"Webhooks": write']],
  [{}, 'organisation hooks', ['"Webhooks" of the organisation: write']],
])('who holds %j lacks for %s: %j', (held, use, missing) => {
  expect(missingOf(held, [use])).toEqual(missing);
});

describe('the JSON Web Token of an App', () => {
  const ask = (jwt: string) => callApi(host, 'GET', '/app', undefined, jwt);
  const signed = (claims: object, alg = 'RS256') => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg })}.${part(claims)}`;
    return `${text}.${createSign('sha256').update(text).sign(app.privateKey, 'base64url')}`;
  };

  it('names the App, and reads no repository', async () => {
    const jwt = appJwt(app);
    expect((await ask(jwt)).body).toMatchObject({ id: Number(app.id) });
    expect(await lsRemote('acme/app', jwt)).toBe('refused');
    expect((await callApi(host, 'GET', '/repos/acme/app', undefined, jwt)).status).toBe(403);
  });

  it('is refused before its time, after it, for too long a time, by another key, and without one', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iat: now - 60, exp: now + 300, iss: app.id };
    expect((await ask(signed(claims))).status).toBe(200);
    for (const wrong of [{ iat: now + 60 }, { exp: now - 1 }, { exp: now + 700 }, { iss: '99' }])
      expect((await ask(signed({ ...claims, ...wrong }))).status).toBe(401);
    expect((await ask(signed(claims, 'none'))).status).toBe(401);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect((await ask(appJwt({ ...app, privateKey: other }))).status).toBe(401);
    const [header, body] = signed(claims).split('.');
    expect((await ask(`${header}.${body}.`)).status).toBe(401);
  });
});
