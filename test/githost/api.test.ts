import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callApi, type RunningHost, startHost, TOKEN, workTree } from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let work: Repository;
let commit: string;
beforeAll(async () => {
  [host, work] = await Promise.all([startHost(), workTree()]);
  commit = await work.git('rev-parse', 'HEAD');
  await push();
});
afterAll(async () => {
  await host.remove();
  await work.remove();
});

const push = (repository = 'acme/app', refspec = 'HEAD:refs/heads/main') =>
  work.git('push', '--quiet', host.clone(repository), refspec);

const api = (method: string, path: string, body?: unknown, token?: string) =>
  callApi(host, method, path, body, token);

const withId = z.looseObject({ id: z.number() });

describe('without the token', () => {
  it.each([
    ['none', ''],
    ['a wrong one', 'wrong'],
  ])('%s, everything but the meta page is not found', async (_, token) => {
    const answer = { status: 404, body: { message: 'Not Found' } };
    expect(await api('GET', '/repos/acme/app', undefined, token)).toMatchObject(answer);
    expect(
      await api('POST', `/repos/acme/app/statuses/${commit}`, { state: 'success' }, token),
    ).toMatchObject(answer);
    expect(await api('GET', '/nothing', undefined, token)).toMatchObject(answer);
    expect(await api('GET', '/meta', undefined, token)).toMatchObject({
      status: 200,
      body: { installed_version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
  });
});

describe('the API of the git host', () => {
  it('refuses a media type that is none as a mistake of the caller', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': '' };
    const answer = await fetch(`${host.url}/api/v3/repos/acme/app/hooks`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect(answer.status).toBe(415);
  });

  it('finds nothing by a name with a NUL, and refuses a query that says one thing twice', async () => {
    for (const path of ['commits/%00/statuses', 'commits/a%00b/statuses', 'branches/%00', 'hooks/%00'])
      expect(await api('GET', `/repos/acme/app/${path}`), path).toMatchObject({ status: 404 });
    expect(await api('GET', '/repos/acme/app/pulls?base=a&base=b')).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ resource: 'Query', field: 'base' }] },
    });
  });

  it('tells of a repository and its branches', async () => {
    await push('acme/app', 'HEAD:refs/heads/feature/x');
    expect(await api('GET', '/repos/acme/app')).toMatchObject({
      status: 200,
      body: {
        full_name: 'acme/app',
        default_branch: 'main',
        clone_url: `${host.url}/acme/app.git`,
        pushed_at: expect.stringMatching(/^\d{4}-/),
      },
    });
    expect(await api('GET', '/repos/acme/app/branches')).toMatchObject({
      body: [{ name: 'feature/x' }, { name: 'main', commit: { sha: commit } }],
    });
    expect(await api('GET', '/repos/acme/app/branches/feature/x')).toMatchObject({
      status: 200,
      body: { name: 'feature/x', commit: { sha: commit } },
    });
    expect(await api('GET', '/repos/acme/app/branches/none')).toMatchObject({ status: 404 });
    expect(await api('GET', '/repos/acme/none')).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
  });
});

describe('commit statuses', () => {
  const statuses = (repository = 'acme/app') => `/repos/${repository}/statuses/${commit}`;

  it('are written and read, newest first, by sha and by branch, after a restart too', async () => {
    await push('acme/kept');
    const written = await api('POST', statuses('acme/kept'), {
      state: 'pending',
      target_url: 'http://127.0.0.1/x',
      description: 'Runs',
      context: 'hookline/demo',
    });
    expect(written).toMatchObject({
      status: 201,
      body: { state: 'pending', context: 'hookline/demo', creator: { login: 'hookline' } },
    });
    await api('POST', statuses('acme/kept'), { state: 'success', context: 'hookline/demo' });
    await host.close();
    host = await startHost(host.directory);
    for (const name of [commit, 'main']) {
      const { body } = await api('GET', `/repos/acme/kept/commits/${name}/statuses`);
      expect(body).toMatchObject([
        { state: 'success', description: null, target_url: null },
        { state: 'pending', description: 'Runs', target_url: 'http://127.0.0.1/x' },
      ]);
    }
  });

  it('that come at the same time are all kept, each with an id of its own', async () => {
    await push('acme/busy');
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        api('POST', statuses('acme/busy'), { state: 'success', context: `c${number}` }),
      ),
    );
    const { body } = await api('GET', `/repos/acme/busy/commits/${commit}/statuses?per_page=100`);
    const ids = z.array(withId).parse(body);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(20);
  });

  it.each([
    ['an unknown commit', () => `/repos/acme/app/statuses/${'1'.repeat(40)}`],
    ['a short sha', () => `/repos/acme/app/statuses/${commit.slice(0, 7)}`],
    ['an unknown repository', () => `/repos/acme/none/statuses/${commit}`],
  ])('of %s are not found', async (_, path) => {
    expect(await api('POST', path(), { state: 'success' })).toMatchObject({ status: 404 });
  });

  it.each([
    ['state', { state: 'great' }],
    ['state', {}],
    ['description', { state: 'success', description: 'x'.repeat(141) }],
    ['target_url', { state: 'success', target_url: 'javascript:alert(1)' }],
    ['context', { state: 'success', context: '' }],
  ])('with a bad %s are refused by its name', async (field, body) => {
    expect(await api('POST', statuses(), body)).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ resource: 'Status', field }] },
    });
  });

  it('that are no JSON are refused', async () => {
    expect(await api('POST', statuses(), '{"state":')).toMatchObject({
      status: 400,
      body: { message: 'Problems parsing JSON' },
    });
  });

  it('come in pages with links to the others', async () => {
    await push('acme/paged');
    for (const context of ['a', 'b', 'c', 'd', 'e'])
      await api('POST', statuses('acme/paged'), { state: 'success', context });
    const path = `/repos/acme/paged/commits/${commit}/statuses`;
    const { body, link } = await api('GET', `${path}?per_page=2&page=2`);
    expect(body).toMatchObject([{ context: 'c' }, { context: 'b' }]);
    const url = `${host.url}/api/v3${path}?per_page=2&page=`;
    expect(link).toBe(
      `<${url}1>; rel="prev", <${url}3>; rel="next", <${url}3>; rel="last", <${url}1>; rel="first"`,
    );
  });
});
