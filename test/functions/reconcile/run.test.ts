import '../../support/interleave/silence.ts';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { startAnsweringApi } from '../../support/api-answers.ts';
import { looks, MINUTE } from '../../support/functions/looks.ts';

const look = looks();
const [A, B] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
const MAIN = 'refs/heads/main';

/** A repository whose pointer shows what its host has. */
async function known(repository: string, host = 'github.com', lines = [`${A} ${MAIN}`]): Promise<void> {
  look.host.refs[repository] = lines;
  Object.assign(look.host.hooks, { [repository.split('/')[0] ?? '']: [], [repository]: [] });
  await look.publish(repository, MAIN, A, host);
}
/** The repositories of which the refs were asked for, since the last call. */
function asked(): string[] {
  const paths = look.host.asked.map(({ path }) => /^\/(.*)\.git\/info\/refs/.exec(path)?.[1] ?? '');
  look.host.forgetAsked();
  return paths.filter(Boolean);
}

describe('one run', () => {
  it('looks at a hundred repositories, and the next goes on from there, and then begins again', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `acme/app-${String(index).padStart(3, '0')}`);
    for (const name of names.toReversed()) await known(name);
    const last = `github.com/${names[99]}`;
    expect(await look.bySchedule()).toMatchObject({ looked: 100, problems: [], after: last });
    expect(asked()).toEqual(names.slice(0, 100).map((name) => `github.com/${name}`));
    const second = await look.bySchedule();
    expect(second).toMatchObject({ looked: 1 });
    expect(second).not.toHaveProperty('after');
    expect(asked()).toEqual([`github.com/${names[100]}`]);
    expect(await look.record('all')).toMatchObject({ host: '', positions: {} });
  });

  it('ends when it has found a hundred', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) {
      const names = Array.from({ length: 50 }, (_, index) => `refs/heads/b${index}`);
      await known(
        repository,
        'github.com',
        names.map((name) => `${B} ${name}`),
      );
      for (const name of names) await look.publish(repository, name, A);
    }
    expect(await look.byOperator({ dryRun: true })).toMatchObject({ looked: 2, after: 'github.com/acme/b' });
  });

  it('does not end for what failed at the door, and a dry one looks at the webhooks of Apps in its first call alone', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) await known(repository);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    look.steps.apps = {
      'github.com': { id: '7', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    };
    const failed = Array.from({ length: 120 }, (_, id) => ({
      ...{ id, guid: `guid-${id}`, event: 'push', status: 'timed out', status_code: 0 },
      delivered_at: new Date(Date.now() - 20 * MINUTE).toISOString(),
    }));
    look.host.instead = ({ path }) => {
      if (path.endsWith('/app/hook/config')) return { body: { url: 'https://door.test/' } };
      if (path.includes('/app/hook/deliveries')) return { body: failed };
      return path.endsWith('/installation') ? { status: 404 } : undefined;
    };
    const lists = () => {
      const paths = look.host.asked.filter(({ path }) => path.includes('/app/hook/deliveries?'));
      look.host.forgetAsked();
      return paths.length;
    };
    const first = await look.byOperator({ dryRun: true });
    expect(first.failed).toHaveLength(120);
    expect(first).toMatchObject({ looked: 3 });
    expect(first).not.toHaveProperty('after');
    expect(lists()).toBe(1);
    const next = await look.byOperator({ dryRun: true, after: 'github.com/acme/a' });
    expect(next).toMatchObject({ looked: 2, failed: [] });
    expect(lists()).toBe(0);
    // There may have been no time to have all of them sent.
    await look.byOperator({ after: 'github.com/acme/a' });
    expect(lists()).toBe(1);
  });

  it('looks at one repository at least, however much came before it', async () => {
    for (const repository of ['acme/a', 'acme/b']) await known(repository);
    look.steps.hosts = look.host.named('github.com');
    look.host.instead = ({ path }) => {
      if (path.includes('/app/hook')) look.later(5 * MINUTE);
      return path.includes('/app/hook') ? { status: 404 } : undefined;
    };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    look.steps.apps = {
      'github.com': { id: '7', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    };
    const first = await look.byOperator();
    expect(first).toMatchObject({ looked: 1, after: 'github.com/acme/a' });
    expect(await look.byOperator({ after: 'github.com/acme/a' })).not.toHaveProperty('after');
  });

  it('begins nothing more after three and a half minutes', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c', 'acme/d']) await known(repository);
    look.host.instead = ({ path }) => {
      if (path.includes('/info/refs')) look.later(2 * MINUTE);
      return undefined;
    };
    expect(await look.bySchedule()).toMatchObject({ looked: 2, after: 'github.com/acme/b' });
  });

  it('that looks at the last one has no next, however much it has found', async () => {
    await known('acme/a');
    look.host.instead = ({ path }) => {
      if (path.includes('/info/refs')) look.later(5 * MINUTE);
      return undefined;
    };
    expect(await look.bySchedule()).not.toHaveProperty('after');
  });

  it('of an operator leaves the schedule where it stands', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) await known(repository);
    look.host.instead = ({ path }) => {
      if (path.includes('/info/refs')) look.later(5 * MINUTE);
      return undefined;
    };
    await look.bySchedule();
    expect(await look.byOperator()).toMatchObject({ after: 'github.com/acme/a' });
    expect(await look.byOperator({ after: 'github.com/acme/b' })).not.toHaveProperty('after');
    asked();
    await look.bySchedule();
    expect(asked()).toEqual(['github.com/acme/b']);
  });

  it('begins at the first of all, which may be that of a host without a name', async () => {
    look.steps.hosts = look.host.named('10.0.0.7');
    look.steps.webhookSecrets = { '10.0.0.7': 'one' };
    await known('acme/a', '10.0.0.7');
    expect(await look.bySchedule()).toMatchObject({ looked: 1 });
    expect(asked()).toEqual(['10.0.0.7/acme/a']);
  });

  it('that cannot look at one repository says why, and looks at the next', async () => {
    for (const repository of ['acme/a', 'acme/b']) await known(repository);
    delete look.host.refs['acme/a'];
    expect(await look.bySchedule()).toMatchObject({
      looked: 2,
      problems: ['github.com/acme/a: github.com answers 404 for the refs of acme/a'],
    });
    expect(asked()).toHaveLength(2);
  });
});

