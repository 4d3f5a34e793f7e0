import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { addHost } from '../../support/other-host.ts';

const sentSchema = z.array(z.looseObject({ id: z.string(), guid: z.string(), event: z.string() }));

interface HookOf {
  readonly id: number;
  readonly config: { readonly url?: string; readonly content_type?: string; readonly secret?: string };
  readonly events?: readonly string[];
}

// Of github.com; no double holds it.
const LARGE_ID = '3804004623172239366';
const deliveryAnswer = (id: string): string =>
  `{"id":${id},"guid":"g-${id}","delivered_at":"2026-01-31T09:00:00Z","status":"OK","status_code":202,"event":"push","action":null}`;

/** A host with so many webhooks that a list of them has pages, which hold fewer than were asked for. */
class Ghes {
  readonly hooks: HookOf[] = Array.from({ length: 230 }, (_, id) => ({
    id: id + 1,
    config: { url: `https://ci.test/${id}` },
  }));
  readonly server: Server = createServer((request, response) => void this.answer(request, response));
  readonly attempts: string[] = [];
  url = '';

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const send = (status: number, body: unknown, headers = {}): void =>
      void response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    if (request.headers.authorization !== 'token right') return send(401, { message: 'Bad credentials' });
    if (pathname.startsWith('/api/v3/orgs/forbidden/'))
      return send(403, { message: 'Must have admin rights' });
    if (!/^\/api\/v3\/(orgs\/acme|repos\/acme\/app)\/hooks/.test(pathname))
      return send(404, { message: 'Not Found' });
    if (pathname.endsWith('/attempts')) {
      this.attempts.push(pathname);
      return send(202, {});
    }
    if (pathname.endsWith('/deliveries')) {
      const next = `<${this.url}${pathname}?cursor=v1_2>; rel="next"`;
      const last = searchParams.get('cursor') === 'v1_2';
      return void response
        .writeHead(200, { 'content-type': 'application/json', ...(last ? {} : { link: next }) })
        .end(`[${deliveryAnswer(last ? LARGE_ID : '12')}]`);
    }
    const id = Number(/hooks\/(\d+)/.exec(pathname)?.[1] ?? 0);
    if (request.method === 'GET') {
      const page = Number(searchParams.get('page') ?? 1);
      const end = page * 90;
      const next = `<${this.url}${pathname}?per_page=100&page=${page + 1}>; rel="next"`;
      return send(200, this.hooks.slice(end - 90, end), end < this.hooks.length ? { link: next } : {});
    }
    if (request.method === 'DELETE') {
      this.hooks.splice(
        this.hooks.findIndex((hook) => hook.id === id),
        1,
      );
      return void response.writeHead(204).end();
    }
    const body = JSON.parse((await request.toArray()).join('')) as Omit<HookOf, 'id'>;
    if (request.method === 'POST') this.hooks.push({ ...body, id: 1000 });
    else
      this.hooks.splice(
        this.hooks.findIndex((hook) => hook.id === id),
        1,
        { ...body, id },
      );
    return send(
      200,
      this.hooks.find((hook) => hook.id === (id || 1000)),
    );
  }
}

let on: Commanded;
let ghes: Ghes;
beforeAll(async () => {
  on = await startCommand();
  ghes = new Ghes();
  await new Promise<void>((resolve) => ghes.server.listen(0, '127.0.0.1', resolve));
  ghes.url = `http://127.0.0.1:${(ghes.server.address() as AddressInfo).port}`;
  const host = (token: string) => ({
    settings: { provider: 'github', url: ghes.url },
    webhookSecret: 'a webhook secret',
    credentials: { token },
  });
  await addHost(on.hookline, 'ghes.test', host('right'));
  await addHost(on.hookline, 'expired.test', host('wrong'));
});
afterAll(async () => {
  ghes?.server.close();
  await on?.remove();
});

