import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../operate/connection/connection.ts';
import { redeliver } from '../../operate/deliveries/actions.ts';
import { listDeliveries } from '../../operate/deliveries/index.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;

const deploys = (rule: string) => `${rule}\npipeline: hookline-example`;

const RULES: Readonly<Record<string, string>> = {
  paths: deploys(
    'match: { event: [push], payload: { repository: { full_name: [acme/paths] } } }\npaths: [src/**]',
  ),
  message: deploys(`match:
  event: [push]
  payload:
    repository: { full_name: [acme/message] }
    head_commit: { message: [{ anything-but: { wildcard: '*[skip ci]*' } }] }`),
  folder: deploys(
    'match: { event: [push], payload: { repository: { full_name: [acme/folder] } } }\npull: { path: services/api }',
  ),
  told: deploys('match: { event: [push, create], payload: { repository: { full_name: [acme/told] } } }'),
};

beforeAll(async () => {
  [hookline, repository] = await Promise.all([
    startHookline(undefined, { rules: RULES }),
    createRepository(),
  ]);
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});

/** Pushes, and gives the deliveries' ids by their event. */
async function push(name: string, refspec = 'HEAD:refs/heads/main'): Promise<Record<string, string>> {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, refspec);
  const sent = hookline.gitHost.deliveries().slice(before);
  return Object.fromEntries(sent.map(({ event, id }) => [event, id]));
}

/** The host tells of a push by another hook: another delivery of the same. */
async function tell(ref: string, after: string): Promise<string> {
  const payload = { ref, after, created: true, repository: { full_name: 'acme/told' } };
  return (await hookline.deliver('push', payload)).deliveryId;
}

const outcomesOf = async (...ids: (string | undefined)[]): Promise<string[]> => {
  const ended = await Promise.all(ids.map((id) => hookline.ended(id ?? '')));
  return ended.flatMap((executions) => executions.map(({ outcome }) => outcome));
};

describe('the newest push that a rule takes is built (I10)', () => {
  it('also when a push that its paths leave out comes at once', async () => {
    await repository.commit({ 'src/a': `${Math.random()}` });
    expect(await outcomesOf((await push('paths')).push)).toEqual(['PipelineStarted']);
    await repository.commit({ 'src/a': `${Math.random()}` });
    const change = await push('paths');
    await repository.commit({ 'README.md': `${Math.random()}` });
    const other = await push('paths');
    expect(await outcomesOf(change.push, other.push)).toEqual(['PipelineStarted', 'Ignored']);
  });

  it('also when a push that its match leaves out comes at once', async () => {
    expect(await outcomesOf((await push('message')).push)).toEqual(['PipelineStarted']);
    await repository.commit({ 'src/a': `${Math.random()}` });
    const fix = await push('message');
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'Version 2 [skip ci]');
    const bump = await push('message');
    expect(await outcomesOf(fix.push)).toEqual(['PipelineStarted']);
    expect(await hookline.ended(bump.push ?? '', 0)).toEqual([]);
  });
});

describe('a commit that is told of twice is started once (I10)', () => {
  it('by two hooks at the same moment', async () => {
    const commit = await repository.commit({ 'file.txt': `${Math.random()}` });
    const first = await push('told', 'HEAD:refs/heads/two-hooks');
    const second = await tell('refs/heads/two-hooks', commit);
    const outcomes = await outcomesOf(first.create, first.push, second);
    expect(outcomes.sort()).toEqual(['PipelineStarted', 'Unchanged', 'Unchanged']);
  });

  it('by another hook later, of an annotated tag', async () => {
    await repository.git('tag', '--annotate', '--message', 'one', 'v1');
    const first = await push('told', 'refs/tags/v1');
    // The tag's own object, and the commit that it names, are one.
    await outcomesOf(first.push, first.create);
    const object = (await repository.git('rev-parse', 'refs/tags/v1')).trim();
    expect(await outcomesOf(await tell('refs/tags/v1', object))).toEqual(['Unchanged']);
  });

  it('by the push and the create of a new branch', async () => {
    await repository.commit({ 'file.txt': `${Math.random()}` });
    const { push: pushed, create } = await push('told', 'HEAD:refs/heads/created');
    const outcomes = await outcomesOf(pushed, create);
    expect(outcomes.sort()).toEqual(['PipelineStarted', 'Unchanged']);
  });
});

it('a signed body that somebody has seen and sends again, under an id of its own, builds nothing (I2)', async () => {
  const commit = await repository.commit({ 'file.txt': `${Math.random()}` });
  const first = await push('told', 'HEAD:refs/heads/captured');
  await outcomesOf(first.push, first.create);
  const known = await tell('refs/heads/captured', commit);
  expect(await outcomesOf(known)).toEqual(['Unchanged']);
  await repository.commit({ 'file.txt': `${Math.random()}` });
  const next = await push('told', 'HEAD:refs/heads/captured');
  await outcomesOf(next.push);
  const [again] = await hookline.ended(await tell('refs/heads/captured', commit));
  expect(again).toMatchObject({ outcome: 'Duplicate', states: expect.not.arrayContaining(['Pull']) });
});

describe('a push that leaves the folder of its rule as it is', () => {
  it('ends in Unchanged without an artifact, and builds when somebody asks for it', async () => {
    const buildspec = 'version: 0.2\nphases: { build: { commands: [test ! -e src, test -e own.txt] } }\n';
    await repository.commit({ 'services/api/buildspec.yml': buildspec, 'services/api/own.txt': 'own' });
    const first = (await push('folder')).push ?? '';
    expect(await outcomesOf(first)).toEqual(['PipelineStarted']);
    await repository.commit({ 'src/other': `${Math.random()}` });
    const other = (await push('folder')).push ?? '';
    expect(await outcomesOf(other)).toEqual(['Unchanged']);
    const connection = await connect(hookline.outputs.stackName, hookline.access);
    const listed = await listDeliveries(connection, { filter: { repository: 'acme/folder' } });
    const rows = listed.rows.filter(({ outcome }) => outcome !== 'Unmatched');
    expect(rows.map(({ artifactKey }) => artifactKey)).toEqual(Array(2).fill(rows[1]?.artifactKey));
    const [row] = rows.filter(({ deliveryId }) => deliveryId === other);
    if (!row) throw new Error('the delivery is not on record');
    await redeliver(connection, row);
    expect((await hookline.ended(other, 2)).map(({ outcome }) => outcome).sort()).toEqual([
      'PipelineStarted',
      'Unchanged',
    ]);
  });
});