describe('a host that asks for rest', () => {
  const tooMany = (seconds: string) => () => ({ status: 429, headers: { 'retry-after': seconds } });

  it('is left alone for as long, in this run and in those that follow, and the others are asked', async () => {
    look.steps.hosts = look.host.named('github.com', 'ghe.test');
    look.steps.webhookSecrets = { 'github.com': 'one', 'ghe.test': ['two', 'old'] };
    for (const repository of ['acme/a', 'acme/b']) await known(repository);
    await known('acme/c', 'ghe.test');
    look.host.instead = (request) => (request.path.startsWith('/github.com') ? tooMany('90')() : undefined);
    const until = new Date(Date.now() + 90_000).toISOString();
    expect(await look.bySchedule()).toMatchObject({
      looked: 2,
      problems: ['github.com/acme/a: github.com asks for 90 s of rest'],
    });
    expect(asked()).toEqual(['ghe.test/acme/c', 'github.com/acme/a']);
    expect((await look.record('all'))?.rests).toEqual({ 'github.com': until });
    look.host.instead = () => undefined;
    look.later(89_999);
    expect(await look.bySchedule()).toMatchObject({ looked: 1, problems: [] });
    expect(asked()).toEqual(['ghe.test/acme/c']);
    look.later(1);
    expect(await look.bySchedule()).toMatchObject({ looked: 2, problems: [] });
    expect(asked()).toEqual(['ghe.test/acme/c', 'github.com/acme/b']);
    expect((await look.record('all'))?.rests).toEqual({});
  });

  it('is looked at from there on once it has rested', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) await known(repository);
    look.host.instead = ({ path }) => (path.includes('/acme/b.git') ? { status: 503 } : undefined);
    expect((await look.bySchedule()).looked).toBe(2);
    asked();
    expect((await look.bySchedule()).looked).toBe(0);
    look.later(MINUTE);
    expect(await look.bySchedule()).toMatchObject({ looked: 1, problems: [] });
    expect(asked()).toEqual(['github.com/acme/c']);
    look.host.instead = () => undefined;
    expect((await look.bySchedule()).looked).toBe(3);
  });

  it('keeps the repositories of no other waiting, also where there are more than a run looks at', async () => {
    look.steps.hosts = look.host.named('github.com', 'zero.test');
    look.steps.webhookSecrets = { 'github.com': 'one', 'zero.test': 'two' };
    for (const repository of ['acme/a', 'acme/b']) await known(repository);
    const names = Array.from({ length: 101 }, (_, index) => `acme/app-${String(index).padStart(3, '0')}`);
    for (const name of names) await known(name, 'zero.test');
    look.host.instead = ({ path }) => (path.includes('/acme/a.git') ? tooMany('7200')() : undefined);
    await look.bySchedule();
    expect(asked()).toHaveLength(100);
    await look.bySchedule();
    expect(asked()).toEqual(['zero.test/acme/app-099', 'zero.test/acme/app-100']);
    look.later(3 * 60 * MINUTE);
    await look.bySchedule();
    expect(asked()[0]).toBe('github.com/acme/b');
  });

  it('is no reason for an operator to ask without an end: what is not looked at is said', async () => {
    for (const repository of ['acme/a', 'acme/b', 'acme/c']) await known(repository);
    look.host.instead = ({ path }) => (path.includes('/acme/a.git') ? tooMany('90')() : undefined);
    const until = new Date(Date.now() + 90_000).toISOString();
    const left = (count: number) =>
      `github.com: not looked at are ${count} of its repositories, as the host is left alone until ${until}; ask again then`;
    const first = await look.byOperator();
    expect(first).toMatchObject({
      looked: 1,
      problems: ['github.com/acme/a: github.com asks for 90 s of rest', left(2)],
    });
    expect(first).not.toHaveProperty('after');
    const second = await look.byOperator();
    expect(second).toMatchObject({ looked: 0, problems: [left(3)] });
    expect(second).not.toHaveProperty('after');
  });

  it('asks so by what it says of too many requests, too', async () => {
    await known('acme/a');
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    look.host.instead = ({ path }) =>
      path.includes('/hooks') ? { status: 403, body: { message } } : undefined;
    expect((await look.bySchedule()).problems).toEqual(['github.com/acme: github.com asks for 60 s of rest']);
  });

  it('for a time without end is asked again after an hour', async () => {
    await known('acme/a');
    for (const seconds of ['31536000', '99999999999999']) {
      look.host.instead = tooMany(seconds);
      const until = new Date(Date.now() + 60 * MINUTE).toISOString();
      expect(await look.bySchedule()).toMatchObject({ looked: 1 });
      expect((await look.record('all'))?.rests).toEqual({ 'github.com': until });
      look.later(60 * MINUTE);
    }
  });

  it('is asked at once where it asks for no time', async () => {
    await known('acme/a');
    look.host.instead = ({ path }) => (path.includes('/info/refs') ? tooMany('0')() : undefined);
    await look.bySchedule();
    expect(look.host.asked.filter(({ path }) => path.includes('/hooks'))).not.toEqual([]);
  });

  it('is a problem too where it asks when it is asked for webhooks', async () => {
    await known('acme/a');
    await known('acme/b');
    look.host.instead = ({ path }) =>
      path.includes('/hooks')
        ? { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } }
        : undefined;
    const reset = String(Date.now() / 1000 + 300);
    expect(await look.bySchedule()).toMatchObject({
      looked: 1,
      problems: ['github.com/acme: github.com asks for 300 s of rest'],
    });
    expect(look.host.asked.filter(({ path }) => path.includes('/hooks'))).toHaveLength(1);
  });

  it('is asked no less in a dry run, which keeps nothing of it', async () => {
    await known('acme/a');
    look.host.instead = tooMany('90');
    await look.byOperator({ dryRun: true });
    expect(await look.record('all')).toBeUndefined();
  });
});

