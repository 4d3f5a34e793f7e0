import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/approve/index.ts';
import { type AnsweringApi, type Asked, startAnsweringApi } from '../support/api-answers.ts';
import { startTlsApi } from '../support/api-over-tls.ts';
import { pulledState } from '../support/functions/steps.ts';
import { type Aws, context, startAws } from '../support/functions/validate-aws.ts';

const [HEAD, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];

let aws: Aws;
let api: AnsweringApi;
/** what the host has of pull request 7 */
let request: Record<string, unknown>;
let permission: string | number;
beforeAll(async () => {
  [aws, api] = await Promise.all([startAws(), startAnsweringApi()]);
});
afterAll(async () => {
  await Promise.all([aws?.close(), api?.close()]);
});
beforeEach(() => {
  aws.forget();
  aws.hosts = {
    'github.com': { provider: 'github', url: api.url, api: api.url, credentialSecret: 'credentials' },
  };
  process.env.HOSTS_PARAMETER += '/approve';
  aws.secrets = { 'github.com': { token: 'the-token' } };
  permission = 'write';
  request = {
    ...{ number: 7, state: 'open', draft: true, merged: false, title: 'A fix', body: null },
    head: { ref: 'fix', sha: HEAD, repo: { full_name: 'fork/app' } },
    base: { ref: 'main' },
  };
  api.answer(({ path }: Asked) => {
    if (!path.endsWith('/permission')) return { body: request };
    return typeof permission === 'number' ? { status: permission } : { body: { permission } };
  });
});

const RULE = {
  asksFor: ['issue_comment'],
  'pull-request': { of: 'head', drafts: false, forks: 'approved' },
  skip: ['ci-words'],
  paths: ['src/**'],
  pipeline: {
    name: 'checks',
    variables: {
      ...{ TITLE: '{payload.pull_request.title}', BODY: '{payload.pull_request.body}' },
      ...{ NUMBER: '{payload.number}', BY: '{payload.comment.user.login}', SUBJECT: '{commit.subject}' },
    },
  },
};

/** The state of a comment by `ada` that approves a commit of pull request 7. */
function approval(more: object = {}, rule: object = {}) {
  const { pull: _, ...state } = pulledState('refs/heads/main', {});
  const { ref: __, commit: ___, ...delivery } = { ...state.delivery, event: 'issue_comment', sender: 'ada' };
  return {
    ...state,
    delivery: { ...delivery, approval: { number: 7, commit: HEAD }, ...more },
    rule: { ...state.rule, ...RULE, ...rule },
    values: { 'payload.comment.user.login': 'ada', 'payload.pull_request.title': '' },
    kept: 'as it is',
  };
}

const approve = (state: object) => handler({ executionArn: 'arn:me', state }, context);

describe('a fork’s commit that somebody with write permission approves', () => {
  it.each(['write', 'admin', 'maintain'])('is built by who has %s', async (held) => {
    permission = held;
    expect(await approve(approval())).toMatchObject({
      kept: 'as it is',
      delivery: {
        sender: 'ada',
        ref: 'refs/pull/7/head',
        commit: HEAD,
        pullRequest: {
          ...{ number: 7, action: 'approved', draft: true, fork: true, base: 'main' },
          head: { ref: 'fix', commit: HEAD, repository: 'fork/app' },
        },
      },
      asked: { values: ['commit.subject'], skip: ['ci-words'], paths: ['src/**'] },
      values: {
        ...{ 'payload.comment.user.login': 'ada', 'payload.pull_request.title': 'A fix' },
        'payload.number': '7',
      },
    });
    expect(api.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/repos/acme/app/pulls/7', 'token the-token'],
      ['/repos/acme/app/collaborators/ada/permission', 'token the-token'],
    ]);
  });

  it('has no value for what the host has none of, and no filter that its rule does not have', async () => {
    const state = await approve(approval({}, { skip: undefined, paths: undefined }));
    expect(Object.keys(Object(state.values))).not.toContain('payload.pull_request.body');
    expect(state).toMatchObject({ asked: { values: ['commit.subject'] } });
    expect(Object.keys(Object(state.asked))).toEqual(['values']);
  });

  it('keeps the action by which it was approved', async () => {
    const { head, base } = { head: { ref: 'fix', commit: OTHER }, base: 'main' };
    const pullRequest = { number: 7, action: 'labeled', draft: false, merged: false, fork: true, head, base };
    expect(await approve(approval({ pullRequest }))).toMatchObject({
      delivery: { commit: HEAD, pullRequest: { action: 'labeled', head: { commit: HEAD } } },
    });
  });
});

describe('a fork’s commit is not approved', () => {
  const refused = (state: object) =>
    approve(state).then(
      () => 'approved',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it.each(['read', 'triage', 'none', 404])('by who has %s', async (held) => {
    permission = held;
    expect(await refused(approval())).toBe(
      'NotApproved: ada has no write permission for acme/app, and approves nothing',
    );
  });

  it.each([undefined, ''])('by nobody, whom the host is not asked about: %j', async (sender) => {
    expect(await refused(approval({ sender }))).toBe(
      'NotApproved: nobody has no write permission for acme/app, and approves nothing',
    );
    expect(api.asked).toHaveLength(1);
  });

  it('when the request is closed, is no fork’s, or is at another commit', async () => {
    const { head } = request;
    request = { ...request, state: 'closed' };
    expect(await refused(approval())).toBe('NotApproved: pull request 7 is closed');
    request = { ...request, state: 'open', head: { ...Object(head), repo: { full_name: 'acme/app' } } };
    expect(await refused(approval())).toBe(
      'NotApproved: pull request 7 comes from the repository itself, and is built without approval',
    );
    request = { ...request, head: { ...Object(head), sha: OTHER } };
    expect(await refused(approval())).toBe(
      `NotApproved: pull request 7 is at ${OTHER}, and not at ${HEAD}: look at what has changed, and approve that commit`,
    );
  });

  it('without a repository, or a commit that is named', async () => {
    for (const member of ['repository', 'approval'])
      await expect(approve(approval({ [member]: undefined }))).rejects.toThrow(member);
  });

  it('where the host cannot be asked, by the name of the reason', async () => {
    permission = 403;
    expect(await refused(approval())).toMatch(/^CredentialRefused: github\.com answered 403 for /);
    permission = 410;
    expect(await refused(approval())).toContain(
      `HostUnreachable: the API of github.com (${api.url}) did not answer: `,
    );
    expect(await refused(approval({ host: 'other.test' }))).toMatch(/^HostUnknown: host "other.test" is not/);
    const tls = await startTlsApi();
    aws.hosts = { 'tls.test': { provider: 'github', url: tls.url, api: tls.url } };
    process.env.HOSTS_PARAMETER += '/tls';
    expect(await refused(approval({ host: 'tls.test' }))).toMatch(
      /^HostUntrusted: the certificate of tls.test/,
    );
    await tls.close();
  });

  it('where the host cannot be asked keeps what it answered', async () => {
    for (const status of [403, 410]) {
      permission = status;
      await expect(approve(approval())).rejects.toMatchObject({ cause: expect.any(Error) });
    }
  });

  it('by a host without a token, which is asked all the same', async () => {
    aws.secrets = {};
    process.env.HOSTS_PARAMETER += '/bare';
    aws.hosts = { 'github.com': { provider: 'github', url: api.url, api: api.url } };
    await approve(approval());
    expect(api.asked[0]?.headers).not.toHaveProperty('authorization');
  });
});
