import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runInProcess } from '../support/cli/in-process.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const PATIENCE = { interval: 50 };

let hookline: Hookline;
let repository: Repository;
let rules: string;

const write = (name: string, match: string) =>
  writeFile(join(rules, `${name}.yaml`), `description: ${name}\nmatch: ${match}\n`);
const push = async (name: string, branch: string) => {
  const commit = await repository.commit({ 'file.txt': `${Math.random()}\n` });
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, `HEAD:refs/heads/${branch}`);
  return { commit, id: hookline.gitHost.deliveries().findLast(({ event }) => event === 'push')?.id ?? '' };
};
const replay = async (...args: string[]): Promise<unknown> => {
  const { stdout } = await runInProcess(['replay', ...args, '--json', '--data', hookline.data], {
    cwd: rules,
  });
  return JSON.parse(stdout);
};

beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await write('standing', '{ event: [push], payload: { repository: { full_name: [acme/known] } } }');
  [hookline, repository] = await Promise.all([startHookline(undefined, { rules }), createRepository()]);
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});

it('a rule that is added today takes what came yesterday, as if it had been there', async () => {
  const from = new Date(Date.now() - 1000).toISOString();
  const known = await push('acme/known', 'main');
  await hookline.ended(known.id);
  // No rule takes these two: they are in the archive alone.
  const old = await push('acme/unknown', 'main');
  const newest = await push('acme/unknown', 'main');
  const to = new Date().toISOString();

  const before = hookline.said.length;
  await write('late', '{ event: [push], payload: { repository: { full_name: [{ prefix: acme/ }] } } }');
  await vi.waitFor(
    () => expect(hookline.said.slice(before).at(-1)).toMatch(/^rules in force: late, standing /),
    PATIENCE,
  );

  const span = ['--from', from, '--to', to];
  // What no rule has taken is known some seconds later: a rule's line in the log may come after the delivery's.
  await vi.waitFor(
    async () =>
      expect(await replay(...span, '--rule', 'late', '--dry-run')).toMatchObject({
        matches: { late: 3 },
        ignored: { late: 0 },
        unknown: 0,
      }),
    { interval: 1000 },
  );
  const { deliveries } = (await replay(...span, '--rule', 'late')) as { deliveries: object[] };
  expect(deliveries).toHaveLength(3);
  for (const row of deliveries) expect(row).toMatchObject({ rule: 'late' });
  const outcomes = async (id: string, count: number) =>
    (await hookline.ended(id, count)).map(({ input, outcome, output }) => ({ input, outcome, output }));
  // The older one is the newest that the rule knows of, until the newer one comes.
  expect(await outcomes(newest.id, 1)).toMatchObject([
    { input: { rule: 'late' }, outcome: 'Published', output: { pull: { commit: newest.commit } } },
  ]);
  expect(await outcomes(old.id, 1)).toMatchObject([
    {
      input: { rule: 'late' },
      outcome: expect.stringMatching(/^(Published|Superseded)$/),
      output: { pull: { commit: old.commit } },
    },
  ]);
  expect((await outcomes(known.id, 2)).map(({ input }) => input)).toMatchObject([
    { rule: 'standing', replayName: '' },
    { rule: 'late', replayName: expect.stringMatching(/^hookline-/) },
  ]);
});