it('a host that takes connections and answers nothing is asked once in a run, and the others are looked at', async () => {
  const silent = await startAnsweringApi();
  silent.answer(() => undefined);
  const { url } = silent;
  const hosts = look.host.named('github.com', 'away.test');
  look.steps.hosts = { ...hosts, 'away.test': { ...hosts['away.test'], url, api: `${url}/api/v3` } };
  look.steps.webhookSecrets = { 'github.com': 'one', 'away.test': 'two' };
  for (const repository of ['acme/a', 'acme/b', 'acme/c']) await known(repository, 'away.test');
  await known('acme/d');
  const limit = AbortSignal.timeout;
  const shorter = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => limit(ms / 10));
  const until = new Date(Date.now() + MINUTE).toISOString();
  const { looked, problems } = await look.bySchedule();
  shorter.mockRestore();
  await silent.close();
  expect(silent.asked.map(({ path }) => path)).toEqual(['/acme/a.git/info/refs?service=git-upload-pack']);
  expect(looked).toBe(2);
  expect(asked()).toEqual(['github.com/acme/d']);
  expect(problems).toEqual([
    'away.test/acme/a: away.test does not answer, and is left alone for 60 s: The operation was aborted due to timeout',
  ]);
  expect((await look.record('all'))?.rests).toEqual({ 'away.test': until });
});

