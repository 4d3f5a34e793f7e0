import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connection } from '../../operate/connection/connection.ts';
import { reconcileNow } from '../../operate/reconcile/index.ts';
import { runInProcess } from '../support/cli/in-process.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;

beforeAll(async () => {
  hookline = await startHookline();
  repository = await createRepository();
  await repository.commit({ 'a.txt': 'a\n' });
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});

/** Pushes to the built-in host. @returns the ids of the pushes' deliveries */
async function push(...refspecs: string[]): Promise<string[]> {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, ...refspecs);
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.filter(({ event }) => event === 'push').map(({ id }) => id);
}

/** What the schedule's call answers. */
async function bySchedule({ lambda, outputs }: Connection): Promise<unknown> {
  const Payload = JSON.stringify({ 'detail-type': 'Scheduled Event' });
  const call = new InvokeCommand({ FunctionName: outputs.reconcileFunction, Payload });
  return JSON.parse(Buffer.from((await lambda.send(call)).Payload ?? []).toString());
}

it('fetches what no webhook told of: a push, a tag and a deletion, each once', async () => {
  const connection = await hookline.connection();
  for (const id of await push('HEAD:refs/heads/main', 'HEAD:refs/heads/topic', 'HEAD:refs/tags/old'))
    await hookline.ended(id);
  expect(await reconcileNow(connection, { dryRun: false })).toEqual({
    looked: 1,
    behind: [],
    failed: [],
    problems: [],
  });
  const commit = await repository.commit({ 'b.txt': 'b\n' });
  await hookline.withoutRule('default', async () => {
    await push('HEAD:refs/heads/main', ':refs/heads/topic', 'HEAD:refs/tags/v1');
  });
  expect(await bySchedule(connection)).toMatchObject({ looked: 1, behind: [] });
  const planned = await reconcileNow(connection, { dryRun: true });
  const common = { host: 'localhost', repository: 'acme/app', rule: 'default' };
  const deliveryId = expect.stringMatching(/^reconcile-[0-9a-f]{32}$/);
  expect(planned.behind).toEqual([
    { ...common, ref: 'refs/heads/main', commit, deliveryId },
    { ...common, ref: 'refs/tags/v1', commit, deliveryId },
    { ...common, ref: 'refs/heads/topic', deliveryId },
  ]);
  const told = await runInProcess(['reconcile', '--dry-run', '--data', hookline.data], {
    cwd: hookline.data,
  });
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  expect(told.stdout).toMatch(
    /^1 repositories looked at\n3 deliveries would be started for refs that are behind\n(.*\n)+0 failed deliveries would be sent again by their host$/,
  );
  expect(told.stdout).toMatch(/reconcile-\w+ +default +acme\/app +refs\/heads\/topic +gone\n/);
  const { behind } = await reconcileNow(connection, { dryRun: false });
  expect(behind.map(({ ref }) => ref)).toEqual(planned.behind.map(({ ref }) => ref));
  const ended = await Promise.all(behind.map((each) => hookline.ended(each.deliveryId)));
  expect(ended.flat().map(({ outcome }) => outcome)).toEqual(['Published', 'Published', 'RefRetired']);
  expect(await reconcileNow(connection, { dryRun: false })).toMatchObject({ behind: [] });
});
