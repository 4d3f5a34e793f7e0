import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../../functions/validate/index.ts';
import {
  type Aws,
  context,
  deployRules,
  HOST,
  PUSH,
  PUSH_PAYLOAD,
  rawInput,
  SECRET,
  sign,
  startAws,
  withSignature,
} from '../../support/functions/validate-aws.ts';

const COMMIT = 'a'.repeat(40);

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
      values: {},
      reason: 'it is a push to refs/heads/main',
      asked: { values: [] },
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
      bodyHash: createHash('sha256').update(PUSH).digest('hex'),
    });
  });

  it('has one key, whether the rule takes it by its name or by one of before', async () => {
    deployRules({ name: 'new', was: ['default'] });
    const validated = await Promise.all(
      ['default', 'new'].map((rule) => validate(rawInput('push', PUSH, { rule }))),
    );
    expect(validated).toMatchObject([
      { rule: { name: 'new' }, key: 'default#github.com#delivery-1#' },
      { rule: { name: 'new' }, key: 'default#github.com#delivery-1#' },
    ]);
  });

  it('has a key of its own when it is replayed', async () => {
    expect(await validate(rawInput('push', PUSH, { replayName: 'again' }))).toMatchObject({
      replayName: 'again',
      key: 'default#github.com#delivery-1#again',
    });
  });

  it('gives way to a newer one where its rule says so, and in no replay (I3)', async () => {
    deployRules({ name: 'new', was: ['default'], superseded: 'skip' });
    const asked = async (event: string, replayName = '') =>
      (await validate(rawInput(event, PUSH, { replayName }))).asked;
    expect(await asked('push')).toEqual({ values: [], giveWay: 'default' });
    expect(await asked('push', 'again')).toEqual({ values: [] });
    deployRules({ name: 'default', superseded: 'stop' });
    expect(await asked('push')).toEqual({ values: [] });
  });

  it('that deletes a branch gives way to nothing, and asks git for nothing', async () => {
    const pipeline = { name: 'app', variables: { SUBJECT: '{commit.subject}' } };
    deployRules({ name: 'default', superseded: 'skip', pipeline });
    const deletion = { ...PUSH_PAYLOAD, after: '0'.repeat(40), deleted: true };
    expect(await validate(rawInput('push', JSON.stringify(deletion)))).toMatchObject({
      route: 'retire',
      asked: { values: [] },
    });
    expect((await validate(rawInput('push', JSON.stringify(deletion)))).asked).not.toHaveProperty('giveWay');
    expect((await validate(rawInput('push', PUSH))).asked.values).toEqual(['commit.subject']);
  });

  it('is logged by its rule, its event, its key and its route', async () => {
    await validate(rawInput('push', PUSH));
    const key = 'default#github.com#delivery-1#';
    expect(JSON.parse(aws.log())).toMatchObject({ rule: 'default', eventId: 'event-1', key, route: 'pull' });
  });

  it('of a host that is known reads its settings once a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    for (let seconds = 0; seconds < 20; seconds += 2) {
      const time = new Date().toISOString();
      expect(await validate(rawInput('push', PUSH, { time }))).toMatchObject({ route: 'pull' });
      vi.setSystemTime(Date.now() + 2000);
    }
    vi.useRealTimers();
    expect(aws.hostReads).toBe(1);
    expect(aws.reads).toBe(1);
  });

  it('is valid whatever bytes its strings are made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), async (text, more) => {
        const body = JSON.stringify({ ...PUSH_PAYLOAD, text, more });
        expect(await validate(rawInput('push', body))).toMatchObject({ route: 'pull' });
      }),
      { numRuns: 50 },
    );
  });
});

