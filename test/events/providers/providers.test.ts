import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverySchema } from '../../../events/delivery.ts';
import { administrations } from '../../../events/providers/administrations.ts';
import { doorPath, providerNamed, providerNames } from '../../../events/providers/index.ts';
import { receivers } from '../../../events/providers/receivers.ts';
import { providerCases } from '../../support/providers/index.ts';
import type { ProviderCase } from '../../support/providers/provider-cases.ts';

const SECRET = 'a secret';
const HOST = 'git.example.com';

describe.each(providerNames)('the provider %s', (name) => {
  const provider = providerNamed(name);
  const receiver = receivers[name];
  const cases = providerCases[name];
  const bytes = (payload: object) => Buffer.from(JSON.stringify(payload));
  const read = ({ event, payload }: Pick<ProviderCase, 'event' | 'payload'>, deliveryId = 'd-1') =>
    receiver.read({ host: HOST, event, deliveryId }, bytes(payload));

  it('has its own name, and a door that its name makes', () => {
    expect(provider.name).toBe(name);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(doorPath(provider)).toBe(`webhooks/${name}`);
    expect(doorPath(provider, 'key')).toBe(`webhooks/key/${name}`);
    const headers = Object.values(provider.door.headers).map((header) => header.toLowerCase());
    expect(new Set(headers).size).toBe(headers.length);
  });

  it('has https and ssh addresses for the usual host and for any other', () => {
    for (const url of [provider.usualHost.url, `https://${HOST}`, `https://${HOST}/base`]) {
      expect(new URL(provider.apiOf(url)).protocol).toBe('https:');
      expect(new URL(provider.sshOf(url)).protocol).toBe('ssh:');
      expect(new URL(provider.sshOf(url)).hostname).toBe(new URL(url).hostname);
    }
  });

  it('has a tenant of its domain for a host, whose name the door takes', () => {
    const { tenant, patterns } = provider.door;
    if (tenant) expect(`acme${tenant.domain}`).toMatch(new RegExp(`^(?:${patterns.host})$`));
    expect(provider.usualHost.name).toMatch(new RegExp(`^(?:${patterns.host})$`));
  });

  describe('a signature', () => {
    it('is what somebody else has computed', () => {
      const { body, secret, signature } = cases.vector;
      expect(receiver.checkSignature(Buffer.from(body), signature, [secret])).toBe('valid');
      expect(cases.sign(Buffer.from(body), secret)).toBe(signature);
    });

    it('is valid with either secret of a rotation, and wrong with any other', () => {
      const body = bytes(cases.push.payload);
      const check = (secret: string, valid: readonly string[]) =>
        receiver.checkSignature(body, cases.sign(body, secret), valid);
      for (const secret of ['current', 'previous'])
        expect(check(secret, ['current', 'previous'])).toBe('valid');
      expect(check('oldest', ['current', 'previous'])).toBe('wrong');
      expect(check('current', [])).toBe('wrong');
    });

    it('is missing or malformed, and the refusal names the header', () => {
      const body = bytes(cases.push.payload);
      expect(receiver.checkSignature(body, '', [SECRET])).toBe('missing');
      for (const signature of cases.malformed)
        expect(receiver.checkSignature(body, signature, [SECRET])).toBe('malformed');
      for (const refusal of Object.values(receiver.refusals))
        expect(refusal).toContain(provider.door.headers.signature);
      expect(Object.keys(receiver.refusals).sort()).toEqual(['malformed', 'missing']);
    });
  });

  it.each(['push', 'pushOfTag', 'deletion', 'ping', 'unknownEvent'] as const)(
    'reads a %s as the delivery that it is, with no member that the schema does not have',
    (kind) => {
      const { delivery, changed } = read(cases[kind]);
      expect(delivery).toEqual({ provider: name, host: HOST, id: 'd-1', ...cases[kind].delivery });
      expect(changed).toEqual(cases[kind].changed);
      const strict = deliverySchema.strict();
      const { repository } = strict.shape;
      expect(strict.extend({ repository: repository.unwrap().strict().optional() }).parse(delivery)).toEqual(
        delivery,
      );
    },
  );

  it('calls a push push and a ping ping, gives a deletion no commit and an unknown event no ref', () => {
    expect(read(cases.push).delivery).toMatchObject({ event: 'push', ref: 'refs/heads/main' });
    expect(read(cases.pushOfTag).delivery.ref).toMatch(/^refs\/tags\//);
    expect(read(cases.ping).delivery.event).toBe('ping');
    expect(read(cases.deletion).delivery).toMatchObject({ deleted: true });
    expect(read(cases.deletion).delivery).not.toHaveProperty('commit');
    expect(read(cases.unknownEvent).delivery).not.toHaveProperty('ref');
  });

  it('reads a redelivery as the same delivery', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,100}$/), (id) => {
        expect(read(cases.push, id)).toEqual(read(cases.push, id));
        expect(read(cases.push, id).delivery.id).toBe(id);
      }),
    );
  });

  it('takes no host, provider or id from the payload', () => {
    const payload = { ...cases.push.payload, provider: 'other', host: 'evil.example.com', id: 'forged' };
    expect(read({ ...cases.push, payload }).delivery).toEqual(read(cases.push).delivery);
  });

  it.each(cases.hostile)('refuses a hostile name: $message', ({ payload, message }) => {
    expect(() => read({ event: cases.push.event, payload })).toThrow(message);
  });

  it.each(['', 'secret-text', '["secret-text"]', 'null', '{"a":"secret-text","a":1}'])(
    'refuses a body that is not one JSON object, and does not quote it: %j',
    (body) => {
      const envelope = { host: HOST, event: cases.push.event, deliveryId: 'd-1' };
      expect(() => receiver.read(envelope, Buffer.from(body))).toThrow(/^the body /);
      expect(() => receiver.read(envelope, Buffer.from(body))).not.toThrow(/secret-text/);
    },
  );

  it.each(['', 'a b', 'x'.repeat(101), '<script>'])('refuses an event of no name: %j', (event) => {
    expect(() => read({ event, payload: cases.push.payload })).toThrow(/^the event is ".*": expected/);
  });

  it('signs the ping that it sends by itself, and names the host unless it is the usual one', () => {
    const { headers } = provider.door;
    const sent = { host: HOST, secret: SECRET, deliveryId: 'd-1' };
    const ping = administrations[name].ping(sent);
    const body = Buffer.from(ping.body);
    expect(JSON.parse(ping.body)).toEqual(ping.payload);
    expect(receiver.checkSignature(body, ping.headers[headers.signature] ?? '', [SECRET])).toBe('valid');
    // What passes with characters of several bytes has passed as bytes.
    expect(body.length).toBeGreaterThan(ping.body.length);
    expect(ping.headers).toMatchObject({
      [headers.event]: ping.event,
      [headers.delivery]: 'd-1',
      [headers.host]: HOST,
    });
    expect(receiver.read({ host: HOST, event: ping.event, deliveryId: 'd-1' }, body).delivery.event).toBe(
      'ping',
    );
    const usual = administrations[name].ping({ ...sent, host: provider.usualHost.name });
    expect(usual.headers).not.toHaveProperty(headers.host);
  });

  it.each(['', 'a/b/c', '../x', 'x/..', '..', 'a b', '-x/..%2f'])(
    'has no webhooks of %j, and asks nobody',
    (of) => {
      const api = { host: HOST, url: 'https://unreachable.test', token: 't' };
      expect(() => administrations[name].hooks(api, of)).toThrow(/neither a repository/);
    },
  );
});
