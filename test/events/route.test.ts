import { describe, expect, it } from 'vitest';
import { deliveryFor } from '../../events/pull-request-route.ts';
import { decideRoute } from '../../events/route.ts';

const delivery = { provider: 'github', host: 'github.com', id: '1' } as const;
const main = 'refs/heads/main';
const rule = { asksFor: ['create'], paths: ['src/**'] };

describe('the decision of a rule on a delivery that it has matched', () => {
  it.each([
    [{ event: 'ping' }, undefined, 'ping', 'a ping asks for nothing'],
    [{ event: 'watch' }, undefined, 'ignored', 'the event watch names neither a branch nor a tag'],
    [
      { event: 'push', ref: 'refs/pull/1/head' },
      undefined,
      'ignored',
      'refs/pull/1/head is neither a branch nor a tag',
    ],
    [
      { event: 'delete', ref: main, deleted: true },
      undefined,
      'ignored',
      'the rule does not ask for the event delete: match.event does not name it',
    ],
    [{ event: 'create', ref: main }, undefined, 'pull', 'the rule asks for the event create'],
    [{ event: 'push', ref: main, deleted: true }, ['README.md'], 'retire', 'refs/heads/main is deleted'],
    [{ event: 'push', ref: main }, ['README.md'], 'ignored', 'no changed file matches src/**'],
    [{ event: 'push', ref: main }, ['src/a'], 'pull', 'the changed file src/a matches src/**'],
    [
      { event: 'push', ref: main },
      undefined,
      'pull',
      'the payload does not list every file: the pull decides by git',
    ],
  ])('on %j that changed %j is %s: %s', (members, changed, route, reason) => {
    expect(decideRoute(rule, { ...delivery, ...members }, changed)).toMatchObject({ route, reason });
  });

  it('is a pull of a push, where no filter stands in the way', () => {
    const push = { ...delivery, event: 'push', ref: main };
    expect(decideRoute({ asksFor: [] }, push, ['README.md'])).toEqual({
      route: 'pull',
      reason: 'it is a push to refs/heads/main',
      byPaths: false,
    });
  });
});

describe('the decision of a rule that asks for pull requests', () => {
  const asks = { asksFor: ['pull_request'] };
  const pullRequest = {
    number: 12,
    action: 'opened',
    draft: false,
    merged: false,
    fork: false,
    head: { ref: 'topic', commit: '1'.repeat(40), repository: 'acme/app' },
    base: 'main',
  };
  const decide = (options: object, members: object) => {
    const of = { ...pullRequest, ...members };
    const at = { ref: 'refs/heads/topic', commit: of.head.commit };
    return decideRoute(
      { ...asks, ...options },
      { ...delivery, event: 'pull_request', ...at, pullRequest: of },
      [],
    );
  };

  it.each(['opened', 'synchronize', 'reopened', 'ready_for_review'])('builds one that is %s', (action) => {
    const reason = `pull request 12 is ${action}`;
    expect(decide({}, { action })).toEqual({ route: 'pull', reason, byPaths: false });
  });

  it.each([
    [
      {},
      { action: 'labeled' },
      'ignored',
      /labeled, which brings nothing to build: opened, synchronize, reopened, ready_for_review do/,
    ],
    [{}, { action: 'converted_to_draft', draft: true }, 'ignored', /converted_to_draft/],
    [{ actions: ['labeled'] }, { action: 'labeled' }, 'pull', /is labeled/],
    [{}, { draft: true }, 'ignored', /is a draft: the rule has no pull-request: \{ drafts: true \}/],
    [{ 'pull-request': { drafts: true, of: 'head', forks: 'never' } }, { draft: true }, 'pull', /is opened/],
    [{}, { action: 'closed', draft: true }, 'close', /is closed/],
    [{ actions: ['closed'] }, { action: 'closed' }, 'close', /is closed/],
    [
      {},
      { fork: true },
      'ignored',
      /comes from a fork, acme\/app: the rule has no pull-request: \{ forks: approved \}/,
    ],
    [
      { 'pull-request': { of: 'head', drafts: false, forks: 'approved' } },
      { fork: true },
      'ignored',
      /\/ok-to-test 1{40}, or by the label/,
    ],
    [
      { 'pull-request': { of: 'head', drafts: false, forks: 'approved' } },
      { fork: true, action: 'closed' },
      'close',
      /is closed/,
    ],
    [
      { 'pull-request': { of: 'head', drafts: false, forks: 'approved' }, actions: ['labeled'] },
      { fork: true, action: 'labeled' },
      'ignored',
      /approves it/,
    ],
    [{}, { fork: true, action: 'closed' }, 'ignored', /fork/],
  ])('by %j of one that is %j is %s', (options, members, route, reason) => {
    const decided = decide(options, members);
    expect(decided.route).toBe(route);
    expect(decided.reason).toMatch(reason);
  });

  it('is no build for a rule that does not name the event', () => {
    expect(decide({ asksFor: [] }, {})).toMatchObject({
      route: 'ignored',
      reason: expect.stringContaining('does not ask for the event pull_request'),
    });
  });
});

