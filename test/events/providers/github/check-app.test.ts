import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenUse } from '../../../../events/app.ts';
import { checkApp } from '../../../../events/providers/github/check-app.ts';
import { type Answer, type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const app = { id: '7', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

let api: AnsweringApi;
beforeAll(async () => {
  api = await startAnsweringApi();
});
afterAll(() => api?.close());

const ALL = { contents: 'read', statuses: 'write' };
const uses: TokenUse[] = ['read', 'statuses'];

/** The verdict, by the answers about the App and about its installation. */
function check(ofApp: Answer, installed: Answer = {}, repository: string | undefined = 'acme/app') {
  api.answer(({ path }) => (path === '/app' ? ofApp : installed));
  return checkApp({ host: 'ghes', url: api.url }, app, { repository, uses });
}

const known = (permissions: object): Answer => ({ body: { slug: 'the-app', permissions } });
const installed = (permissions: object, more: object = {}): Answer => ({
  body: { id: 1, permissions, ...more },
});

describe('an App that may do what the rules ask for', () => {
  it('and is installed for the repository is well', async () => {
    expect(await check(known(ALL), installed(ALL, { suspended_at: null }))).toEqual({
      result: 'ok',
      message: 'it is the-app, is installed for acme/app, and may do what the rules ask for',
    });
    expect(api.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /app',
      'GET /repos/acme/app/installation',
    ]);
  });

  it('is well before a repository is known, which nothing is asked about', async () => {
    api.answer(() => known(ALL));
    const of = { repository: undefined, uses };
    expect(await checkApp({ host: 'ghes', url: api.url }, app, of)).toEqual({
      result: 'ok',
      message:
        'it is the-app, and may do what the rules ask for; where it is installed is tried once a delivery came',
    });
    expect(api.asked.map(({ path }) => path)).toEqual(['/app']);
  });
});

describe('an App fails, with what to do,', () => {
  it.each<[string, Answer, Answer, string, string]>([
    [
      'that lacks permissions',
      known({}),
      installed(ALL),
      'it is the-app, and lacks the permission "Contents": read, "Commit statuses": write',
      "give the permission on the App's page, and accept it where the App is installed",
    ],
    [
      'that is suspended',
      known(ALL),
      installed({}, { suspended_at: '2026-01-01T00:00:00Z' }),
      'it is the-app, and is suspended for acme/app',
      'end that in the settings of its owner',
    ],
    [
      'whose new permissions nobody accepted',
      known(ALL),
      installed({}),
      'it is the-app, and the owner of acme/app has not accepted "Contents": read, "Commit statuses": write',
      'have the owner accept the new permissions, in the settings of the installed App',
    ],
    [
      'that the host does not know',
      { status: 401 },
      {},
      'ghes does not take the key of the App 7: the key may have been deleted there, or the id is another App\'s; set both with "hookline secret set ghes app"',
      'do what the message says',
    ],
    [
      'that is not installed',
      known(ALL),
      { status: 404 },
      'the App 7 is not installed for acme/app on ghes: install it there, for this repository or for all of its owner',
      'do what the message says',
    ],
  ])('%s', async (_title, ofApp, installation, message, advice) => {
    expect(await check(ofApp, installation)).toEqual({ result: 'failed', message, advice });
  });
});

it.each<[string, Answer]>([
  ['refuses in a way that says nothing of the App', { status: 410, body: { message: 'gone' } }],
  ['answers something else', { body: { slug: 'the-app' } }],
])('there is no verdict where the host %s', async (_title, ofApp) => {
  await expect(check(ofApp)).rejects.toThrow(/gone|permissions/);
});
