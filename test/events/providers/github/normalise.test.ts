import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Normalised } from '../../../../events/provider.ts';
import { normalise } from '../../../../events/providers/github/normalise.ts';

const SHA = 'a'.repeat(40);
const repository = { full_name: 'acme/app', name: 'app', owner: { login: 'acme' }, default_branch: 'main' };
const sender = { login: 'octocat' };
const push = { ref: 'refs/heads/main', before: '0'.repeat(40), after: SHA, repository, sender };

const read = (event: string, payload: Record<string, unknown>): Normalised =>
  normalise({ host: 'github.com', event, deliveryId: 'id-1' }, payload);
const common = {
  provider: 'github',
  host: 'github.com',
  id: 'id-1',
  repository: { fullName: 'acme/app', defaultBranch: 'main' },
  sender: 'octocat',
};

describe('a push', () => {
  it('is its ref and its commit, and whatever else it holds is left out', () => {
    const payload = {
      ...push,
      created: true,
      forced: true,
      repository: { ...repository, clone_url: 'https://evil' },
    };
    expect(read('push', { ...payload, extra: { deep: [1] } }).delivery).toEqual({
      ...common,
      event: 'push',
      ref: 'refs/heads/main',
      commit: SHA,
      created: true,
      deleted: false,
      forced: true,
    });
  });

  it('says which commit it replaced and when it was, where the host says so', () => {
    const before = 'b'.repeat(40);
    const told = { ...push, before, repository: { ...repository, pushed_at: 1557933657 } };
    expect(read('push', told).delivery).toMatchObject({ before, pushedAt: 1557933657 });
    for (const pushed_at of ['2019-05-15T15:20:56Z', 8_640_000_000_001]) {
      const odd = { ...push, before: 'none', repository: { ...repository, pushed_at } };
      expect(read('push', odd).delivery).not.toHaveProperty('before');
      expect(read('push', odd).delivery).not.toHaveProperty('pushedAt');
    }
  });

  it('may name a SHA-256 commit', () => {
    const after = 'b'.repeat(64);
    expect(read('push', { ...push, after }).delivery.commit).toBe(after);
  });

  it.each([40, 64])('to the id of no object, of %i digits, is a deletion and has no commit', (length) => {
    for (const deleted of [true, undefined]) {
      const { delivery } = read('push', { ...push, after: '0'.repeat(length), deleted });
      expect(delivery.deleted).toBe(true);
      expect(delivery).not.toHaveProperty('commit');
    }
  });

  const commits = [
    { added: ['a.txt'], removed: ['b.txt'], modified: [] },
    { added: [], removed: [], modified: ['a.txt', 'c.txt'] },
  ];

  it('names each file that its commits changed once', () => {
    expect(read('push', { ...push, commits }).changed).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });

  it.each([
    ['without commits', { commits: [] }],
    ['that does not list its commits', {}],
    ['of a tag', { ref: 'refs/tags/v1', commits }],
    ['that is forced', { forced: true, commits }],
    ['with a commit that lists no file', { commits: [...commits, { added: [], removed: [], modified: [] }] }],
    [
      'with a commit that lists as many files as are told',
      { commits: [{ added: Array.from({ length: 3000 }, (_, n) => `${n}.txt`), removed: [], modified: [] }] },
    ],
    ['of as many commits as are listed', { commits: Array.from({ length: 2048 }, () => commits[0]) }],
  ])('%s does not say which files changed', (_, members) => {
    expect(read('push', { ...push, ...members }).changed).toBeUndefined();
  });

  it.each([
    ['no ref', { ref: undefined }, /^ref is missing: /],
    ['a short ref', { ref: 'main' }, /^ref is "main": expected a full ref that git takes/],
    ['a short commit', { after: 'abc1234' }, /^after is "abc1234": expected a full hex object id/],
    ['an upper-case commit', { after: 'A'.repeat(40) }, /^after is "A+"/],
    ['a commit of 41 digits', { after: 'a'.repeat(41) }, /^after is /],
    ['a number for a ref', { ref: 7 }, /^ref is 7: expected string/],
    ['no repository', { repository: undefined }, /^repository is missing: /],
    ['a list for a repository', { repository: ['x'] }, /^repository is a list: /],
    ['a word for created', { created: 'yes' }, /^created is "yes": expected boolean/],
    ['an object for a commit', { after: { deep: 'text' } }, /^after is an object: /],
    ['a text for the files of a commit', { commits: [{ added: 'x' }] }, /^commits.0.added is "x": /],
    ['two things that are wrong', { ref: 'x', after: 'y' }, /^ref is "x": .*; after is "y": /],
  ])('with %s is refused by name and value', (_, members, message) => {
    expect(() => read('push', { ...push, ...members })).toThrow(message);
  });
});

// A name is one component or more of letters of any script, and of what a shell or git could take for its own.
const component = fc
  .array(
    fc.constantFrom('a', 'Z', '0', '-', '_', 'é', '日', '😀', '$(id)', ';', "'", '"', '`', '|', '&', '%2e'),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));
