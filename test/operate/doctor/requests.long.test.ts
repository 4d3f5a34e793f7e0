import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connection } from '../../../operate/connection/connection.ts';
import { requestFindings } from '../../../operate/doctor/requests.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';
import { type HostRequests, hostRequests } from '../../support/host-requests.ts';
import { addHost } from '../../support/other-host.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

const requests = 'event: [pull_request, issue_comment]';
const RULES: Readonly<Record<string, string>> = {
  approved: `match: { ${requests}, host: [localhost], payload: { repository: { full_name: [acme/app] } } }\npull-request: { forks: approved }`,
  merged: `match: { ${requests}, payload: { repository: { full_name: [{ prefix: acme/ }] } } }\npull-request: { of: merge }`,
  missing: `match: { ${requests}, host: [localhost], payload: { repository: { full_name: [acme/none] } } }\npull-request: { of: merge }`,
  elsewhere: `match: { ${requests}, host: [away.test], payload: { repository: { full_name: [acme/app] } } }\npull-request: { of: merge }`,
  heads: `match: { ${requests}, payload: { repository: { full_name: [acme/app] } } }`,
};

let hookline: Hookline;
let work: Repository;
let on: HostRequests;
let connection: Connection;
beforeAll(async () => {
  [hookline, work] = await Promise.all([startHookline(undefined, { rules: RULES }), createRepository()]);
  on = hostRequests(hookline, work);
  connection = await hookline.connection();
  await addHost(hookline, 'away.test', {
    settings: { provider: 'github', url: 'http://127.0.0.1:9' },
    webhookSecret: 'one',
    credentials: { token: 'a' },
  });
});
afterAll(async () => {
  connection?.close();
  await work?.remove();
  await hookline?.remove();
});

const found = async () =>
  Object.fromEntries(
    (await requestFindings(connection)).map(({ name, ...finding }) => [
      name.replace(/^rule (\w+): pull requests$/, '$1'),
      finding,
    ]),
  );

it('tries the token on a repository of each rule that asks the host about requests, and on no other', async () => {
  await on.commit('Base');
  await on.push('acme/app', 'HEAD:refs/heads/main');
  const before = await found();
  expect(Object.keys(before).toSorted()).toEqual(['approved', 'elsewhere', 'merged', 'missing']);
  expect(before.approved).toMatchObject({ result: 'ok', message: expect.stringContaining('who may write') });
  expect(before.missing).toMatchObject({ result: 'failed', message: expect.stringContaining('answers 404') });
  expect(before.elsewhere).toMatchObject({ result: 'failed' });
  expect(before.merged).toMatchObject({
    result: 'not checked',
    message: expect.stringContaining('no repository is known'),
  });

  // The rule names no repository: that of the delivery is tried.
  await on.commit('Topic');
  await on.ended('pull_request', () => on.push('acme/app', 'HEAD:refs/for/main/topic'));
  expect((await found()).merged).toEqual({
    result: 'ok',
    message: 'the token may read the pull requests of acme/app',
  });
});