describe('who is looked at', () => {
  it('is no host without a credential, or without a secret by which it signs', async () => {
    look.steps.hosts = look.host.named('a.test', 'b.test', 'c.test');
    look.steps.credentials = { 'a.test': { token: 'a' }, 'b.test': { sshKey: 'b' } };
    look.steps.webhookSecrets = { 'b.test': 'b', 'c.test': 'c' };
    for (const host of ['a.test', 'b.test', 'c.test']) await known('acme/app', host);
    expect(await look.bySchedule()).toEqual({
      ...{ looked: 0, behind: [], failed: [] },
      problems: ['no host has a token or an App: set one with "hookline secret set HOST token"'],
    });
    look.steps.webhookSecrets = { 'a.test': 'a' };
    look.later(2 * MINUTE);
    expect(await look.bySchedule()).toMatchObject({ looked: 1, problems: [] });
    expect(asked()).toEqual(['a.test/acme/app']);
  });

  it('is a repository of whose branches or tags something was published, with the host of its record', async () => {
    await known('acme/app');
    const template = await look.publish('group/sub/deep', 'refs/tags/v1', A, 'other.test');
    await look.publish('acme/requests', 'refs/pull/1/head', A);
    const ids = [
      template.replace('other.test', 'other.test '),
      template.replace(/[0-9a-f]{12}/, 'options'),
      template.replace('.zip', '.tar'),
      template.replace('other.test/', ''),
    ];
    for (const [index, id] of ids.entries())
      await look.steps.call('dynamodb', 'PutItem', {
        TableName: 'refs',
        Item: {
          id: { S: index === 3 ? `starts of ${id}` : id },
          published: { M: { commit: { S: A }, token: { N: '1' }, key: { S: '' } } },
        },
      });
    await look.steps.call('dynamodb', 'PutItem', {
      TableName: 'refs',
      Item: { id: { S: template.replace('deep', 'pulled') }, next: { N: '1' } },
    });
    expect((await look.bySchedule()).looked).toBe(1);
    expect(asked()).toEqual(['github.com/acme/app']);
  });

  it('is asked for by the schedule or by an operator, and by nobody else', async () => {
    for (const event of [{}, { by: 'schedule', dryRun: false }, { 'detail-type': 'Other' }])
      await expect(look.ask(event)).rejects.toThrow();
  });
});