const names = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe.each(['create', 'delete'])('a %s', (event) => {
  it('names its full ref, from which its short name can be told', () => {
    fc.assert(
      fc.property(names, fc.constantFrom('branch', 'tag'), (ref, ref_type) => {
        const { delivery, changed } = read(event, { ref, ref_type, repository, sender });
        const folder = ref_type === 'tag' ? 'refs/tags/' : 'refs/heads/';
        expect(delivery.ref?.startsWith(folder)).toBe(true);
        expect(delivery.ref?.slice(folder.length)).toBe(ref);
        expect(delivery).not.toHaveProperty('commit');
        expect(event === 'create' ? delivery.created : delivery.deleted).toBe(true);
        expect(changed).toBeUndefined();
      }),
    );
  });

  it('of a branch whose own name begins with refs/heads/ is of that branch', () => {
    const { delivery } = read(event, { ref: 'refs/heads/x', ref_type: 'branch', repository, sender });
    expect(delivery.ref).toBe('refs/heads/refs/heads/x');
  });

  it('of a repository names no ref', () => {
    const { delivery } = read(event, { ref: null, ref_type: 'repository', repository, sender });
    expect(delivery).toEqual({ ...common, event, repository: { fullName: 'acme/app' } });
  });

  it('of another kind is refused', () => {
    expect(() => read(event, { ref: 'x', ref_type: 'note', repository, sender })).toThrow(
      /^ref_type is "note"/,
    );
    expect(() => read(event, { ref: 'x', repository, sender })).toThrow(/^ref_type is missing/);
  });
});

describe('a pull request', () => {
  const head = { ref: 'topic', sha: SHA, repo: { full_name: 'acme/app' } };
  const base = { ref: 'main' };

  it('says when the host last changed it, where the host says so in UTC', () => {
    const updatedAt = (updated_at: unknown) =>
      read('pull_request', {
        ...{ action: 'closed', number: 1, repository, sender },
        pull_request: { head, base, updated_at },
      }).delivery.pullRequest?.updatedAt;
    expect(updatedAt('2026-01-31T09:07:03Z')).toBe('2026-01-31T09:07:03Z');
    for (const odd of [undefined, null, 7, 'yesterday', '2026-01-31T09:07:03+01:00'])
      expect(updatedAt(odd)).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['no head', { base }, /^pull_request.head is missing: /],
    ['no base', { head }, /^pull_request.base is missing: /],
    [
      'a short commit',
      { head: { ...head, sha: 'abc' }, base },
      /^pull_request.head.sha is "abc": expected a full/,
    ],
    [
      'a name that git does not take',
      { head: { ...head, ref: 'a b' }, base },
      /^pull_request.head.ref is "a b": expected a name that git takes, such as main$/,
    ],
  ])('with %s is refused by name and value', (_title, pull_request, message) => {
    const payload = { action: 'opened', number: 1, repository, sender, pull_request };
    expect(() => read('pull_request', payload)).toThrow(message);
  });
});

it('a push tells the message of its newest commit, where the host says so', () => {
  expect(read('push', { ...push, head_commit: { message: 'One' } }).message).toBe('One');
  expect(read('push', push)).not.toHaveProperty('message');
});

describe('a repository event', () => {
  const branch = { ...repository, default_branch: 'trunk' };

  it('of a new one stands for its default branch, at no commit', () => {
    const { delivery } = read('repository', { action: 'created', repository: branch, sender });
    expect(delivery).toMatchObject({ ref: 'refs/heads/trunk', created: true });
    expect(delivery).not.toHaveProperty('commit');
  });

  it.each(['deleted', 'archived', 'renamed', 'transferred'])(
    'of another action is of no ref: %s',
    (action) => {
      expect(read('repository', { action, repository: branch, sender }).delivery).not.toHaveProperty('ref');
    },
  );
});

describe('a ping', () => {
  it('may come of an organization, without a repository', () => {
    expect(read('ping', { zen: 'z', hook_id: 1, sender }).delivery).toEqual({
      provider: 'github',
      host: 'github.com',
      id: 'id-1',
      event: 'ping',
      sender: 'octocat',
    });
  });
});

describe('any other event', () => {
  it.each([
    ['nothing', {}],
    ['no repository it could be', { repository: 'text', sender: 7 }],
    ['a repository of a hostile name', { repository: { full_name: '../../etc/passwd' } }],
  ])('with %s is a delivery all the same', (_, payload) => {
    expect(read('watch', payload).delivery).toEqual({
      provider: 'github',
      host: 'github.com',
      id: 'id-1',
      event: 'watch',
    });
  });
});

