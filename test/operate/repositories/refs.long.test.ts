import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { refsOf } from '../../../operate/repositories/refs.ts';
import { repositoryOf } from '../../../operate/repositories/repository.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

const DEMO = { host: 'localhost', repository: 'hookline/demo' };

let hookline: Hookline;
let repository: Repository;
let connection: Connection;
let first: string;
let second: string;

/** Pushes what is committed last, and waits until it is through the machine. */
async function push(name: string, ...refs: readonly string[]): Promise<void> {
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  const before = hookline.gitHost.deliveries().length;
  await repository.git('push', '--quiet', '--force', url.href, ...refs.map((ref) => `HEAD:${ref}`));
  for (const { id, event } of hookline.gitHost.deliveries().slice(before))
    if (event === 'push') await hookline.ended(id);
}

const buildspec = (command: string) => ({
  'buildspec.yml': `version: 0.2\nphases: { build: { commands: [${command}] } }\n`,
});

beforeAll(async () => {
  [hookline, repository] = await Promise.all([startHookline(), createRepository()]);
  connection = await connect(hookline.outputs.stackName, hookline.access);
  first = await repository.commit(buildspec('echo built'));
  await push(DEMO.repository, 'refs/heads/main', 'refs/heads/gone');
  await push('acme/other', 'refs/heads/main', 'refs/tags/v1');
  second = await repository.commit(buildspec('exit 1'));
  await push(DEMO.repository, 'refs/heads/main');
});
afterAll(async () => {
  connection?.close();
  await repository?.remove();
  await hookline?.remove();
});

const summary = async (of: typeof DEMO) =>
  (await refsOf(connection, of)).refs.map(({ ref, commit, pipelines }) => ({
    ref,
    commit,
    pipelines: pipelines.map(({ name, commit: built, status }) => [name, built, status]),
  }));

describe('the refs of a repository', () => {
  it('have the commit that each points to, and what its pipeline came to on that commit', async () => {
    await vi.waitFor(async () =>
      expect(await summary(DEMO)).toEqual([
        {
          ref: 'refs/heads/main',
          commit: second,
          pipelines: [['hookline-example', second, 'Failed']],
        },
        {
          ref: 'refs/heads/gone',
          commit: first,
          pipelines: [['hookline-example', first, expect.stringMatching(/Succeeded|Superseded/)]],
        },
      ]),
    );
  });

  it('have no pipeline where none was started, and are of one repository alone', async () => {
    const refs = await summary({ ...DEMO, repository: 'acme/other' });
    expect(refs.toSorted((a, b) => a.ref.localeCompare(b.ref))).toEqual([
      { ref: 'refs/heads/main', commit: first, pipelines: [] },
      { ref: 'refs/tags/v1', commit: first, pipelines: [] },
    ]);
    expect(await summary({ ...DEMO, repository: 'acme' })).toEqual([]);
    expect(await summary({ ...DEMO, repository: 'acme/othe' })).toEqual([]);
  });

  it('are read by a page of the bucket and by keys, whatever else the tables hold', async () => {
    const [s3, dynamo] = [vi.spyOn(connection.s3, 'send'), vi.spyOn(connection.dynamo, 'send')];
    await refsOf(connection, DEMO);
    const sent = [...s3.mock.calls, ...dynamo.mock.calls].map(([command]) => command.constructor.name);
    expect(sent).toEqual(['ListObjectsV2Command', 'BatchGetCommand', 'BatchGetCommand']);
    vi.restoreAllMocks();
  });
});

it('a repository has its own last deliveries, and those of no other', async () => {
  const { deliveries, older } = await repositoryOf(connection, { ...DEMO, repository: 'acme/other' });
  expect(older).toBe(false);
  expect(new Set(deliveries.map(({ repository }) => repository))).toEqual(new Set(['acme/other']));
  expect(deliveries.filter(({ event, commit }) => event === 'push' && commit === first)).toHaveLength(2);
  const elsewhere = await repositoryOf(connection, { ...DEMO, host: 'github.com' });
  expect(elsewhere).toMatchObject({ refs: [], deliveries: [] });
});