describe('a filter that only git decides', () => {
  const filtered = { asksFor: ['pull_request'], paths: ['src/**'], skip: ['ci-words' as const] };
  const push = { ...delivery, event: 'push', ref: 'refs/heads/main' };
  const head = { ref: 'topic', commit: 'a'.repeat(40) };
  const pullRequest = {
    number: 1,
    action: 'opened',
    draft: false,
    merged: false,
    fork: false,
    head,
    base: 'main',
  };
  const requested = { ...push, event: 'pull_request', pullRequest };

  it('is left to the pull, by what the payload does not say', () => {
    expect(decideRoute(filtered, push, undefined).open).toEqual(['skip', 'paths']);
    expect(decideRoute(filtered, push, ['src/a']).open).toEqual(['skip']);
    expect(decideRoute(filtered, push, undefined, 'Fix')).toMatchObject({ route: 'pull', open: ['paths'] });
    expect(decideRoute(filtered, requested, undefined).open).toEqual(['skip', 'paths']);
    expect(decideRoute(filtered, push, ['src/a'], 'Fix')).not.toHaveProperty('open');
  });

  it('is none for a tag, and for what would not be pulled', () => {
    const tag = { ...push, ref: 'refs/tags/v1' };
    expect(decideRoute(filtered, tag, undefined, 'Fix')).toMatchObject({
      route: 'pull',
      reason: 'a path filter is for branches, and passes a tag',
    });
    expect(decideRoute(filtered, tag, undefined, 'Fix')).not.toHaveProperty('open');
    expect(decideRoute(filtered, { ...push, deleted: true }, undefined)).not.toHaveProperty('open');
    expect(decideRoute(filtered, push, ['README.md'])).not.toHaveProperty('open');
  });

  it.each([
    ['Fix [skip ci]', 'ignored'],
    ['[no ci] Fix', 'ignored'],
    ['Fix\n\nbody [actions skip]', 'ignored'],
    ['Fix\r\n\r\n\r\nSigned-off-by: a\r\nskip-checks:true\r\n', 'ignored'],
    ['Fix\n\nskip-checks: true\nSigned-off-by: a', 'pull'],
    ['Fix\n\nwe skip:\nskip-checks: true or not', 'pull'],
    ['skip-checks: true', 'pull'],
    ['Fix [Skip CI]', 'pull'],
  ])('of the message %j: %s', (message, route) => {
    expect(decideRoute(filtered, push, ['src/a'], message).route).toBe(route);
    expect(decideRoute({ asksFor: [] }, push, ['src/a'], message).route).toBe('pull');
  });
});

describe('what somebody says of a pull request', () => {
  const comment = { ...delivery, event: 'issue_comment', sender: 'grace' };
  const approved = { of: 'head', drafts: false, forks: 'approved' } as const;
  const rule = { asksFor: ['issue_comment'], 'pull-request': approved };
  const decide = (options: object, commit: string) =>
    decideRoute({ ...rule, ...options }, { ...comment, approval: { number: 12, commit } }, undefined);

  it('is asked about, when the rule builds what is approved', () => {
    expect(decide({}, '1234567')).toMatchObject({
      route: 'approve',
      reason: 'pull request 12 is approved at 1234567',
    });
    expect(decide({}, '')).toMatchObject({ route: 'ignored', reason: expect.stringContaining('no commit') });
    const never = { 'pull-request': { ...approved, forks: 'never' } };
    expect(decide(never, '1234567')).toMatchObject({
      route: 'ignored',
      reason: expect.stringContaining('forks: approved'),
    });
    expect(decideRoute(rule, comment, undefined)).toMatchObject({ route: 'ignored' });
  });

  it('stands for the ref of the request in the repository itself', () => {
    const said = { ...comment, approval: { number: 12, commit: '1234567' } };
    expect(deliveryFor(rule, said)).toMatchObject({ ref: 'refs/pull/12/head' });
    expect(deliveryFor(rule, said)).not.toHaveProperty('commit');
    const merge = { ...rule, 'pull-request': { ...approved, of: 'merge' as const } };
    expect(deliveryFor(merge, said)).toMatchObject({ ref: 'refs/pull/12/merge' });
    expect(deliveryFor({ asksFor: ['issue_comment'] }, said)).toEqual(said);
  });
});