describe('the rule that EventBridge chose', () => {
  it('takes what was signed, or the delivery is Malformed', async () => {
    deployRules(
      { name: 'default', match: { event: ['push'], payload: { ref: [{ prefix: 'refs/heads/' }] } } },
      { name: 'prod', match: { payload: { repository: { full_name: ['acme/prod'] } } } },
    );
    expect(await validate(rawInput('push', PUSH))).toMatchObject({ rule: { name: 'default' } });
    await expect(validate(rawInput('push', PUSH, { rule: 'prod' }))).rejects.toMatchObject({
      name: 'Malformed',
      message: expect.stringMatching(/^rule "prod" does not take this delivery/),
    });
    await expect(validate(rawInput('watch', PUSH))).rejects.toMatchObject({ name: 'Malformed' });
  });

  it('has its own options, whatever an input says that somebody has made by hand', async () => {
    deployRules({ name: 'default' }, { name: 'prod', pipeline: { name: 'prod', variables: {} } });
    const { delivery, route } = await validate(rawInput('push', PUSH));
    const inputs = (rule: string) => {
      const options = {
        name: rule,
        was: ['prod'],
        asksFor: [],
        pipeline: { name: 'prod' },
        superseded: 'start',
      };
      const origin = { rule, eventId: 'event-1', time: '2026-11-23T12:00:00Z', replayName: '' };
      return [
        { ...rawInput('push', PUSH, { rule }), options },
        [{ ...origin, options, overflow: { delivery, route } }],
      ];
    };
    for (const input of inputs('default')) {
      const { rule, key } = await validate(input);
      expect(rule).not.toHaveProperty('pipeline');
      expect(rule).toMatchObject({ name: 'default', superseded: 'stop' });
      expect(key).toBe('default#github.com#delivery-1#');
    }
    for (const input of inputs('nobodys'))
      await expect(validate(input)).rejects.toMatchObject({
        name: 'Misconfigured',
        message: expect.stringMatching(/^rule "nobodys" is not deployed \(deployed: default, prod\)/),
      });
  });

  it('is not asked for before the signature is checked: nobody records what is not signed (I6)', async () => {
    const { signature: _, ...headers } = rawInput('push', PUSH).headers;
    await expect(
      validate({ ...rawInput('push', PUSH, { rule: 'nobodys' }), headers: { ...headers, signature: '' } }),
    ).rejects.toMatchObject({ name: 'Rejected' });
  });

  it('hands its match to nobody', async () => {
    expect((await validate(rawInput('push', PUSH))).rule).not.toHaveProperty('match');
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

describe('a flood of wrong signatures', () => {
  afterEach(() => void vi.useRealTimers());

  it('has the secrets read again once in five seconds, and not for each', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await validate(rawInput('push', PUSH));
    const forged = () =>
      expect(validate(withSignature(sign(PUSH, 'other')))).rejects.toThrow(/no webhook secret/);
    for (let n = 0; n < 20; n++) await forged();
    expect(aws.reads).toBe(2);
    vi.setSystemTime(Date.now() + 5000);
    await Promise.all(Array.from({ length: 20 }, forged));
    expect(aws.reads).toBe(3);
  });
});

describe('a host that is added', () => {
  const newcomer = () => ({ host: 'git.example.com', time: new Date().toISOString() });
  afterEach(() => void vi.useRealTimers());

  /** A delivery of the newcomer before it is known, and the settings in which it is. */
  async function added(): Promise<void> {
    vi.useFakeTimers({ toFake: ['Date'] });
    await expect(validate(rawInput('push', PUSH, newcomer()))).rejects.toThrow(
      /"git.example.com" is not configured/,
    );
    aws.hosts = { 'git.example.com': { provider: 'github', url: 'https://git.example.com' } };
    aws.secrets = { 'git.example.com': SECRET };
  }

  it('has none of its deliveries refused: they are tried again until the settings are newer', async () => {
    await added();
    vi.setSystemTime(Date.now() + 1000);
    const first = rawInput('push', PUSH, newcomer());
    await expect(validate(first)).rejects.toMatchObject({
      name: 'SettingsOld',
      message: 'the hosts that are kept may be older than this webhook; try again in 8 s',
    });
    vi.setSystemTime(Date.now() + 8000);
    expect(await validate(first)).toMatchObject({ route: 'pull' });
  });

  it('has none refused for a secret of before either', async () => {
    aws.hosts = { 'git.example.com': { provider: 'github', url: 'https://git.example.com' } };
    aws.secrets = { 'git.example.com': 'another' };
    vi.useFakeTimers({ toFake: ['Date'] });
    await expect(validate(rawInput('push', PUSH, newcomer()))).rejects.toThrow(/made this signature/);
    aws.secrets = { 'git.example.com': ['another', SECRET] };
    vi.setSystemTime(Date.now() + 1000);
    const first = rawInput('push', PUSH, newcomer());
    await expect(validate(first)).rejects.toMatchObject({ name: 'SettingsOld' });
    vi.setSystemTime(Date.now() + 8000);
    expect(await validate(first)).toMatchObject({ route: 'pull' });
  });

  it('is tried again once when it is a stranger, however many come', async () => {
    await added();
    aws.hosts = {};
    vi.setSystemTime(Date.now() + 1000);
    const flood = Array.from({ length: 20 }, () => rawInput('push', PUSH, newcomer()));
    for (const one of flood) await expect(validate(one)).rejects.toMatchObject({ name: 'SettingsOld' });
    vi.setSystemTime(Date.now() + 8000);
    for (const one of flood) await expect(validate(one)).rejects.toMatchObject({ name: 'Rejected' });
  });
});

describe('a route', () => {
  const read = async (event: string, payload: object) => validate(rawInput(event, JSON.stringify(payload)));
  const gone = { ...PUSH_PAYLOAD, after: '0'.repeat(40), deleted: true };
  const named = { ref: 'v1', ref_type: 'tag', repository: PUSH_PAYLOAD.repository };

  it('is retire for a deletion', async () => {
    expect(await read('push', gone)).toMatchObject({ route: 'retire', delivery: { deleted: true } });
  });

  it('is ping for a ping, ignored for what no route takes', async () => {
    expect(await read('ping', { zen: 'z' })).toMatchObject({ route: 'ping' });
    expect(await read('watch', { action: 'started' })).toMatchObject({ route: 'ignored' });
    expect(await read('push', { ...PUSH_PAYLOAD, ref: 'refs/notes/commits' })).toMatchObject({
      route: 'ignored',
    });
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
      ...PUSH_PAYLOAD,
      commits: [{ added: [file], removed: [], modified: [] }],
    });
    expect(await read('push', changing('src/a.ts'))).toMatchObject({ route: 'pull' });
    expect(await read('push', changing('docs/a.md'))).toMatchObject({ route: 'ignored' });
    expect(await read('push', PUSH_PAYLOAD)).toMatchObject({ route: 'pull' });
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

  it.each(['pull', 'retire', 'approve'])(
    'has a ref that fits into a key where it is to %s',
    async (route) => {
      const overflow = { delivery: { ...delivery, ref: `refs/heads/${'x'.repeat(1024)}` }, route };
      await expect(validate([{ ...origin, overflow }])).rejects.toMatchObject({ name: 'Malformed' });
      const ignored = { ...overflow, route: 'ignored' };
      expect(await validate([{ ...origin, overflow: ignored }])).toMatchObject({ route: 'ignored' });
    },
  );

  it.each([
    ['repository', { repository: undefined }, 'repository "" is not of the form owner/name'],
    ['ref', { ref: undefined }, 'ref "" is no full ref; send one like refs/heads/main'],
  ])('has a %s where it is to be pulled', async (_, without, message) => {
    const overflow = { delivery: { ...delivery, ref: 'refs/heads/main', ...without }, route: 'pull' };
    await expect(validate([{ ...origin, overflow }])).rejects.toMatchObject({ name: 'Malformed', message });
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
