import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { readJson, writeJson } from '../../githost/files.ts';
import { createGitHost } from '../../githost/index.ts';
import {
  callApi,
  type Receiver,
  type RunningHost,
  SECRET,
  startHost,
  startReceiver,
  TOKEN,
  workTree,
} from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let receiver: Receiver;
let work: Repository;
beforeEach(async () => {
  [host, receiver, work] = await Promise.all([startHost(), startReceiver(), workTree()]);
});
afterEach(async () => {
  await host.remove();
  await receiver.close();
  await work.remove();
});

const addHook = (url = receiver.url, secret = SECRET) => host.gitHost.addHook({ url, secret, events: ['*'] });
const push = (refspec = 'HEAD:refs/heads/main', repository = 'acme/app') =>
  work.git('push', '--quiet', host.clone(repository), refspec);
const received = (event: string) => receiver.received.filter((one) => one.event === event);
const deliveriesOf = (event: string) => host.gitHost.deliveries().filter((one) => one.event === event);

describe('deliveries of the git host', () => {
  it('are signed over the very bytes that are sent', async () => {
    await addHook();
    await work.commit({ 'ünï ©ode.txt': 'text\n' }, 'Say “one” — 🚀');
    await push();
    await vi.waitFor(() => expect(received('push')).toHaveLength(1));
    const [sent] = received('push');
    const digest = createHmac('sha256', SECRET)
      .update(sent?.body ?? '')
      .digest('hex');
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/hookline',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'x-github-enterprise-host': 'localhost',
      'x-github-enterprise-version': expect.stringMatching(/^3\.\d+\.\d+$/),
      'x-github-hook-id': '1',
      'x-hub-signature-256': `sha256=${digest}`,
    });
  });

  it('begin with a ping, once for each address', async () => {
    await addHook();
    await addHook();
    await vi.waitFor(() => expect(received('ping')).toHaveLength(1));
    expect(received('ping')[0]?.payload).toMatchObject({
      zen: expect.any(String),
      hook_id: 1,
      hook: { id: 1, active: true, events: ['*'], config: { url: receiver.url, secret: '********' } },
    });
    expect(deliveriesOf('ping')).toHaveLength(1);
  });

  it('are listed as soon as the push has ended, oldest first, with their result once they are sent', async () => {
    await addHook();
    await push();
    expect(host.gitHost.deliveries().map(({ event, repository }) => [event, repository])).toEqual([
      ['ping', null],
      ['create', 'acme/app'],
      ['push', 'acme/app'],
    ]);
    await vi.waitFor(() => expect(deliveriesOf('push')[0]).toMatchObject({ status: 'OK', statusCode: 200 }));
    expect(deliveriesOf('push')[0]?.id).toBe(received('push')[0]?.headers['x-github-delivery']);
  });

  it('arrive in the order of the pushes', async () => {
    await addHook();
    for (let number = 0; number < 5; number++) await push(`HEAD:refs/heads/b${number}`);
    await vi.waitFor(() => expect(received('push')).toHaveLength(5));
    expect(received('push').map(({ payload }) => payload.ref)).toEqual(
      [0, 1, 2, 3, 4].map((number) => `refs/heads/b${number}`),
    );
  });

  it('that are refused or find nobody are recorded, and not sent again by themselves', async () => {
    receiver.answer(500);
    await addHook();
    await vi.waitFor(() => expect(deliveriesOf('ping')[0]?.status).toBe('Invalid HTTP Response: 500'));
    const gone = await startReceiver();
    await gone.close();
    await addHook(gone.url, 'another secret');
    await vi.waitFor(() =>
      expect(deliveriesOf('ping')[1]?.status).toMatch(/failed to connect: .*ECONNREFUSED/),
    );
    expect(deliveriesOf('ping').map(({ statusCode }) => statusCode)).toEqual([500, 0]);
    expect(received('ping')).toHaveLength(1);
  });

  it('follow no redirect', async () => {
    receiver.answer(302);
    await addHook();
    await vi.waitFor(() => expect(deliveriesOf('ping')[0]?.status).toBe('Invalid HTTP Response: 302'));
  });

  it('can be sent again: the same bytes with the same id', async () => {
    await addHook();
    await push();
    await vi.waitFor(() => expect(received('push')).toHaveLength(1));
    const [first] = received('push');
    await host.gitHost.redeliver(String(first?.headers['x-github-delivery']));
    const [, second] = received('push');
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(second?.headers).toEqual(first?.headers);
    expect(deliveriesOf('push').map(({ redelivery }) => redelivery)).toEqual([false, true]);
    await expect(host.gitHost.redeliver('nothing')).rejects.toThrow(/keeps no delivery nothing/);
  });

  it('keep their repositories, hooks and records over a restart, without another ping', async () => {
    await addHook();
    await push();
    await vi.waitFor(() => expect(deliveriesOf('push')[0]?.status).toBe('OK'));
    const before = host.gitHost.deliveries();
    await host.close();
    host = await startHost(host.directory);
    expect(host.gitHost.deliveries()).toEqual(before);
    await addHook();
    await work.commit({ 'a.txt': 'a\n' });
    await push();
    await vi.waitFor(() => expect(received('push')).toHaveLength(2));
    expect(received('ping')).toHaveLength(1);
    expect(received('push')[1]?.headers['x-github-hook-id']).toBe('1');
  });

  it('that were not sent before the end go out at the next start, to where the receiver is by then', async () => {
    // A receiver that takes the delivery and never answers.
    let taken = 0;
    const silent = createServer(() => void taken++);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    await addHook(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`);
    await vi.waitFor(() => expect(taken).toBe(1));
    await push();
    const ids = host.gitHost.deliveries().map(({ id }) => id);
    await host.close();
    silent.closeAllConnections();
    silent.close();

    host = await startHost(host.directory);
    expect(host.gitHost.deliveries().map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    await addHook();
    await vi.waitFor(() =>
      expect(host.gitHost.deliveries().every(({ status }) => status === 'OK')).toBe(true),
    );
    const sent = receiver.received.map(({ headers }) => headers['x-github-delivery']);
    expect(sent).toEqual(expect.arrayContaining(ids));
    expect(sent).toHaveLength(4);
  });

  it('that wait are sent once the host serves, and not by a start that does not get as far', async () => {
    const config = { url: receiver.url, content_type: 'json' };
    await callApi(host, 'POST', '/orgs/acme/hooks', { name: 'web', events: ['push'], config });
    await vi.waitFor(() => expect(deliveriesOf('ping')[0]?.status).toBe('OK'));
    await host.close();
    const file = join(host.directory, 'deliveries', '000000000001.json');
    await writeJson(file, { ...z.looseObject({}).parse(readJson(file)), status: 'pending' });
    const other = createGitHost({
      ...{ directory: host.directory, url: () => '', hostName: 'localhost' },
      ...{ token: TOKEN, webhookSecret: SECRET },
    });
    await setTimeout(200);
    await other.close();
    host = await startHost(host.directory);
    expect(deliveriesOf('ping')[0]?.status).toBe('pending');
    await callApi(host, 'GET', '/meta');
    await vi.waitFor(() => expect(deliveriesOf('ping')[0]?.status).toBe('OK'));
    expect(received('ping')).toHaveLength(2);
  });

  it('of a push that the end of the process came between are made at the next start', async () => {
    await addHook();
    await push();
    await vi.waitFor(() => expect(deliveriesOf('push')[0]?.status).toBe('OK'));
    await host.close();
    // What a kill leaves: the note of the refs before the push, the refs after it, and no events.
    const folder = join(host.directory, 'repositories', 'acme', 'app.git');
    await writeJson(join(folder, 'hookline', 'push.json'), { login: 'ada', refs: {} });
    host = await startHost(host.directory);
    await addHook();
    await vi.waitFor(() => expect(received('push')).toHaveLength(2));
    expect(received('push')[1]?.payload).toMatchObject({ ref: 'refs/heads/main', pusher: { name: 'ada' } });
  });

  it('of a push that failed after its refs had moved are made when it is tried again', async () => {
    await addHook();
    await push();
    await vi.waitFor(() => expect(deliveriesOf('push')[0]?.status).toBe('OK'));
    const folder = join(host.directory, 'repositories', 'acme', 'app.git');
    await writeJson(join(folder, 'hookline', 'push.json'), { login: 'ada', refs: {} });
    await push();
    await vi.waitFor(() => expect(received('push')).toHaveLength(2));
    await push();
    expect(deliveriesOf('push')).toHaveLength(2);
  });

  it('are kept up to as many as are wanted, the newest', async () => {
    await host.remove();
    host = await startHost(undefined, 20);
    await addHook();
    await vi.waitFor(() => expect(deliveriesOf('ping')[0]?.status).toBe('OK'));
    const [ping] = deliveriesOf('ping');
    for (let number = 0; number < 20; number++) await host.gitHost.redeliver(ping?.id ?? '');
    expect(host.gitHost.deliveries()).toHaveLength(20);
    expect(host.gitHost.deliveries().every(({ redelivery }) => redelivery)).toBe(true);
  });
});
