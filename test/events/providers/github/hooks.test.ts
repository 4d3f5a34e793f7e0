import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appHooks, hooks } from '../../../../events/providers/github/hooks.ts';
import { type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

const URL_OF_DOOR = 'https://door.example/github';

let server: AnsweringApi;
beforeAll(async () => {
  server = await startAnsweringApi();
});
afterAll(() => server?.close());

const api = () => ({ host: 'ghes', url: server.url, token: 'a' });
const asked = (): string[] => server.asked.map(({ method, path }) => `${method} ${path}`);
const hook = (id: number, url: string) => ({ id, config: { url } });
const attempt = (id: number, at: string) => ({
  ...{ id, guid: `guid-${id}`, delivered_at: at, status: 'OK', status_code: 200, event: 'push' },
});

describe('the name of whose webhooks they are', () => {
  it.each([
    ['acme/app', '/repos/acme/app/hooks'],
    ['acme/.github', '/repos/acme/.github/hooks'],
    ['acme', '/orgs/acme/hooks'],
    ['.acme', '/orgs/.acme/hooks'],
    ['acme.x-y_z', '/orgs/acme.x-y_z/hooks'],
  ])('%s is asked for at %s', async (of, path) => {
    server.answer(() => ({ body: [] }));
    expect(await hooks(api(), of).list()).toEqual([]);
    expect(asked()).toEqual([`GET ${path}?per_page=100`]);
  });

  it.each(['', '.', '..', 'a/b/c', '../app', 'acme/..', 'acme/', '/app', 'a b', 'acme?x', 'acme/app#'])(
    '%j is none',
    (of) => {
      expect(() => hooks(api(), of)).toThrow(
        `${JSON.stringify(of)} is neither a repository (owner/name) nor an organisation (name)`,
      );
    },
  );
});

describe('a webhook', () => {
  const wanted = { url: URL_OF_DOOR, secret: 'the-secret', events: ['push', 'create'] };
  const sent = {
    name: 'web',
    active: true,
    events: ['push', 'create'],
    config: { url: URL_OF_DOOR, content_type: 'json', insecure_ssl: '0', secret: 'the-secret' },
  };

  it.each([
    ['made where there is none', [], 'POST', '/repos/acme/app/hooks', true],
    ['made beside those of others', [hook(3, 'https://else')], 'POST', '/repos/acme/app/hooks', true],
    [
      'brought up to date where its address has one',
      [hook(3, 'https://else'), hook(4, URL_OF_DOOR)],
      'PATCH',
      '/repos/acme/app/hooks/4',
      false,
    ],
  ])('is %s', async (_title, there, method, path, created) => {
    server.answer((request) => ({ body: request.method === 'GET' ? there : hook(4, URL_OF_DOOR) }));
    const found = await hooks(api(), 'acme/app').create(wanted);
    expect(found).toEqual({
      hook: { id: 4, active: true, events: [], config: { url: URL_OF_DOOR } },
      created,
    });
    expect(server.asked[1]).toMatchObject({ method, path, body: sent });
  });

  it('is asked for a ping, removed, and asked for an attempt', async () => {
    server.answer(() => ({}));
    const { ping, remove, redeliver } = hooks(api(), 'acme');
    await ping('4');
    await remove('4');
    await redeliver('4', '17');
    expect(asked()).toEqual([
      'POST /orgs/acme/hooks/4/pings',
      'DELETE /orgs/acme/hooks/4',
      'POST /orgs/acme/hooks/4/deliveries/17/attempts',
    ]);
  });

  it('is found on whatever page it stands, be the page full or not', async () => {
    const next = (page: string) => ({
      link: `<${server.url}/first?page=1>; rel="first", <${server.url}/orgs/acme/hooks?per_page=100&page=${page}>; rel="next"`,
    });
    server.answer(({ path }) => {
      if (path.endsWith('page=2')) return { body: [], headers: next('3') };
      if (path.endsWith('page=3'))
        return { body: [hook(2, 'b')], headers: { link: `<${server.url}/x?page=1>; rel="prev"` } };
      return { body: [hook(1, 'a')], headers: next('2') };
    });
    expect((await hooks(api(), 'acme').list()).map(({ id }) => id)).toEqual([1, 2]);
    expect(asked()).toEqual(
      ['', '&page=2', '&page=3'].map((page) => `GET /orgs/acme/hooks?per_page=100${page}`),
    );
  });
});

describe('the deliveries of a webhook', () => {
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;

  it('are those since a time, and no page is asked for after an older one', async () => {
    const link = `<${server.url}/x?cursor=c1>; rel="next"`;
    server.answer(({ path }) =>
      path.includes('cursor')
        ? { body: [attempt(2, at(30)), attempt(1, at(10))], headers: { link } }
        : { body: [attempt(4, at(50)), attempt(3, at(40))], headers: { link } },
    );
    const { deliveries, isCut } = await hooks(api(), 'acme/app').deliveries('4', { since: at(30) });
    expect(deliveries.map(({ id }) => id)).toEqual(['4', '3', '2']);
    expect(isCut).toBe(false);
    expect(asked()).toEqual([
      'GET /repos/acme/app/hooks/4/deliveries?per_page=100',
      'GET /repos/acme/app/hooks/4/deliveries?per_page=100&cursor=c1',
    ]);
  });

  it('are a thousand by default of those that have no end, and it is said that there may be more', async () => {
    const body = Array.from({ length: 100 }, (_, index) => attempt(index, at(0)));
    server.answer(() => ({ body, headers: { link: `<${server.url}/x?cursor=c1>;rel=next` } }));
    const { deliveries, isCut } = await hooks(api(), 'acme').deliveries('4');
    expect(deliveries).toHaveLength(1000);
    expect(isCut).toBe(true);
    expect(server.asked).toHaveLength(10);
    expect((await hooks(api(), 'acme').deliveries('4', { most: 200 })).deliveries).toHaveLength(200);
  });

  it('are no part where they end with the page that is the last', async () => {
    server.answer(() => ({ body: [attempt(1, at(0))] }));
    expect(await hooks(api(), 'acme').deliveries('4', { most: 1 })).toMatchObject({ isCut: false });
  });

  it('are no longer asked for after a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    server.answer(() => {
      vi.setSystemTime(Date.now() + 30_001);
      return { body: [attempt(1, at(0))], headers: { link: `<${server.url}/x?cursor=c1>;rel=next` } };
    });
    const { deliveries, isCut } = await hooks(api(), 'acme').deliveries('4');
    vi.useRealTimers();
    expect([deliveries.length, isCut]).toEqual([2, true]);
  });

  it('have ids of any size, to the last digit', async () => {
    const large = '12345678901234567891';
    server.answer(() => ({ body: JSON.stringify([attempt(17, at(0))]).replace('"id":17', `"id":${large}`) }));
    const { deliveries } = await hooks(api(), 'acme').deliveries('4');
    expect(deliveries[0]).toMatchObject({ id: large, guid: 'guid-17', redelivery: false, event: 'push' });
  });
});

