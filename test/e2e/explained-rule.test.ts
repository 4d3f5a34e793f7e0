import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { runInProcess } from '../support/cli/in-process.ts';
import { consoleApi } from '../support/console-api.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository } from '../support/repository.ts';

const match = 'match: { event: [push], payload: { repository: { full_name: [acme/app] } } }';
const RULES = { 'only-src': `${match}\npaths: ['src/**']`, whole: match };

let hookline: Hookline;
let deliveryId: string;
beforeAll(async () => {
  hookline = await startHookline(undefined, { rules: RULES });
  deliveryId = await pushReadme();
});
afterAll(async () => {
  await hookline?.remove();
});

async function pushReadme(): Promise<string> {
  const repository = await createRepository();
  try {
    await repository.commit({ 'README.md': 'to be read\n' });
    const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
    url.username = 'test';
    url.password = hookline.secrets.token;
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    return hookline.gitHost.deliveries().find(({ event }) => event === 'push')?.id ?? '';
  } finally {
    await repository.remove();
  }
}

const run = (...args: string[]) => runInProcess([...args, '--data', hookline.data], { cwd: hookline.data });
const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

describe('a push of nothing that the path filter of a rule asks for', () => {
  it('ends in Ignored for that rule, and is published for another', async () => {
    const ended = await hookline.ended(deliveryId, 2);
    expect(
      Object.fromEntries(
        ended.map(({ input, outcome }) => [z.looseObject({ rule: z.string() }).parse(input).rule, outcome]),
      ),
    ).toEqual({ 'only-src': 'Ignored', whole: 'Published' });
  });

  it('is explained so by the command', async () => {
    const { stdout } = await run('rules', 'explain', deliveryId);
    expect(stdout.split('\n')).toEqual([
      'only-src matches, then Ignored: no changed file matches src/**',
      '    ✔ event is "push"',
      '    ✔ payload.repository.full_name is "acme/app"',
      '    changed files: ["README.md"]',
      'whole matches, then Pull: it is a push to refs/heads/main',
      '    ✔ event is "push"',
      '    ✔ payload.repository.full_name is "acme/app"',
    ]);
  });

  it("is explained so by the console's API", async () => {
    const response = await consoleApi(hookline).post('rules/explain', { delivery: deliveryId });
    expect(await response.json()).toMatchObject([
      {
        rule: 'only-src',
        matches: true,
        verdict: {
          next: 'Ignored',
          reason: 'no changed file matches src/**',
          found: [{ path: 'changed files', value: '["README.md"]' }],
        },
      },
      { rule: 'whole', matches: true, verdict: { next: 'Pull', found: [] } },
    ]);
  });

  it('is counted as ignored by the forecast of a replay, in the console and in the dry run', async () => {
    // No rule takes the ping and the creation of the branch: both are on record once the bus has written their lines.
    await vi.waitFor(async () => {
      const { stdout } = await run('deliveries', 'list', '--all', '--json');
      expect(z.array(z.unknown()).parse(JSON.parse(stdout))).toHaveLength(4);
    });
    const response = await consoleApi(hookline).post('replays/forecast', { ...span, rules: [] });
    const lines = (await response.text()).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      result: {
        deliveries: 3,
        matches: { 'only-src': 1, whole: 1 },
        ignored: { 'only-src': 1, whole: 0 },
        unknown: 0,
      },
    });
    const { stdout } = await run('replay', '--from', span.from, '--to', span.to, '--dry-run');
    expect(stdout.split('\n')).toEqual([
      '3 deliveries on record in that span',
      '  1 would go to the rule only-src, which ignores 1 of them',
      '  1 would go to the rule whole',
    ]);
  });
});
