import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import {
  callApi,
  type Receiver,
  type RunningHost,
  startHost,
  startReceiver,
  workTree,
} from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
async function start(): Promise<void> {
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
  await push();
}
async function end(): Promise<void> {
  await host.remove();
  await receiver.close();
  await work.remove();
}

const push = (repository = 'acme/app', refspec = 'HEAD:refs/heads/main') =>
  work.git('push', '--quiet', host.clone(repository), refspec);

const api = (method: string, path: string, body?: unknown, token?: string) =>
  callApi(host, method, path, body, token);

const withId = z.looseObject({ id: z.number() });
const hook = (events?: string[], config = {}) => ({
  ...(events && { events }),
  config: { url: receiver.url, content_type: 'json', secret: 'shh', ...config },
});
const create = async (path: string, wanted: object) =>
  withId.parse((await api('POST', path, wanted)).body).id;

const received = (event: string) => receiver.received.filter((one) => one.event === event);

describe('hooks', () => {
  beforeEach(start);
  afterEach(end);

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

describe('hooks with what the git host does not take', () => {
  beforeAll(start);
  afterAll(end);

  it.each([
    ['an address that is none', { config: { url: 'nowhere' } }, 'config.url'],
    ['an address that is not the web', { config: { url: 'file:///etc/passwd' } }, 'config.url'],
    ['no config', {}, 'config'],
    ['no event', { config: { url: 'http://localhost/' }, events: [] }, 'events'],
    ['certificates unchecked', { config: { url: 'http://localhost/', insecure_ssl: '1' } }, 'config'],
  ])('%s, are refused', async (_, body, field) => {
    expect(await api('POST', '/repos/acme/app/hooks', body)).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'Hook', field }] },
    });
  });
});
