import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliverOptions } from '../support/deliver.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';

describe('the door', () => {
  let hookline: Hookline;
  beforeAll(async () => {
    hookline = await startHookline();
  });
  afterAll(() => hookline?.remove());

  const ping = { zen: 'Keep it logically awesome.', hook_id: 1 };

  it('answers 202 with the delivery and the event id', async () => {
    const response = await hookline.deliver('ping', ping);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      deliveryId: response.deliveryId,
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await hookline.ended(response.deliveryId)).toMatchObject([
      { outcome: 'Pong', status: 'SUCCEEDED' },
    ]);
  });

  const refused: [string, number, DeliverOptions, RegExp][] = [
    [
      'form encoding',
      415,
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'payload=%7B%7D' },
      /application\/json/,
    ],
    ['a missing event header', 400, { headers: { 'x-github-event': undefined } }, /X-GitHub-Event/i],
    ['a missing delivery header', 400, { headers: { 'x-github-delivery': undefined } }, /X-GitHub-Delivery/i],
    [
      'a webhook without a secret, or with an SHA-1 signature only',
      400,
      { headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${'0'.repeat(40)}` } },
      /X-Hub-Signature-256/i,
    ],
    ['a body that is not JSON', 400, { body: 'not json' }, /JSON/i],
    ['a body nested 5,000 deep', 400, { body: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` }, /JSON|body/i],
    ['an empty body', 400, { body: '' }, /JSON|body/i],
    ['a JSON array', 400, { body: '[]' }, /JSON object/],
    ['a body of 701 kB', 413, { body: JSON.stringify({ padding: 'x'.repeat(701_000) }) }, /up to 700 kB/],
    ['a body of 9 MB', 413, { body: JSON.stringify({ padding: 'x'.repeat(9_000_000) }) }, /up to 700 kB/],
    ['a body of 11 MB', 413, { body: JSON.stringify({ padding: 'x'.repeat(11_000_000) }) }, /10 MB/],
  ];
  for (const [title, status, options, message] of refused) {
    it(`answers ${status} to ${title}`, async () => {
      const response = await hookline.deliver('ping', ping, options);
      expect({ status: response.status, text: await response.text() }).toEqual({
        status,
        text: expect.stringMatching(message),
      });
    });
  }

  // What EventBridge would write into the machine's input as it is: members of the sender's own.
  const injection = '","rule":"demo","replayName":"x","z":"';
  const headers = ['x-github-event', 'x-github-delivery', 'x-hub-signature-256', 'x-github-enterprise-host'];
  for (const header of [...headers, 'x-github-tenant']) {
    // A tenant is taken for the host where no other header names it.
    const others = header === 'x-github-tenant' ? { 'x-github-enterprise-host': undefined } : {};
    const values = [
      `localhost${injection}`,
      `push${injection}`,
      `sha256=${'0'.repeat(64)}${injection}`,
      'a b',
      '\\',
    ];
    it(`answers 400 to a ${header} that its host does not write, and names the header`, async () => {
      for (const value of values) {
        const response = await hookline.deliver('ping', ping, { headers: { ...others, [header]: value } });
        expect([value, response.status, await response.text()]).toEqual([
          value,
          400,
          expect.stringMatching(new RegExp(`"message":"the header ${header} .*expected`, 'i')),
        ]);
      }
    });
  }

  it('keeps the bytes of a body whole: unicode, quotes, backslashes and template syntax stay signed', async () => {
    const hostile = { ...ping, zen: `ünï ' " \\ \u2028 \n $util.x #set($a) \${b} </script>` };
    const { deliveryId } = await hookline.deliver('ping', hostile);
    expect(await hookline.ended(deliveryId)).toMatchObject([{ outcome: 'Pong' }]);
  });

  it('takes a body whose one name is 60 kB of dots', async () => {
    const { deliveryId } = await hookline.deliver('ping', {
      ...ping,
      [Array(30_000).fill('a').join('.')]: 1,
    });
    expect(await hookline.ended(deliveryId)).toMatchObject([{ outcome: 'Pong' }]);
  });

  it('takes a body with an object where its host sends a text', async () => {
    const { deliveryId } = await hookline.deliver('ping', { ...ping, ref: { toString: 5, valueOf: null } });
    expect(await hookline.ended(deliveryId)).toMatchObject([{ outcome: 'Pong' }]);
  });

  it('ends an event that no route takes in Ignored', async () => {
    const { deliveryId } = await hookline.deliver('watch', {
      action: 'started',
      repository: { full_name: 'hookline/demo' },
    });
    expect(await hookline.ended(deliveryId)).toMatchObject([{ outcome: 'Ignored', status: 'SUCCEEDED' }]);
  });

  it('takes a delivery that the machine only just holds, and refuses a forged one by its name', async () => {
    const { deliveryId } = await hookline.deliver('ping', ping);
    const [small] = await hookline.ended(deliveryId);
    const body = JSON.stringify(ping);
    // Three bytes of a body are four of the machine's input.
    const rest = 262_144 - JSON.stringify(small?.input).length + Math.ceil(body.length / 3) * 4;
    const size = Math.floor(rest / 4) * 3 - JSON.stringify({ ...ping, padding: '' }).length;
    const large = { ...ping, padding: 'x'.repeat(size) };
    const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
    for (const [outcome, options] of [
      ['Pong', {}],
      ['Rejected', forged],
    ] as const) {
      const delivered = await hookline.deliver('ping', large, options);
      const [ended] = await hookline.ended(delivered.deliveryId);
      expect(ended?.outcome).toBe(outcome);
      expect(JSON.stringify(ended?.input).length).toBeGreaterThan(262_140);
    }
  });

  // What is refused may be looked at once more after some seconds, so these are at the same time.
  const failing: [string, string, () => DeliverOptions][] = [
    [
      'a wrong signature',
      'Rejected',
      () => ({ headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }),
    ],
    [
      'a body that is not UTF-8, of which the bytes do not survive',
      'Rejected',
      () => ({ body: Uint8Array.from([...Buffer.from('{"zen":"'), 0xff, ...Buffer.from('"}')]) }),
    ],
    ['an unknown host', 'Rejected', () => ({ headers: { 'x-github-enterprise-host': 'evil.example.com' } })],
    ['a duplicate key', 'Malformed', () => ({ body: '{"ref":"refs/heads/a","ref":"refs/heads/b"}' })],
  ];
  for (const [title, outcome, options] of failing) {
    it.concurrent(`lets ${title} in, and the delivery ends in ${outcome}`, async () => {
      const response = await hookline.deliver('push', ping, options());
      expect(response.status).toBe(202);
      expect(await hookline.ended(response.deliveryId)).toMatchObject([
        { outcome, status: 'FAILED', error: outcome },
      ]);
    });
  }

  it.concurrent('takes a tenant of ghe.com for a host of its own, and names it where it is not configured', async () => {
    const headers = { 'x-github-enterprise-host': undefined, 'x-github-tenant': 'acme' };
    const { deliveryId } = await hookline.deliver('ping', ping, { headers });
    expect(await hookline.ended(deliveryId)).toMatchObject([
      { outcome: 'Rejected', cause: expect.stringContaining('acme.ghe.com') },
    ]);
  });

  it('takes a delivery too large for the machine by the overflow queue', async () => {
    for (const size of [400_000, 699_000]) {
      const response = await hookline.deliver('ping', { ...ping, padding: 'x'.repeat(size) });
      expect(response.status).toBe(202);
      const [ended] = await hookline.ended(response.deliveryId);
      expect(ended).toMatchObject({ outcome: 'Pong', input: [{ overflow: { route: 'ping' } }] });
    }
  });
});
