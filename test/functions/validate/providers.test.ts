import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { providerNamed, providerNames } from '../../../events/providers/index.ts';
import { handler } from '../../../functions/validate/index.ts';
import { type Aws, context, deployRules, SECRET, startAws } from '../../support/functions/validate-aws.ts';
import { providerCases } from '../../support/providers/index.ts';
import type { ProviderCase } from '../../support/providers/provider-cases.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.close());

describe.each(providerNames)('Validate of a webhook of %s', (provider) => {
  const { usualHost, door } = providerNamed(provider);
  const cases = providerCases[provider];
  const host = usualHost.name;
  beforeEach(() => {
    aws.forget();
    aws.hosts = {
      [host]: { provider, url: usualHost.url },
      'other.test': { provider, url: 'https://other.test' },
    };
    aws.secrets = { [host]: SECRET };
    deployRules({ name: 'default' });
  });

  const input = ({ event, payload }: ProviderCase, secret = SECRET) => {
    const body = Buffer.from(JSON.stringify(payload));
    return {
      rule: 'default',
      eventId: 'event-1',
      time: '2026-11-23T12:00:00Z',
      replayName: '',
      provider,
      host,
      headers: { event, delivery: 'delivery-1', signature: cases.sign(body, secret) },
      body: body.toString('base64'),
    };
  };

  it.each([
    ['push', 'pull'],
    ['pushOfTag', 'pull'],
    ['deletion', 'retire'],
    ['ping', 'ping'],
    ['unknownEvent', 'ignored'],
  ] as const)('sends a %s to %s', async (kind, route) => {
    expect(await handler(input(cases[kind]), context)).toMatchObject({
      route,
      delivery: { provider, host, id: 'delivery-1', ...cases[kind].delivery },
      key: `default#${host}#delivery-1#`,
    });
  });

  it.each(providerNames.filter((other) => other !== provider))(
    'refuses one that came by the door of %s, though the signature is good',
    async (other) => {
      await expect(handler({ ...input(cases.push), provider: other }, context)).rejects.toMatchObject({
        name: 'Rejected',
        message: expect.stringContaining(`by the door of ${other}`),
      });
    },
  );

  it('refuses another secret, and a webhook without a signature by the header that it lacks', async () => {
    const forged = handler(input(cases.push, 'other'), context);
    await expect(forged).rejects.toMatchObject({ name: 'Rejected' });
    const unsigned = input(cases.push);
    const bare = { ...unsigned, headers: { ...unsigned.headers, signature: '' } };
    await expect(handler(bare, context)).rejects.toMatchObject({
      name: 'Rejected',
      message: expect.stringContaining(door.headers.signature),
    });
  });
});
