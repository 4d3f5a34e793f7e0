import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Repository } from '../e2e/repository.ts';
import { type Receiver, type RunningHost, startHost, startReceiver, TOKEN, workTree } from './host.ts';

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
let commit: string;
beforeEach(async () => {
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
  commit = await work.git('rev-parse', 'HEAD');
  await push();
});
afterEach(async () => {
  await host.remove();
  await receiver.close();
  await work.remove();
});

const push = (repository = 'acme/app', refspec = 'HEAD:refs/heads/main') =>
  work.git('push', '--quiet', host.clone(repository), refspec);

async function api(method: string, path: string, body?: unknown, token: string | undefined = TOKEN) {
  const response = await fetch(`${host.url}/api/v3${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    link: response.headers.get('link'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const withId = z.looseObject({ id: z.number() });
const hook = (events?: string[], config = {}) => ({
  ...(events && { events }),
  config: { url: receiver.url, content_type: 'json', secret: 'shh', ...config },
});
const create = async (path: string, wanted: object) =>
  withId.parse((await api('POST', path, wanted)).body).id;

describe('without the token', () => {
  it.each([
    ['none', ''],
    ['a wrong one', 'wrong'],
  ])('%s, everything but the meta page is not found', async (_, token) => {
    const answer = { status: 404, body: { message: 'Not Found' } };
    expect(await api('GET', '/repos/acme/app', undefined, token)).toMatchObject(answer);
    expect(
      await api('POST', `/repos/acme/app/statuses/${commit}`, { state: 'success' }, token),
    ).toMatchObject(answer);
    expect(await api('GET', '/nothing', undefined, token)).toMatchObject(answer);
    expect(await api('GET', '/meta', undefined, token)).toMatchObject({
      status: 200,
      body: { installed_version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
  });
});

it('tells of a repository and its branches', async () => {
  await push('acme/app', 'HEAD:refs/heads/feature/x');
  expect(await api('GET', '/repos/acme/app')).toMatchObject({
    status: 200,
    body: {
      full_name: 'acme/app',
      default_branch: 'main',
      clone_url: `${host.url}/acme/app.git`,
      pushed_at: expect.stringMatching(/^\d{4}-/),
    },
  });
  expect(await api('GET', '/repos/acme/app/branches')).toMatchObject({
    body: [{ name: 'feature/x' }, { name: 'main', commit: { sha: commit } }],
  });
  expect(await api('GET', '/repos/acme/app/branches/feature/x')).toMatchObject({
    status: 200,
    body: { name: 'feature/x', commit: { sha: commit } },
  });
  expect(await api('GET', '/repos/acme/app/branches/none')).toMatchObject({ status: 404 });
  expect(await api('GET', '/repos/acme/none')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
});

describe('commit statuses', () => {
  const statuses = () => `/repos/acme/app/statuses/${commit}`;

  it('are written and read, newest first, by sha and by branch, after a restart too', async () => {
    const written = await api('POST', statuses(), {
      state: 'pending',
      target_url: 'http://127.0.0.1/x',
      description: 'Runs',
      context: 'hookline/demo',
    });
    expect(written).toMatchObject({
      status: 201,
      body: { state: 'pending', context: 'hookline/demo', creator: { login: 'hookline' } },
    });
    await api('POST', statuses(), { state: 'success', context: 'hookline/demo' });
    await host.close();
    host = await startHost(host.directory);
    for (const name of [commit, 'main']) {
      const { body } = await api('GET', `/repos/acme/app/commits/${name}/statuses`);
      expect(body).toMatchObject([
        { state: 'success', description: null, target_url: null },
        { state: 'pending', description: 'Runs', target_url: 'http://127.0.0.1/x' },
      ]);
    }
  });

  it('that come at the same time are all kept, each with an id of its own', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        api('POST', statuses(), { state: 'success', context: `c${number}` }),
      ),
    );
    const { body } = await api('GET', `/repos/acme/app/commits/${commit}/statuses?per_page=100`);
    const ids = z.array(withId).parse(body);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(20);
  });

  it.each([
    ['an unknown commit', () => `/repos/acme/app/statuses/${'1'.repeat(40)}`],
    ['a short sha', () => `/repos/acme/app/statuses/${commit.slice(0, 7)}`],
    ['an unknown repository', () => `/repos/acme/none/statuses/${commit}`],
  ])('of %s are not found', async (_, path) => {
    expect(await api('POST', path(), { state: 'success' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['state', { state: 'great' }],
    ['state', {}],
    ['description', { state: 'success', description: 'x'.repeat(141) }],
    ['target_url', { state: 'success', target_url: 'javascript:alert(1)' }],
    ['context', { state: 'success', context: '' }],
  ])('with a bad %s are refused by its name', async (field, body) => {
    expect(await api('POST', statuses(), body)).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ resource: 'Status', field }] },
    });
  });

  it('that are no JSON are refused', async () => {
    expect(await api('POST', statuses(), '{"state":')).toMatchObject({
      status: 400,
      body: { message: 'Problems parsing JSON' },
    });
  });

  it('come in pages with links to the others', async () => {
    for (const context of ['a', 'b', 'c', 'd', 'e'])
      await api('POST', statuses(), { state: 'success', context });
    const path = `/repos/acme/app/commits/${commit}/statuses`;
    const { body, link } = await api('GET', `${path}?per_page=2&page=2`);
    expect(body).toMatchObject([{ context: 'c' }, { context: 'b' }]);
    const url = `${host.url}/api/v3${path}?per_page=2&page=`;
    expect(link).toBe(
      `<${url}1>; rel="prev", <${url}3>; rel="next", <${url}3>; rel="last", <${url}1>; rel="first"`,
    );
  });
});

describe('hooks', () => {
  const received = (event: string) => receiver.received.filter((one) => one.event === event);

  it('of a repository hear of its chosen events only', async () => {
    await push('acme/other');
    await create('/repos/acme/app/hooks', hook(['push']));
    await vi.waitFor(() => expect(received('ping')).toHaveLength(1));
    expect(received('ping')[0]?.payload).toMatchObject({ repository: { full_name: 'acme/app' } });
    await push('acme/app', 'HEAD:refs/heads/topic');
    await push('acme/other', 'HEAD:refs/heads/topic');
    await vi.waitFor(() => expect(received('push')).toHaveLength(1));
    const [sent] = received('push');
    const digest = createHmac('sha256', 'shh')
      .update(sent?.body ?? '')
      .digest('hex');
    expect(sent?.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    expect(sent?.headers['x-github-hook-installation-target-type']).toBe('repository');
    expect(host.gitHost.deliveries().map(({ event, repository }) => [event, repository])).toEqual([
      ['ping', 'acme/app'],
      ['push', 'acme/app'],
    ]);
  });

  it("of an owner hear of its repositories' events, all with one delivery id", async () => {
    await create('/orgs/acme/hooks', hook(['push']));
    await create('/repos/acme/app/hooks', hook(['push']));
    await push('acme/app', 'HEAD:refs/heads/topic');
    await push('else/app');
    await vi.waitFor(() => expect(received('push')).toHaveLength(2));
    const ids = received('push').map(({ headers }) => headers['x-github-delivery']);
    expect(new Set(ids).size).toBe(1);
    expect(host.gitHost.deliveries().filter(({ event }) => event === 'push')).toHaveLength(2);
  });

  it('can have their events as a form', async () => {
    await create('/repos/acme/app/hooks', hook(['push'], { content_type: 'form' }));
    await vi.waitFor(() => expect(received('ping')).toHaveLength(1));
    const [sent] = received('ping');
    expect(sent?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const digest = createHmac('sha256', 'shh')
      .update(sent?.body ?? '')
      .digest('hex');
    expect(sent?.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
  });

  it('are listed, changed, pinged and removed; the secret is never shown', async () => {
    const id = await create('/repos/acme/app/hooks', hook());
    const path = `/repos/acme/app/hooks/${id}`;
    expect(await api('GET', '/repos/acme/app/hooks')).toMatchObject({
      body: [{ id, active: true, events: ['push'], config: { url: receiver.url, secret: '********' } }],
    });
    await vi.waitFor(() => expect(received('ping')).toHaveLength(1));
    expect(await api('POST', `${path}/pings`)).toMatchObject({ status: 204 });
    await vi.waitFor(() => expect(received('ping')).toHaveLength(2));

    expect(await api('PATCH', path, { add_events: ['create'], remove_events: ['push'] })).toMatchObject({
      status: 200,
      body: { events: ['create'] },
    });
    expect(await api('PATCH', path, { active: false })).toMatchObject({ body: { active: false } });
    await push('acme/app', 'HEAD:refs/heads/topic');
    expect(host.gitHost.deliveries().filter(({ event }) => event !== 'ping')).toEqual([]);
    const { body } = await api('PATCH', path, { config: { url: receiver.url, content_type: 'json' } });
    expect(body.config).not.toHaveProperty('secret');

    expect(await api('DELETE', path)).toMatchObject({ status: 204 });
    expect(await api('GET', path)).toMatchObject({ status: 404 });
    expect(await api('GET', '/repos/acme/app/hooks')).toMatchObject({ body: [] });
  });

  it('stay over a restart, at work at once', async () => {
    await create('/orgs/acme/hooks', hook(['push']));
    await host.close();
    host = await startHost(host.directory);
    await push('acme/app', 'HEAD:refs/heads/topic');
    await vi.waitFor(() => expect(received('push')).toHaveLength(1));
  });

  it('are found under their own scope only', async () => {
    const id = await create('/repos/acme/app/hooks', hook());
    await push('acme/other');
    for (const path of ['/repos/acme/other/hooks', '/orgs/acme/hooks', '/repos/acme/none/hooks'])
      expect(await api('GET', `${path}/${id}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['an address that is none', { config: { url: 'nowhere' } }, 'config.url'],
    ['an address that is not the web', { config: { url: 'file:///etc/passwd' } }, 'config.url'],
    ['no config', {}, 'config'],
    ['no event', { config: { url: 'http://localhost/' }, events: [] }, 'events'],
    ['certificates unchecked', { config: { url: 'http://localhost/', insecure_ssl: '1' } }, 'config'],
  ])('with %s are refused', async (_, body, field) => {
    expect(await api('POST', '/repos/acme/app/hooks', body)).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'Hook', field }] },
    });
  });

  it('are refused when one for the same address hears of the same events', async () => {
    await create('/repos/acme/app/hooks', hook(['push']));
    expect(await api('POST', '/repos/acme/app/hooks', hook(['push', 'create']))).toMatchObject({
      status: 422,
      body: { errors: [{ message: 'Hook already exists on this repository' }] },
    });
    expect(await api('POST', '/repos/acme/app/hooks', hook(['create']))).toMatchObject({ status: 201 });
  });

  it('tell what was delivered, and deliver it again with the same id', async () => {
    const id = await create('/repos/acme/app/hooks', hook(['push']));
    for (const name of ['a', 'b']) await push('acme/app', `HEAD:refs/heads/${name}`);
    await vi.waitFor(() => expect(received('push')).toHaveLength(2));
    await vi.waitFor(() => expect(host.gitHost.deliveries().at(-1)?.status).toBe('OK'));
    const path = `/repos/acme/app/hooks/${id}/deliveries`;
    const first = await api('GET', `${path}?per_page=2`);
    expect(first.body).toMatchObject([
      { event: 'push', status: 'OK', status_code: 200, redelivery: false },
      { event: 'push' },
    ]);
    const next = /<(.*)>; rel="next"/.exec(first.link ?? '')?.[1] ?? '';
    const rest = await api('GET', next.slice(`${host.url}/api/v3`.length));
    expect(rest).toMatchObject({ body: [{ event: 'ping' }], link: null });

    const newest = withId.parse(first.body[0]);
    const { body } = await api('GET', `${path}/${newest.id}`);
    expect(body).toMatchObject({
      guid: first.body[0].guid,
      url: receiver.url,
      request: { headers: { 'X-GitHub-Event': 'push' }, payload: { ref: 'refs/heads/b' } },
      response: { payload: 'received' },
    });
    expect(await api('POST', `${path}/${newest.id}/attempts`)).toMatchObject({ status: 202 });
    await vi.waitFor(() => expect(received('push')).toHaveLength(3));
    expect(received('push')[2]?.headers['x-github-delivery']).toBe(first.body[0].guid);
    expect(received('push')[2]?.body.equals(received('push')[1]?.body ?? Buffer.alloc(0))).toBe(true);
    expect(await api('POST', `${path}/99999/attempts`)).toMatchObject({ status: 404 });
    const [again] = (await api('GET', path)).body;
    expect(again).toMatchObject({ guid: first.body[0].guid, redelivery: true });
  });
});
