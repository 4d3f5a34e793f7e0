import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommitStatus } from '../../../../events/provider.ts';
import { writeCheck } from '../../../../events/providers/github/check.ts';
import { type Answer, type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

const status: CommitStatus = {
  repository: 'acme/app',
  commit: 'c0ffee',
  state: 'pending',
  description: 'it runs',
  context: 'hookline/a b',
  targetUrl: 'https://console.example',
};
const LISTED =
  '/repos/acme/app/commits/c0ffee/check-runs?check_name=hookline%2Fa%20b&filter=latest&per_page=100';

let api: AnsweringApi;
let runs: object[];
beforeAll(async () => {
  api = await startAnsweringApi();
});
beforeEach(() => {
  runs = [];
  api.answer(({ method }) => (method === 'GET' ? { body: { check_runs: runs } } : { status: 201 }));
});
afterAll(() => api?.close());

const write = (other: Partial<CommitStatus> = {}) =>
  writeCheck({ host: 'ghes', url: api.url, token: 'a' }, '7', { ...status, ...other });
/** The request that wrote. */
const written = () => api.asked.find(({ method }) => method !== 'GET');
const run = (id: number, of: object) => ({ id, status: 'in_progress', ...of });

describe('a check run', () => {
  it('is made where the commit has none of its name', async () => {
    expect(await write()).toEqual({ status: 'written', reason: '' });
    expect(api.asked[0]?.path).toBe(LISTED);
    expect(written()).toMatchObject({
      method: 'POST',
      path: '/repos/acme/app/check-runs',
      body: {
        name: 'hookline/a b',
        head_sha: 'c0ffee',
        status: 'in_progress',
        details_url: 'https://console.example',
        output: { title: 'it runs', summary: 'it runs' },
      },
    });
    expect(written()?.body).not.toHaveProperty('conclusion');
  });

  it.each(['success', 'failure'] as const)('is completed by %s, in its own words', async (state) => {
    await write({ state, summary: 'at **length**' });
    expect(written()?.body).toMatchObject({
      status: 'completed',
      conclusion: state,
      output: { title: 'it runs', summary: 'at **length**' },
    });
  });

  it('is cut to what GitHub takes', async () => {
    await write({ description: 'd'.repeat(300), summary: 's'.repeat(70_000) });
    expect(written()?.body).toMatchObject({
      output: { title: 'd'.repeat(255), summary: 's'.repeat(65_535) },
    });
  });

  it.each<[string, object[], number]>([
    ['of its App by number', [run(3, { app: { id: 7 } })], 3],
    ['of its App by client id', [run(3, { app: { id: 1, client_id: '7' } })], 3],
    ['the newest of several', [4, 6, 5].map((id) => run(id, { app: { id: 7 } })), 6],
    ['its own among others', [run(4, { app: { id: 7 } }), run(5, { app: { id: 8 } })], 4],
  ])('is brought up to date where it is there: %s', async (_title, there, id) => {
    runs = there;
    await write();
    expect(written()).toMatchObject({ method: 'PATCH', path: `/repos/acme/app/check-runs/${id}` });
  });

  it.each<[string, object[]]>([
    ['of another App', [run(3, { app: { id: 8, client_id: 'Iv1' } })]],
    ['of no App', [run(3, {}), run(4, { app: null })]],
    ['completed before it runs again', [run(3, { app: { id: 7 }, status: 'completed' })]],
  ])('is made anew where the one that is there is %s', async (_title, there) => {
    runs = there;
    await write();
    expect(written()).toMatchObject({ method: 'POST' });
  });

  it('that is completed gets its last word corrected', async () => {
    runs = [run(3, { app: { id: 7 }, status: 'completed' })];
    await write({ state: 'failure' });
    expect(written()).toMatchObject({ method: 'PATCH', body: { conclusion: 'failure' } });
  });
});

describe('a host that refuses a check run', () => {
  const answers = (answer: Answer) => api.answer(() => answer);

  it.each([401, 403, 404, 422])('by %i is an answer, with its words', async (code) => {
    answers({ status: code, body: { message: 'so it is' } });
    const { status, reason } = await write();
    expect(status).toBe('refused');
    expect(reason).toMatch(
      new RegExp(
        `^ghes answered ${code} for a check run of acme/app: so it is.*; see that the App 7 has the permission "Checks": write there$`,
      ),
    );
  });

  it.each([410, 451])('by %i is an error', async (code) => {
    answers({ status: code, body: { message: 'so it is' } });
    await expect(write()).rejects.toMatchObject({ status: code });
  });

  it('is an error where it answers something else', async () => {
    answers({ body: { runs: [] } });
    await expect(write()).rejects.toThrow('check_runs');
  });
});
