import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RawInput } from '../../../events/raw-input.ts';
import { handler } from '../../../functions/validate/index.ts';
import {
  type Aws,
  context,
  deployRules,
  PUSH,
  PUSH_PAYLOAD,
  rawInput,
  SECRET,
  sign,
  startAws,
  withSignature,
} from '../../support/functions/validate-aws.ts';

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.close());
beforeEach(() => {
  aws.forget();
  deployRules({ name: 'default' });
});

const validate = (input: unknown) => handler(input, context);

describe('a delivery that its host has not signed is Rejected', () => {
  const sha1 = `sha1=${createHmac('sha1', SECRET).update(PUSH).digest('hex')}`;
  it.each<[string, () => RawInput, RegExp]>([
    ['without a signature', () => withSignature(''), /has no X-Hub-Signature-256; set a secret/],
    ['with an old SHA-1 signature only', () => withSignature(''), /SHA-1 signature is not taken/],
    ['with a SHA-1 signature in its place', () => withSignature(sha1), /not sha256= and 64 hex digits/],
    ['with half a signature', () => withSignature(sign(PUSH).slice(0, 40)), /not sha256= and 64 hex digits/],
    ['with another secret', () => withSignature(sign(PUSH, 'other')), /no webhook secret of github.com made/],
    ['of another body', () => withSignature(sign(`${PUSH} `)), /no webhook secret of github.com made/],
    [
      'of no JSON',
      () => ({ ...rawInput('push', 'x'), headers: withSignature('').headers }),
      /no X-Hub-Signature/,
    ],
    [
      'of a host that is not configured',
      () => rawInput('push', PUSH, { host: 'evil.example.com' }),
      /^host "evil.example.com" is not configured \(configured: github.com\); add it/,
    ],
    [
      'of a host named as what every object has',
      () => rawInput('push', PUSH, { host: 'constructor' }),
      /not configured/,
    ],
    ['of no host', () => rawInput('push', PUSH, { host: '' }), /^host "" is not configured/],
  ])('%s', async (_, input, message) => {
    await expect(validate(input())).rejects.toMatchObject({
      name: 'Rejected',
      message: expect.stringMatching(message),
    });
  });

  it('from a host without a webhook secret', async () => {
    aws.secrets = {};
    await expect(validate(rawInput('push', PUSH))).rejects.toMatchObject({
      name: 'Rejected',
      message: expect.stringMatching(/^github.com has no webhook secret; set one/),
    });
  });

  it('after any one bit of its body has changed', async () => {
    const input = rawInput('push', PUSH);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: PUSH.length * 8 - 1 }), async (bit) => {
        const bytes = Buffer.from(PUSH);
        const at = Math.floor(bit / 8);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
        await expect(validate({ ...input, body: bytes.toString('base64') })).rejects.toMatchObject({
          name: 'Rejected',
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a signed delivery that cannot be read is Malformed', () => {
  const utf8 = Buffer.concat([Buffer.from('{"ref":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const long = JSON.stringify({ ...PUSH_PAYLOAD, ref: `refs/heads/${'x'.repeat(1024)}` });
  it.each<[string, () => unknown, RegExp]>([
    ['an empty body', () => rawInput('push', ''), /^the body is empty/],
    ['a body that is not JSON', () => rawInput('push', 'zen-of-it'), /^the body is not JSON/],
    ['a list', () => rawInput('push', '["zen-of-it"]'), /^the body is a list/],
    [
      'a member that stands there twice',
      () => rawInput('push', `{"ref":"x",${PUSH.slice(1)}`),
      /"ref" twice/,
    ],
    ['bytes that are not UTF-8', () => rawInput('push', utf8), /^the body is not UTF-8/],
    [
      'a push without a repository',
      () => rawInput('push', '{"ref":"refs/heads/a"}'),
      /repository is missing/,
    ],
    ...['acme', 'acme/..', 'acme/-x', 'acme/a b'].map((name): [string, () => RawInput, RegExp] => [
      `a push to a repository with the name ${name}`,
      () => rawInput('push', PUSH.replace('acme/app', name)),
      /^repository.full_name is "acme/,
    ]),
    [
      'a ref that git does not take',
      () => rawInput('push', PUSH.replace('main', 'a..b')),
      /^ref is "refs\/heads\/a\.\.b"/,
    ],
    [
      'a ref too long for an object',
      () => rawInput('push', long),
      /longer than S3's 1024 bytes; shorten the ref/,
    ],
    [
      'a body that is not base64',
      () => rawInput('push', PUSH, { body: 'zen of it' }),
      /^the body is not base64/,
    ],
    ['base64 without its padding', () => rawInput('push', PUSH, { body: 'e30' }), /^the body is not base64/],
    ['base64 of the URL kind', () => rawInput('push', PUSH, { body: '-_-_' }), /^the body is not base64/],
    ['base64 with bits left over', () => rawInput('push', PUSH, { body: 'e31=' }), /^the body is not base64/],
    [
      'more than an event holds',
      () => rawInput('push', PUSH, { body: 'A'.repeat(1_400_000) }),
      /has 1400000 characters of base64, an event holds 1048576 bytes/,
    ],
    [
      'a delivery id that would be part of a key',
      () => ({
        ...rawInput('push', PUSH),
        headers: { event: 'push', delivery: 'a#b', signature: sign(PUSH) },
      }),
      /^the delivery id is "a#b"/,
    ],
    [
      'an event of no name',
      () => ({ ...rawInput('push', PUSH), headers: { event: '', delivery: 'a', signature: sign(PUSH) } }),
      /^the event is ""/,
    ],
    [
      'another provider',
      () => ({ ...rawInput('push', PUSH), provider: 'gitlab' }),
      /^the rule's input is not.*provider: /,
    ],
    ['an input of nothing', () => ({}), /^the rule's input is not as it should be; rule: /],
    ['an input of two', () => [{}, {}], /^the Pipe's input is not as it should be/],
  ])('%s', async (_, input, message) => {
    await expect(validate(input())).rejects.toMatchObject({
      name: 'Malformed',
      message: expect.stringMatching(message),
    });
    expect(aws.log()).not.toContain('zen-of-it');
  });
});

describe('neither the log nor an error', () => {
  it('holds the body, a secret or what the secret would have signed', async () => {
    const body = JSON.stringify({ ...PUSH_PAYLOAD, zen: 'zen-of-it' });
    const messages: string[] = [];
    const attempts = [
      rawInput('push', body),
      rawInput('watch', body),
      { ...rawInput('push', body), headers: withSignature('').headers },
      { ...rawInput('push', body), headers: withSignature(sign(body, 'other')).headers },
      rawInput('push', `${body}zen-of-it`),
      rawInput('push', body, { host: 'evil.example.com' }),
    ];
    for (const input of attempts)
      await validate(input).catch((error: unknown) => {
        messages.push(String(error));
      });
    expect(messages).toHaveLength(4);
    const text = `${aws.log()}${messages.join('')}`;
    expect(text).toContain('"step":"validate"');
    expect(text).toContain('default#github.com#delivery-1#');
    const digest = sign(body).slice('sha256='.length);
    for (const hidden of ['zen-of-it', SECRET, digest, Buffer.from(body).toString('base64').slice(0, 40)])
      expect(text).not.toContain(hidden);
  });
});