describe('hookline hooks on a GitHub Enterprise Server', () => {
  const at = ['--host', 'ghes.test'];

  it('lists every page', async () => {
    expect(await on.json('hooks', 'list', 'acme/app', ...at)).toHaveLength(230);
  });

  it('makes the webhook of an organisation once, and finds it behind the other pages after that', async () => {
    const made = { content_type: 'json', secret: 'a webhook secret', url: on.hookline.outputs.webhookUrl };
    expect(await on.json('hooks', 'create', 'acme', ...at)).toMatchObject({
      created: true,
      hook: { id: 1000, active: true, config: made, events: ['*'] },
    });
    expect(await on.json('hooks', 'create', 'acme', ...at)).toMatchObject({
      created: false,
      hook: { id: 1000 },
    });
    expect(ghes.hooks.filter(({ config }) => config.url === made.url)).toHaveLength(1);
    await on.json('hooks', 'delete', 'acme', '1000', ...at);
    expect(ghes.hooks).toHaveLength(230);
  });

  it('lists every page of what was sent, and has one sent again whose id no number holds', async () => {
    expect(await on.json('hooks', 'deliveries', 'acme/app', '7', ...at)).toMatchObject([
      { id: '12' },
      { id: LARGE_ID },
    ]);
    await on.json('hooks', 'redeliver', 'acme/app', '7', LARGE_ID, ...at);
    expect(ghes.attempts).toEqual([`/api/v3/repos/acme/app/hooks/7/deliveries/${LARGE_ID}/attempts`]);
  });

  it('explains a refusal by the token or the scope that it lacks, and a wrong name or number before asking', async () => {
    const [repository, organisation, forbidden, expired, name, number, several, tokenless] =
      await Promise.all(
        [
          ['list', 'acme/none', ...at],
          ['list', 'none', ...at],
          ['list', 'forbidden', ...at],
          ['list', 'acme', '--host', 'expired.test'],
          ['list', 'a/b/c', ...at],
          ['ping', 'acme', 'first', ...at],
          ['list', 'acme'],
          ['list', 'acme', '--host', 'github.com'],
        ].map(async (args) => (await on.run(['hooks', ...args])).stderr),
      );
    expect(repository).toContain('ghes.test answers 404');
    expect(repository).toContain('the token lacks the scope admin:repo_hook');
    expect(organisation).toContain('the token lacks the scope admin:org_hook');
    expect(forbidden).toContain('it needs the scope admin:org_hook');
    expect(expired).toContain('expired.test answers 401');
    expect(expired).toContain('does not take the token');
    expect(name).toContain('"a/b/c" is neither a repository');
    expect(number).toContain('"first" is not the number of a webhook');
    expect(several).toContain('localhost, ghes.test, expired.test have a token each: name the one');
    expect(tokenless).toContain(
      'github.com has no token: set one with "hookline secret set github.com token"',
    );
  });
});

describe('hookline hooks on the built-in host', () => {
  it('makes, pings and removes a webhook, and has a delivery sent again', async () => {
    const at = ['--host', 'localhost'];
    await on.push();
    const { hook } = (await on.json('hooks', 'create', 'acme/app', ...at)) as { hook: { id: number } };
    const id = String(hook.id);
    await on.json('hooks', 'ping', 'acme/app', id, ...at);
    // The host answers before it sends.
    const sent = async () => {
      const deliveries = await on.json('hooks', 'deliveries', 'acme/app', id, ...at);
      return sentSchema.parse(deliveries).find(({ event }) => event === 'ping');
    };
    await expect.poll(sent).toMatchObject({ status_code: 202 });
    const ping = await sent();
    await on.json('hooks', 'redeliver', 'acme/app', id, ping?.id ?? '', ...at);
    await on.hookline.ended(ping?.guid ?? '', 2);
    // A delivery's own id says which of its sendings is meant, and of which hook.
    await on.json('hooks', 'redeliver', 'acme/app', ping?.guid ?? '', ...at);
    await on.hookline.ended(ping?.guid ?? '', 3);
    const { stderr } = await on.run(['hooks', 'redeliver', 'acme/app', 'no-such-id', ...at]);
    expect(stderr).toContain('no webhook there has sent a delivery no-such-id lately');
    await on.json('hooks', 'delete', 'acme/app', id, ...at);
    expect(await on.json('hooks', 'list', 'acme/app', ...at)).toEqual([]);
    expect((await on.run(['hooks', 'list', 'acme/app', ...at])).stdout).toContain('No webhook: make ours');
  });
});
