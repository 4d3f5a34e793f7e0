import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleApi } from '../../support/console-api.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

let hookline: Hookline;
beforeAll(async () => {
  hookline = await startHookline();
  await hookline.ended('"event":"ping"');
});
afterAll(async () => {
  await hookline?.remove();
});

interface Sent {
  readonly status: number;
  readonly encoding: string | undefined;
  readonly body: Buffer;
}

/** What travels, which `fetch` would decode. */
const sent = (address: string, headers: Readonly<Record<string, string>> = {}): Promise<Sent> =>
  new Promise((resolve, reject) => {
    request(address, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          encoding: response.headers['content-encoding'],
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on('error', reject)
      .end();
  });

/** The address of a script of the page. */
async function script(): Promise<string> {
  const page = new URL('/console/', hookline.outputs.consoleUrl);
  const html = await (await fetch(page)).text();
  return new URL(/src="([^"]+\.js)"/.exec(html)?.[1] ?? '', page).href;
}

describe('what the console sends', () => {
  it.each(['br', 'gzip'])(
    'is compressed for a browser that takes %s, and plain for others',
    async (encoding) => {
      const address = await script();
      const [plain, compressed] = await Promise.all([
        sent(address),
        sent(address, { 'accept-encoding': encoding }),
      ]);
      expect({ plain: plain.encoding, compressed: compressed.encoding }).toEqual({ compressed: encoding });
      expect(compressed.body.length).toBeLessThan(plain.body.length / 2);
      const decoded = await (
        await fetch(address, { headers: { 'accept-encoding': encoding } })
      ).arrayBuffer();
      expect(plain.body.equals(Buffer.from(decoded))).toBe(true);
    },
  );

  it('is nothing for a poll that changed nothing, and all for one that did', async () => {
    const api = consoleApi(hookline);
    const first = await api.get('deliveries');
    expect((await first.text()).length).toBeGreaterThan(100);
    const tag = first.headers.get('etag') ?? '';
    const same = await api.get('deliveries', { 'if-none-match': tag });
    expect({ status: same.status, body: await same.text() }).toEqual({ status: 304, body: '' });
    const { deliveryId } = await hookline.deliver('ping', { zen: 'Keep it logically awesome.', hook_id: 2 });
    await hookline.ended(deliveryId);
    const other = await api.get('deliveries', { 'if-none-match': tag });
    expect({ status: other.status, body: await other.text() }).toEqual({
      status: 200,
      body: expect.stringContaining(deliveryId),
    });
    expect(other.headers.get('cache-control')).toBe('no-store');
  });

  it('is refused with its reason, and no tag, for a request without the token', async () => {
    const address = new URL('/console/api/deliveries', hookline.outputs.consoleUrl).href;
    const answer = await sent(address, { 'if-none-match': '*' });
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).toContain('the token is missing or wrong');
  });
});

it.each([
  [400, '__proto__'],
  [404, 'arn:aws:states:us-east-1:000000000000:execution:hookline:none'],
])('answers %i for the machine of the execution %s', async (status, execution) => {
  const response = await consoleApi(hookline).get(`machine?execution=${encodeURIComponent(execution)}`);
  expect(response.status).toBe(status);
});
