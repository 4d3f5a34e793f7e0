import '../../support/interleave/silence.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { rawInputSchema } from '../../../events/raw-input.ts';
import { looks, MINUTE } from '../../support/functions/looks.ts';
import { deployRules, sign } from '../../support/functions/validate-aws.ts';

const look = looks();
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const MAIN = 'refs/heads/main';

/** The inputs of the executions that were started, each with its payload. */
const started = () =>
  look.steps.executed.map(({ name, input }) => {
    const { body, ...rest } = rawInputSchema.parse(JSON.parse(input));
    const bytes = Buffer.from(body, 'base64');
    return { ...rest, name, bytes, payload: z.looseObject({}).parse(JSON.parse(bytes.toString())) };
  });

describe('a push that nobody has told of', () => {
  it('is told of by the schedule when it was found ten minutes before, and once', async () => {
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    expect(await look.bySchedule()).toEqual({ looked: 1, behind: [], failed: [], problems: [] });
    const found = new Date().toISOString();
    look.later(10 * MINUTE - 1);
    expect((await look.bySchedule()).behind).toEqual([]);
    expect(started()).toEqual([]);
    look.later(1);
    const { behind } = await look.bySchedule();
    const deliveryId = behind[0]?.deliveryId ?? '';
    expect(deliveryId).toMatch(/^reconcile-[0-9a-f]{32}$/);
    const of = { host: 'github.com', repository: 'acme/app', ref: MAIN, rule: 'default' };
    expect(behind).toEqual([{ ...of, deliveryId, commit: B }]);
    const [delivery, ...others] = started();
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({
      ...{ rule: 'default', eventId: deliveryId, replayName: '', provider: 'github', host: 'github.com' },
      time: new Date().toISOString(),
      options: { name: 'default', superseded: 'stop' },
      headers: {
        event: 'push',
        delivery: deliveryId,
        signature: sign(delivery?.bytes ?? '', 'secret'),
      },
      payload: {
        ...{ ref: MAIN, before: A, after: B, created: false, deleted: false },
        repository: { full_name: 'acme/app', default_branch: 'main' },
        hookline: { reconcile: found },
      },
    });
    expect(delivery?.payload.repository).not.toHaveProperty('pushed_at');
    expect(delivery?.name).toMatch(new RegExp(`^${deliveryId}-[0-9a-f]{12}$`));
    look.later(20 * MINUTE);
    expect((await look.bySchedule()).behind).toEqual([]);
    expect(started()).toHaveLength(1);
  });

  it('is told of at once where an operator asks, and only shown in a dry run, which keeps nothing', async () => {
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    const { behind } = await look.byOperator({ dryRun: true });
    expect(behind).toMatchObject([{ commit: B }]);
    expect(started()).toEqual([]);
    for (const of of ['github.com/acme/app', 'all']) expect(await look.record(of)).toBeUndefined();
    expect((await look.byOperator()).behind).toEqual(behind);
    expect(started()).toHaveLength(1);
    expect((await look.byOperator()).behind).toEqual([]);
  });

  it('has the id of its find: another find of the same is another delivery', async () => {
    await look.publish('acme/app', MAIN, A);
    const ids = new Set<string>();
    for (const line of [`${B} ${MAIN}`, `${C} ${MAIN}`, `${B} ${MAIN}`]) {
      look.host.refs['acme/app'] = [line];
      look.later(1000);
      for (const { deliveryId } of (await look.byOperator()).behind) ids.add(deliveryId);
    }
    expect(ids.size).toBe(3);
  });

  it('of a new branch and of a tag has no commit before, and names the tag’s object', async () => {
    look.host.refs['acme/app'] = [`${A} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    expect((await look.byOperator()).behind).toEqual([]);
    look.host.refs['acme/app'] = [
      ...[`${A} ${MAIN}`, `${B} refs/heads/topic`],
      ...[`${B} refs/tags/v1`, `${C} refs/tags/v1^{}`],
    ];
    const { behind } = await look.byOperator();
    expect(behind.map(({ ref, commit }) => [ref, commit])).toEqual([
      ['refs/heads/topic', B],
      ['refs/tags/v1', C],
    ]);
    const zeros = '0'.repeat(40);
    for (const { payload } of started())
      expect(payload).toMatchObject({ before: zeros, after: B, created: true });
  });

  it('that deletes a branch is told of as that, once', async () => {
    look.host.refs['acme/app'] = [];
    await look.publish('acme/app', 'refs/heads/gone', A);
    const { behind } = await look.byOperator();
    expect(behind).toMatchObject([{ ref: 'refs/heads/gone' }]);
    expect(behind[0]).not.toHaveProperty('commit');
    expect(started()).toMatchObject([{ payload: { before: A, after: '0'.repeat(40), deleted: true } }]);
    expect((await look.byOperator()).behind).toEqual([]);
  });

  it('is no delivery for a rule that does not take it, or whose pointer shows it', async () => {
    deployRules(
      { name: 'whole' },
      { name: 'folder', pull: { ...PULL, path: 'src' } },
      { name: 'tags', match: { payload: { ref: [{ prefix: 'refs/tags/' }] } } },
    );
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, B);
    await look.publish('acme/app', MAIN, A, 'github.com', { pull: { ...PULL, path: 'src' } });
    const { behind } = await look.byOperator();
    expect(behind.map(({ rule }) => rule)).toEqual(['folder']);
    expect(started()).toMatchObject([{ payload: { before: A } }]);
  });

  it('is a delivery for the rules that take what is sent, by what was there before', async () => {
    deployRules(
      { name: 'created', match: { payload: { created: [true] } } },
      { name: 'changed', match: { payload: { created: [false] } } },
    );
    look.host.refs['acme/app'] = [`${A} ${MAIN}`, `${A} refs/heads/known`];
    await look.publish('acme/app', 'refs/heads/known', A);
    expect((await look.byOperator()).behind).toEqual([]);
    look.host.refs['acme/app'] = [`${B} ${MAIN}`, `${B} refs/heads/known`, `${B} refs/heads/topic`];
    const { behind } = await look.byOperator();
    expect(behind.map(({ ref, rule }) => [ref, rule])).toEqual([
      [MAIN, 'changed'],
      ['refs/heads/known', 'changed'],
      ['refs/heads/topic', 'created'],
    ]);
    expect(started().map(({ payload }) => payload.before)).toEqual([A, A, '0'.repeat(40)]);
  });

  it('back to what was there before is found, and also that a deleted branch is there again', async () => {
    const GONE = 'refs/heads/gone';
    look.host.refs['acme/app'] = [`${A} ${MAIN}`, `${A} ${GONE}`];
    await look.publish('acme/app', MAIN, A);
    await look.publish('acme/app', GONE, A);
    expect((await look.byOperator()).behind).toEqual([]);
    // Both were told of meanwhile, and what followed was not.
    await look.publish('acme/app', MAIN, B);
    await look.publish('acme/app', GONE, '');
    const { behind } = await look.byOperator();
    expect(behind.map(({ ref, commit }) => [ref, commit])).toEqual([
      [MAIN, A],
      [GONE, A],
    ]);
    const zeros = '0'.repeat(40);
    expect(started().map(({ payload }) => payload)).toMatchObject([
      { before: B, after: A, created: false },
      { before: zeros, after: A, created: true },
    ]);
    expect((await look.byOperator()).behind).toEqual([]);
  });

  it('tells of its repository what a webhook has, and nothing that only the asker has', async () => {
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    const own = {
      ...{ temp_clone_token: 'ABC', permissions: { admin: true }, pushed_at: '2026-01-01T00:00:00Z' },
      ...{ parent: { temp_clone_token: 'D' }, source: {}, template_repository: {} },
    };
    const described = { full_name: 'acme/app', default_branch: 'main', private: true };
    look.host.instead = ({ path }) =>
      path.endsWith('/repos/acme/app') ? { body: { ...described, ...own } } : undefined;
    await look.byOperator();
    expect(started()).toMatchObject([{ payload: { repository: described } }]);
    expect(Object.keys(started()[0]?.payload.repository as object)).toEqual(Object.keys(described));
  });

  it('is the same execution where it was started under its name, and is found again where that failed', async () => {
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    Object.assign(look.host.hooks, { acme: [], 'acme/app': [] });
    look.steps.refusesToExecute = 'ExecutionLimitExceeded';
    const { behind, problems } = await look.byOperator();
    expect(behind).toEqual([]);
    expect(problems).toEqual(['github.com/acme/app: not now']);
    look.steps.refusesToExecute = 'ExecutionAlreadyExists';
    expect(await look.byOperator()).toMatchObject({ behind: [{ ref: MAIN, commit: B }], problems: [] });
    expect((await look.byOperator()).behind).toEqual([]);
  });

  it('waits for the next look where fifty others of its repository are told of', async () => {
    const names = Array.from({ length: 51 }, (_, index) => `refs/heads/b${String(index).padStart(2, '0')}`);
    for (const name of names) await look.publish('acme/app', name, A);
    look.host.refs['acme/app'] = names.map((name) => `${B} ${name}`);
    Object.assign(look.host.hooks, { acme: [], 'acme/app': [] });
    const first = await look.byOperator();
    expect(first.behind.map(({ ref }) => ref)).toEqual(names.slice(0, 50));
    expect(first.problems).toEqual([
      'github.com/acme/app: 1 further refs that may be behind wait for the next look',
    ]);
    const second = await look.byOperator();
    expect(second.behind.map(({ ref }) => ref)).toEqual(names.slice(50));
    expect(second.problems).toEqual([]);
    expect((await look.byOperator()).behind).toEqual([]);
  });

  it('to a repository that has another name by now is named as that once, and starts nothing', async () => {
    const names = Array.from({ length: 51 }, (_, index) => `refs/heads/b${index}`);
    look.host.refs['Acme/App'] = names.map((name) => `${B} ${name}`);
    Object.assign(look.host.hooks, { Acme: [], 'Acme/App': [] });
    for (const name of names) await look.publish('Acme/App', name, A);
    look.host.instead = ({ path }) =>
      path.endsWith('/repos/Acme/App') ? { body: { full_name: 'acme/app' } } : undefined;
    const problems = [
      'github.com/Acme/App: Acme/App is called acme/app on the host: what is pushed there is looked for once a delivery has named it',
    ];
    expect(await look.byOperator({ dryRun: true })).toMatchObject({ behind: [], problems });
    expect(await look.byOperator()).toMatchObject({ behind: [], problems });
    expect(started()).toEqual([]);
    expect(await look.byOperator()).toMatchObject({ looked: 1, behind: [], problems: [] });
  });

  it('is taken by a rule that names the organisation, in each way that the payload has it', async () => {
    deployRules(
      { name: 'organisation', match: { payload: { organization: { login: ['acme'] } } } },
      { name: 'owner', match: { payload: { repository: { owner: { name: ['acme'] } } } } },
      { name: 'text', match: { payload: { repository: { organization: ['acme'] } } } },
      { name: 'other', match: { payload: { organization: { login: ['other'] } } } },
    );
    look.host.refs['acme/app'] = [`${B} ${MAIN}`];
    await look.publish('acme/app', MAIN, A);
    const acme = { login: 'acme', id: 7, type: 'Organization' };
    look.host.instead = ({ path }) =>
      path.endsWith('/repos/acme/app')
        ? { body: { full_name: 'acme/app', owner: acme, organization: acme } }
        : undefined;
    const { behind } = await look.byOperator();
    expect(behind.map(({ rule }) => rule)).toEqual(['organisation', 'owner', 'text']);
  });
});

const PULL = { submodules: false, lfs: false, git: false, compute: 'lambda' } as const;

describe('a host is asked', () => {
  it('with its credential, for one repository, and its answer sends the credential nowhere', async () => {
    await look.publish('acme/app', MAIN, A);
    look.steps.credentials = { 'github.com': { token: 'other', username: 'reader' } };
    look.host.instead = ({ path }) =>
      path.includes('/info/refs')
        ? { status: 302, headers: { location: `${path.split('?')[0]}-elsewhere` } }
        : undefined;
    const { problems } = await look.byOperator();
    expect(problems).toContain('github.com/acme/app: github.com answers 302 for the refs of acme/app');
    const [{ method, path, headers } = { method: '', path: '', headers: {} }, ...others] = look.host.asked;
    expect(method).toBe('GET');
    expect(path).toBe('/github.com/acme/app.git/info/refs?service=git-upload-pack');
    expect(headers.authorization).toBe(`Basic ${btoa('reader:other')}`);
    expect(headers['user-agent']).toBe('git/hookline');
    expect(others.filter((asked) => asked.path.includes('elsewhere'))).toEqual([]);
  });

  it('under the usual name where the credential has none', async () => {
    await look.publish('acme/app', MAIN, A);
    await look.byOperator();
    expect(look.host.asked[0]?.headers.authorization).toBe(`Basic ${btoa('x-access-token:token')}`);
  });

  it('for no more than 8 MiB of refs', async () => {
    await look.publish('acme/app', MAIN, A);
    const answer = (bytes: number) => {
      look.host.instead = ({ path }) =>
        path.includes('/info/refs') ? { body: '0000'.repeat(bytes / 4) } : undefined;
      return look.byOperator();
    };
    expect((await answer(8 * 1024 * 1024)).problems[0]).toContain('answers no list of the refs');
    expect((await answer(8 * 1024 * 1024 + 4)).problems[0]).toBe(
      'github.com/acme/app: acme/app has more refs than 8388608 bytes hold: it is not looked at',
    );
  });
});