describe('the webhook of an App', () => {
  it('has no id, and is asked for in the name of the App', async () => {
    server.answer(({ path }) => ({ body: path.includes('deliveries') ? [] : { url: URL_OF_DOOR } }));
    const { list, deliveries, redeliver } = appHooks(api());
    expect(await list()).toEqual([{ id: 0, active: true, events: [], config: { url: URL_OF_DOOR } }]);
    expect(await deliveries('0')).toEqual({ deliveries: [], isCut: false });
    await redeliver('0', '17');
    expect(asked()).toEqual([
      'GET /app/hook/config',
      'GET /app/hook/deliveries?per_page=100',
      'POST /app/hook/deliveries/17/attempts',
    ]);
  });

  it('is none where the host says so, and any other refusal is an error', async () => {
    server.answer(() => ({ status: 404 }));
    expect(await appHooks(api()).list()).toEqual([]);
    server.answer(() => ({ status: 401 }));
    await expect(appHooks(api()).list()).rejects.toThrow('ghes answers 401 for the webhooks of the App');
  });
});

describe('a host that refuses', () => {
  it.each([
    ['acme', 401, 'it does not take the token; set a valid one with "hookline secret set"'],
    ['acme', 403, 'the token may not see them; it needs the scope admin:org_hook'],
    ['acme/app', 403, 'the token may not see them; it needs the scope admin:repo_hook'],
    ['acme', 404, 'either there is no such thing, or the token lacks the scope admin:org_hook'],
    ['acme/app', 404, 'either there is no such thing, or the token lacks the scope admin:repo_hook'],
  ])('the webhooks of %s by %i is explained', async (of, status, why) => {
    server.answer(() => ({ status }));
    await expect(hooks(api(), of).list()).rejects.toMatchObject({
      message: `ghes answers ${status} for the webhooks of ${of}: ${why}`,
      cause: { status },
    });
  });

  it('in another way is told in its own words', async () => {
    server.answer(() => ({ status: 422, body: { message: 'the address is bad' } }));
    const create = hooks(api(), 'acme').create({ url: 'x', secret: '', events: [] });
    await expect(create).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('the address is bad'),
    });
  });
});
