import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../../functions/validate/index.ts';
import type { RawInput } from '../../../statemachine/payloads.ts';
import { type Aws, context, deployRules, HOST, rawInput, SECRET, sign, startAws } from './aws.ts';

const COMMIT = 'a'.repeat(40);
const PAYLOAD = {
  ref: 'refs/heads/main',
  after: COMMIT,
  repository: { full_name: 'acme/app', default_branch: 'main' },
  sender: { login: 'octocat' },
};
const PUSH = JSON.stringify(PAYLOAD);

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
const withSignature = (signature: string): RawInput => {
  const input = rawInput('push', PUSH);
  return { ...input, headers: { ...input.headers, signature } };
};

describe('a signed push', () => {
  it('becomes a delivery with its rule, its route and its key', async () => {
    expect(await validate(rawInput('push', PUSH))).toEqual({
      delivery: {
        provider: 'github',
        host: HOST,
        id: 'delivery-1',
        event: 'push',
        repository: { fullName: 'acme/app', defaultBranch: 'main' },
        ref: 'refs/heads/main',
        commit: COMMIT,
        created: false,
        deleted: false,
        forced: false,
        sender: 'octocat',
      },
      rule: {
        name: 'default',
        pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
        status: false,
        superseded: 'stop',
        asksFor: [],
      },
      route: 'pull',
      replayName: '',
      time: '2026-11-23T12:00:00Z',
      key: 'default#github.com#delivery-1#',
    });
  });

  it('has a key of its own when it is replayed', async () => {
    expect(await validate(rawInput('push', PUSH, { replayName: 'again' }))).toMatchObject({
      replayName: 'again',
      key: 'default#github.com#delivery-1#again',
    });
  });

  it('is valid whatever bytes its strings are made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), async (text, more) => {
        const body = JSON.stringify({ ...PAYLOAD, text, more });
        expect(await validate(rawInput('push', body))).toMatchObject({ route: 'pull' });
      }),
      { numRuns: 50 },
    );
  });
});

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

describe('during a rotation', () => {
  it('both secrets are valid', async () => {
    aws.secrets = { [HOST]: ['new', SECRET] };
    expect(await validate(rawInput('push', PUSH))).toMatchObject({ route: 'pull' });
    expect(await validate(withSignature(sign(PUSH, 'new')))).toMatchObject({ route: 'pull' });
  });

  it('the first delivery with a new secret is valid at once: the secrets are read again', async () => {
    await validate(rawInput('push', PUSH));
    expect(aws.reads).toBe(1);
    aws.secrets = { [HOST]: ['new', SECRET] };
    expect(await validate(withSignature(sign(PUSH, 'new')))).toMatchObject({ route: 'pull' });
    expect(aws.reads).toBe(2);
  });

  it('a wrong signature has them read again once, and a good one not at all', async () => {
    await validate(rawInput('push', PUSH));
    await expect(validate(withSignature(sign(PUSH, 'other')))).rejects.toMatchObject({ name: 'Rejected' });
    expect(aws.reads).toBe(2);
    await validate(rawInput('push', PUSH));
    expect(aws.reads).toBe(2);
  });
});

describe('a signed delivery that cannot be read is Malformed', () => {
  const utf8 = Buffer.concat([Buffer.from('{"ref":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const long = JSON.stringify({ ...PAYLOAD, ref: `refs/heads/${'x'.repeat(1024)}` });
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
      () => rawInput('push', PUSH, { provider: 'gitlab' }),
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

describe('a route', () => {
  const read = async (event: string, payload: object) => validate(rawInput(event, JSON.stringify(payload)));
  const gone = { ...PAYLOAD, after: '0'.repeat(40), deleted: true };
  const named = { ref: 'v1', ref_type: 'tag', repository: PAYLOAD.repository };

  it('is retire for a deletion', async () => {
    expect(await read('push', gone)).toMatchObject({ route: 'retire', delivery: { deleted: true } });
  });

  it('is ping for a ping, ignored for what no route takes', async () => {
    expect(await read('ping', { zen: 'z' })).toMatchObject({ route: 'ping' });
    expect(await read('watch', { action: 'started' })).toMatchObject({ route: 'ignored' });
    expect(await read('push', { ...PAYLOAD, ref: 'refs/notes/commits' })).toMatchObject({ route: 'ignored' });
  });

  it('is ignored for create and delete, which come as pushes too, unless the rule asks for them', async () => {
    for (const event of ['create', 'delete'])
      expect(await read(event, named)).toMatchObject({ route: 'ignored', delivery: { ref: 'refs/tags/v1' } });
    deployRules({ name: 'default', asksFor: ['create', 'delete'] });
    expect(await read('create', named)).toMatchObject({ route: 'pull' });
    expect(await read('delete', named)).toMatchObject({ route: 'retire' });
  });

  it("follows the rule's paths", async () => {
    deployRules({ name: 'default', paths: ['src/**'] });
    const changing = (file: string) => ({
      ...PAYLOAD,
      commits: [{ added: [file], removed: [], modified: [] }],
    });
    expect(await read('push', changing('src/a.ts'))).toMatchObject({ route: 'pull' });
    expect(await read('push', changing('docs/a.md'))).toMatchObject({ route: 'ignored' });
    expect(await read('push', PAYLOAD)).toMatchObject({ route: 'pull' });
  });
});

describe('what came by the Pipe', () => {
  const origin = { rule: 'default', eventId: 'e', time: '2026-11-23T12:00:00Z', replayName: '' };
  const delivery = {
    provider: 'github',
    host: HOST,
    id: 'd-1',
    event: 'push',
    repository: { fullName: 'acme/app' },
  };

  it('was verified there, and goes where was found there', async () => {
    const overflow = { delivery: { ...delivery, ref: 'refs/heads/main', commit: COMMIT }, route: 'pull' };
    expect(await validate([{ ...origin, overflow }])).toMatchObject({
      ...overflow,
      rule: { name: 'default' },
      key: 'default#github.com#d-1#',
    });
    expect(aws.reads).toBe(0);
  });

  it.each(['Rejected', 'Malformed'])('and was %s there ends so here', async (error) => {
    await expect(
      validate([{ ...origin, overflow: { error, message: 'for a reason' } }]),
    ).rejects.toMatchObject({
      name: error,
      message: 'for a reason',
    });
  });
});

it('a rule that is not deployed any more is Misconfigured', async () => {
  await expect(validate(rawInput('push', PUSH, { rule: 'gone' }))).rejects.toMatchObject({
    name: 'Misconfigured',
    message: expect.stringContaining('rule "gone" is not deployed (deployed: default)'),
  });
});

describe('neither the log nor an error', () => {
  it('holds the body, a secret or what the secret would have signed', async () => {
    const body = JSON.stringify({ ...PAYLOAD, zen: 'zen-of-it' });
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
