import '../../support/interleave/silence.ts';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { looks, MINUTE } from '../../support/functions/looks.ts';

const look = looks();
const A = 'a'.repeat(40);
const MAIN = 'refs/heads/main';
const OURS = 'https://door.test/webhooks/github';

async function known(...repositories: readonly string[]): Promise<void> {
  for (const repository of repositories) {
    look.host.refs[repository] = [`${A} ${MAIN}`];
    await look.publish(repository, MAIN, A);
  }
}

/** A delivery of so many minutes ago, as the host lists it. */
const attempt = (id: number, minutes: number, status_code: number, guid = `guid-${id}`) => ({
  ...{ id, guid, event: 'push', status: `answered ${status_code}`, status_code },
  delivered_at: new Date(Date.now() - minutes * MINUTE).toISOString(),
});
const redelivered = () =>
  look.host.asked.flatMap(({ method, path }) => (method === 'POST' ? [path.replace(/^.*hooks/, '')] : []));
const asked = () => look.host.asked.map(({ path }) => path.replace(/^.*\/api\/v3|\?.*$/g, ''));

describe('what failed at the door', () => {
  it('is sent again by each webhook of ours that is on, of the organisation and of the repository', async () => {
    await known('acme/app');
    look.host.hooks = {
      acme: [{ id: 1, url: OURS, deliveries: [attempt(11, 20, 502)] }],
      'acme/app': [
        { id: 2, url: 'https://elsewhere.test/', deliveries: [attempt(21, 20, 502)] },
        { id: 3, url: OURS, active: false, deliveries: [attempt(31, 20, 502)] },
        { id: 4, url: OURS, deliveries: [attempt(42, 15, 0), attempt(41, 20, 429), attempt(40, 25, 413)] },
      ],
    };
    const { failed, problems } = await look.byOperator();
    expect(failed).toEqual([
      { host: 'github.com', of: 'acme', event: 'push', deliveryId: 'guid-11', status: 'answered 502' },
      { host: 'github.com', of: 'acme/app', event: 'push', deliveryId: 'guid-41', status: 'answered 429' },
      { host: 'github.com', of: 'acme/app', event: 'push', deliveryId: 'guid-42', status: 'answered 0' },
    ]);
    expect(problems).toEqual([]);
    expect(redelivered()).toEqual([
      '/1/deliveries/11/attempts',
      '/4/deliveries/41/attempts',
      '/4/deliveries/42/attempts',
    ]);
  });

  it('is looked for from the oldest on that may still pass, three days back at most', async () => {
    await known('acme/app');
    const deliveries = [
      attempt(2, 20, 202),
      attempt(1, 3 * 24 * 60 - 1, 502),
      attempt(0, 3 * 24 * 60 + 1, 502),
    ];
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS, deliveries }] };
    const since = async () => (await look.record('the webhook 4 of github.com/acme/app'))?.since;
    expect((await look.byOperator({ dryRun: true })).failed).toMatchObject([{ deliveryId: 'guid-1' }]);
    expect(await since()).toBeUndefined();
    expect((await look.byOperator()).failed).toMatchObject([{ deliveryId: 'guid-1' }]);
    expect(await since()).toBe(deliveries[1]?.delivered_at);
    look.later(2 * MINUTE);
    expect((await look.byOperator()).failed).toEqual([]);
    expect(await since()).toBe(deliveries[0]?.delivered_at);
    // What was before the oldest that may still pass is looked at no more.
    deliveries.push(attempt(3, 60, 502));
    expect((await look.byOperator()).failed).toEqual([]);
  });

  it('for a day and a half is a problem by the schedule, until an operator has it sent again', async () => {
    await known('acme/app');
    const again = { ...attempt(2, 60, 502, 'guid-1'), redelivery: true };
    const deliveries: object[] = [attempt(3, 15, 202), again, attempt(1, 40 * 60, 502)];
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS, deliveries }] };
    const givenUp = (at: { delivered_at: string }) =>
      `github.com/acme/app: 1 deliveries of the webhook 4 have failed for so long that the schedule has them sent no more, the last at ${at.delivered_at}: "hookline reconcile" has them sent again, ten minutes after their last attempt`;
    for (const _ of ['first', 'second'])
      expect(await look.bySchedule()).toMatchObject({ failed: [], problems: [givenUp(again)] });
    const sent = { failed: [{ deliveryId: 'guid-1' }], problems: [] };
    expect(await look.byOperator({ dryRun: true })).toMatchObject(sent);
    expect(redelivered()).toEqual([]);
    expect(await look.byOperator()).toMatchObject(sent);
    expect(redelivered()).toEqual(['/4/deliveries/2/attempts']);
    const third = { ...attempt(5, 0, 502, 'guid-1'), redelivery: true };
    deliveries.unshift(third);
    look.later(MINUTE);
    expect(await look.byOperator()).toMatchObject({ failed: [], problems: [givenUp(third)] });
  });

  it('is found also where the host lists it behind what came a quarter of an hour later', async () => {
    await known('acme/app');
    const deliveries: object[] = [attempt(1, 20, 202)];
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS, deliveries }] };
    expect((await look.bySchedule()).failed).toEqual([]);
    deliveries.push(attempt(2, 35, 0), attempt(3, 36, 0));
    expect((await look.bySchedule()).failed).toMatchObject([{ deliveryId: 'guid-2' }]);
  });

  it('is sent again as long as there is time, and in the next run the rest of it', async () => {
    await known('acme/app');
    const deliveries = [attempt(3, 20, 502), attempt(2, 21, 502), attempt(1, 22, 502)];
    look.host.hooks = { acme: [{ id: 1, url: OURS, deliveries }], 'acme/app': [] };
    look.host.instead = ({ method }) => {
      if (method === 'POST') look.later(MINUTE);
      return undefined;
    };
    expect((await look.byOperator()).failed.map(({ deliveryId }) => deliveryId)).toEqual([
      'guid-1',
      'guid-2',
      'guid-3',
    ]);
    look.host.forgetAsked();
    look.host.instead = ({ method }) => {
      if (method === 'POST') look.later(5 * MINUTE);
      return undefined;
    };
    expect((await look.byOperator()).failed).toMatchObject([{ deliveryId: 'guid-1' }]);
    expect((await look.record('the webhook 1 of github.com/acme'))?.since).toBe(deliveries[2]?.delivered_at);
  });

  it('among more than a look reads is looked for in what was read, and the rest is a problem', async () => {
    await known('acme/app');
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS }] };
    let number = 0;
    const page = () =>
      Array.from({ length: 100 }, () => attempt(++number, 20, number === 10_000 ? 502 : 202));
    look.host.instead = ({ method, path }) =>
      method === 'GET' && path.includes('/deliveries')
        ? { body: page(), headers: { link: `<http://host${path}&cursor=c>; rel="next"` } }
        : undefined;
    const before = new Date(Date.now() - 20 * MINUTE).toISOString();
    const { failed, problems } = await look.bySchedule();
    expect(failed).toMatchObject([{ deliveryId: 'guid-10000' }]);
    expect(problems).toEqual([
      `github.com/acme/app: the webhook 4 has sent more since the last look than is read of it: what failed before ${before} is not looked for; see "hookline hooks deliveries"`,
    ]);
    expect(look.host.asked.filter(({ path }) => path.includes('/deliveries?'))).toHaveLength(100);
  });

  it('and was not read for want of time is looked for in the next run', async () => {
    await known('acme/app');
    look.host.hooks = {
      acme: [
        { id: 1, url: OURS },
        { id: 2, url: OURS, deliveries: [attempt(21, 25, 502)] },
      ],
      'acme/app': [],
    };
    // Each page takes four minutes.
    look.host.instead = ({ path }) => {
      if (!path.includes('/1/deliveries')) return undefined;
      look.later(4 * MINUTE);
      const link = `<http://host${path.replace(/&cursor=.*|$/, '')}&cursor=${Date.now()}>; rel="next"`;
      return { body: [attempt(11, 30, 202)], headers: { link } };
    };
    const noTime = (hook: number) =>
      `github.com/acme: there was no time to read all that the webhook ${hook} has sent: what failed among the rest is looked for in the next run`;
    expect(await look.bySchedule()).toMatchObject({ failed: [], problems: [noTime(1), noTime(2)] });
    for (const hook of [1, 2])
      expect(await look.record(`the webhook ${hook} of github.com/acme`)).toBeUndefined();
    look.host.instead = () => undefined;
    expect(await look.bySchedule()).toMatchObject({ failed: [{ deliveryId: 'guid-21' }], problems: [] });
  });

  it('and was not read within a minute is a problem, once', async () => {
    await known('acme/app');
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS }] };
    const read = attempt(1, 20, 202);
    look.host.instead = ({ path }) => {
      if (!path.includes('/deliveries')) return undefined;
      look.later(MINUTE + 1);
      return { body: [read], headers: { link: `<http://host${path}&cursor=c>; rel="next"` } };
    };
    expect((await look.bySchedule()).problems).toEqual([
      expect.stringContaining(`what failed before ${read.delivered_at} is not looked for`),
    ]);
    expect((await look.record('the webhook 4 of github.com/acme/app'))?.since).toBe(read.delivered_at);
  });

  it('of a webhook without deliveries is looked for from the same time on as before', async () => {
    await known('acme/app');
    look.host.hooks = { acme: [], 'acme/app': [{ id: 4, url: OURS }] };
    const from = new Date(Date.now() - 3 * 24 * 60 * MINUTE).toISOString();
    await look.byOperator();
    look.later(1);
    await look.byOperator();
    const record = await look.record('the webhook 4 of github.com/acme/app');
    expect(record?.since).toBe(new Date(Date.parse(from) + 1).toISOString());
  });

  it('is looked for once of an organisation, and of each of its repositories', async () => {
    await known('acme/app', 'acme/web', 'other/app');
    look.host.hooks = { acme: [], other: [], 'acme/app': [], 'acme/web': [], 'other/app': [] };
    expect(await look.byOperator()).toMatchObject({ looked: 3, problems: [] });
    const of = (name: string) => asked().filter((path) => path === `/${name}/hooks`).length;
    expect(
      ['orgs/acme', 'orgs/other', 'repos/acme/app', 'repos/acme/web', 'repos/other/app'].map(of),
    ).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('webhooks that the token may not see', () => {
  it.each([403, 404])('by an answer of %i are a problem for an operator alone', async (status) => {
    await known('acme/app');
    look.host.instead = ({ path }) => (path.includes('/hooks') ? { status, body: {} } : undefined);
    expect((await look.bySchedule()).problems).toEqual([]);
    expect((await look.byOperator()).problems).toEqual([
      expect.stringMatching(`^github.com/acme: github.com answers ${status} for the webhooks of acme: `),
      expect.stringMatching(
        `^github.com/acme/app: github.com answers ${status} for the webhooks of acme/app: `,
      ),
    ]);
  });

  it('by the token of an App for one repository are asked for by that for another', async () => {
    await known('acme/a', 'acme/b');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    look.steps.apps = {
      'github.com': { id: '7', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    };
    look.host.hooks = { acme: [{ id: 1, url: OURS, deliveries: [attempt(11, 20, 502)] }], 'acme/b': [] };
    const permissions = { contents: 'read', organization_hooks: 'write', repository_hooks: 'write' };
    const expires_at = new Date(Date.now() + 60 * MINUTE).toISOString();
    look.host.instead = ({ path }) => {
      if (path.endsWith('/acme/a/installation')) return { status: 404 };
      if (path.endsWith('/installation')) return { body: { id: 1, permissions } };
      if (path.endsWith('/access_tokens')) return { status: 201, body: { token: 't', expires_at } };
      return path.includes('/app/hook') ? { status: 404 } : undefined;
    };
    const { failed } = await look.bySchedule();
    expect(failed).toMatchObject([{ of: 'acme', deliveryId: 'guid-11' }]);
  });

  it('for another reason are a problem for everybody', async () => {
    await known('acme/app');
    look.host.instead = ({ path }) => (path.includes('/hooks') ? { status: 401, body: {} } : undefined);
    expect((await look.bySchedule()).problems).toHaveLength(2);
    look.host.instead = ({ path }) => (path.includes('/hooks') ? { status: 500, body: {} } : undefined);
    expect((await look.bySchedule()).problems).toHaveLength(2);
  });
});