describe('a pull request', () => {
  const head = { ref: 'topic', sha: SHA, repo: { full_name: 'acme/app' } };
  const request = (members: object) => ({
    action: 'opened',
    number: 12,
    pull_request: { base: { ref: 'main' }, ...members },
    repository,
    sender,
  });

  it('of the repository itself is at its branch', () => {
    const { delivery } = read('pull_request', request({ draft: true, head }));
    expect(delivery).toMatchObject({
      ref: 'refs/heads/topic',
      commit: SHA,
      pullRequest: {
        number: 12,
        action: 'opened',
        draft: true,
        merged: false,
        fork: false,
        head: { ref: 'topic', commit: SHA, repository: 'acme/app' },
        base: 'main',
      },
    });
  });

  it.each([{ full_name: 'mallory/app' }, null])('of a fork names no ref: %j', (repo) => {
    const { delivery } = read('pull_request', request({ head: { ...head, repo } }));
    expect(delivery.pullRequest).toMatchObject({ fork: true });
    expect(delivery).not.toHaveProperty('ref');
    expect(delivery).not.toHaveProperty('commit');
  });
});

describe('an approval', () => {
  const comment = (body: string, members: object = {}) =>
    read('issue_comment', {
      action: 'created',
      issue: { number: 12, pull_request: {} },
      comment: { body },
      repository,
      sender,
      ...members,
    }).delivery;

  it.each([
    [`/ok-to-test ${SHA}`, SHA],
    [`Looks good.\r\n/ok-to-test ${SHA.toUpperCase()}  \r\nThank you`, SHA],
    ['/ok-to-test', ''],
    [`/ok-to-test ${SHA.slice(0, 39)}`, ''],
    [`/ok-to-test ${SHA} or later`, ''],
  ])('is a comment of its own: %j', (body, commit) => {
    expect(comment(body)).toMatchObject({ approval: { number: 12, commit } });
  });

  it.each<[string, object?]>([
    [`> /ok-to-test ${SHA}`],
    [`say /ok-to-test ${SHA}`],
    [`/ok-to-testing ${SHA}`],
    [`/ok-to-test ${SHA}`, { action: 'edited' }],
    [`/ok-to-test ${SHA}`, { issue: { number: 12 } }],
  ])('is nothing else: %j %j', (body, members = {}) => {
    expect(comment(body, members)).not.toHaveProperty('approval');
  });

  it('is the label, at the commit that the request is at', () => {
    const labeled = (action: string, name: string) =>
      read('pull_request', {
        action,
        number: 12,
        label: { name },
        pull_request: { head: { ref: 'topic', sha: SHA, repo: null }, base: { ref: 'main' } },
        repository,
        sender,
      }).delivery.approval;
    expect(labeled('labeled', 'ok-to-test')).toEqual({ number: 12, commit: SHA });
    expect(labeled('unlabeled', 'ok-to-test')).toBeUndefined();
    expect(labeled('labeled', 'bug')).toBeUndefined();
  });
});

describe('a hostile name', () => {
  it.each([
    '$(touch x)',
    '`id`',
    "';id;'",
    '"&&id',
    'a|b',
    '--upload-pack=id',
    '-x',
    '%0a',
    'é😀',
    'a\u202eb',
  ])('that git takes is kept as it is: %j', (name) => {
    const branch = name.replaceAll(' ', '');
    expect(read('push', { ...push, ref: `refs/heads/${branch}` }).delivery.ref).toBe(`refs/heads/${branch}`);
  });

  it.each([
    'a b',
    'a\nb',
    'a\tb',
    'a\0b',
    'a\x1b[31mb',
    'a\x7fb',
    '../../etc/passwd',
    'a..b',
    '.hidden',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a//b',
    'a/',
    'a.',
    '@{-1}',
    'a:b',
    'a~1',
    'a^',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    '',
    '\ud800',
  ])('that git does not take is refused: %j', (name) => {
    expect(() => read('push', { ...push, ref: `refs/heads/${name}` })).toThrow(/^ref is "/);
    expect(() => read('create', { ref: name, ref_type: 'branch', repository })).toThrow(/^ref is "/);
    expect(() => read('delete', { ref: name, ref_type: 'tag', repository })).toThrow(/^ref is "/);
  });

  it.each([
    'acme',
    'acme/',
    '/app',
    'acme/app/more',
    '../app',
    'acme/..',
    './app',
    '-acme/app',
    'acme/--upload-pack',
    'acme/a b',
    'acme/a\nb',
    'acme/$(id)',
    'acme/a;b',
    "acme/'a",
    'acme/é',
    'acme/a%2fb',
    'acme/app?x',
    'user:token@evil.example/app',
    'https://evil.example/app',
  ])('of a repository is refused: %j', (full_name) => {
    expect(() => read('push', { ...push, repository: { ...repository, full_name } })).toThrow(
      /^repository\.full_name is ".*": expected owner\/name/,
    );
  });

  it('of a default branch is left out', () => {
    const { delivery } = read('push', { ...push, repository: { ...repository, default_branch: 'a..b' } });
    expect(delivery.repository).toEqual({ fullName: 'acme/app' });
  });

  it('does not fill the message', () => {
    const long = 'x '.repeat(10_000);
    expect(() => read('push', { ...push, ref: long })).toThrow(/^.{0,300}$/);
  });
});
