import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hookline, startHookline } from '../e2e/hookline.ts';
import { createRepository, type Repository } from '../e2e/repository.ts';

const COMMAND = fileURLToPath(new URL('../../cli/hookline.mjs', import.meta.url));

let hookline: Hookline;
let repository: Repository;
let folder: string;
let deliveryId: string;
let commit: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  [hookline, repository] = await Promise.all([startHookline(), createRepository()]);
  commit = await repository.commit({ 'a.txt': 'a' });
  const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  deliveryId = hookline.gitHost.deliveries().find(({ event }) => event === 'push')?.id ?? '';
  await hookline.ended(deliveryId);
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], input = '') =>
  execa(process.execPath, [COMMAND, ...args, '--data', hookline.data], { cwd: folder, input, reject: false });
const json = async (...args: string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await run([...args, '--json']);
  // What stands on standard error is for people: how far something long is.
  expect({ stderr: stderr.replace(/^ *\d+ % {2}.*$/gm, '').trim(), exitCode }).toEqual({
    stderr: '',
    exitCode: 0,
  });
  return JSON.parse(stdout);
};
const since = ['--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];

describe('hookline deliveries', () => {
  it('lists what came in, by any column', async () => {
    const rows = await json('deliveries', 'list', '--event', 'push', '--repository', 'acme/*');
    expect(rows).toMatchObject([
      { deliveryId, repository: 'acme/app', commit, outcome: 'Published', rule: 'default' },
    ]);
    expect(await json('deliveries', 'list', '--outcome', 'PullFailed')).toEqual([]);
    expect((await run(['deliveries', 'list'])).stdout).toMatch(/^RECEIVED +DELIVERY +EVENT/);
  });

  it('shows one, and draws its path', async () => {
    expect(await json('deliveries', 'show', deliveryId.slice(0, 8))).toMatchObject({
      row: { deliveryId, artifactKey: expect.stringContaining(commit) },
      execution: { status: 'SUCCEEDED' },
      steps: [
        { name: 'Validate', status: 'succeeded', attempts: 1 },
        { name: 'Claim' },
        { name: 'Route' },
        { name: 'Pull' },
        { name: 'Publish' },
        { name: 'Published?' },
        { name: 'Report Published' },
        { name: 'Published' },
      ],
    });
    const { stdout } = await run(['deliveries', 'show', deliveryId]);
    expect(stdout).toMatch(/✔ Validate .*\n {2}│\n {2}✔ Claim/);
    expect((await run(['deliveries', 'show', 'none'])).stderr).toContain('hookline: no delivery none');
  });

  it('shows the logs of its functions and its build', async () => {
    expect(await json('deliveries', 'logs', deliveryId, '--state', 'Pull')).toMatchObject([
      {
        state: 'Pull',
        lines: expect.arrayContaining([{ at: expect.any(String), text: expect.stringContaining('token 1') }]),
      },
    ]);
    expect(JSON.stringify(await json('deliveries', 'logs', deliveryId, '--state', 'Claim'))).toContain(
      'Claimed',
    );
  });

  it('run again, however they ended', async () => {
    const { executionArn } = (await json('redeliver', deliveryId)) as { executionArn: string };
    const ended = await hookline.ended(deliveryId, 2);
    expect(ended.find((each) => each.executionArn === executionArn)).toMatchObject({ outcome: 'Published' });
    expect((await run(['stop', deliveryId])).stderr).toContain('does not run: it is SUCCEEDED');
  });
});

describe('hookline replay', () => {
  it('says what would match, and then runs it to its end', async () => {
    expect(await json('replay', ...since, '--rule', 'default', '--dry-run')).toMatchObject({
      matches: { default: expect.any(Number) },
      unknown: 0,
    });
    const { replayName, deliveries } = (await json('replay', ...since, '--rule', 'default')) as {
      replayName: string;
      deliveries: { replayName: string; outcome: string }[];
    };
    expect(deliveries.length).toBeGreaterThan(0);
    for (const row of deliveries)
      expect(row).toMatchObject({ replayName, outcome: expect.stringMatching(/./) });
  });

  it('refuses a span that is none, and a rule that is none', async () => {
    expect((await run(['replay', '--from', 'yesterday'])).stderr).toContain(
      '"yesterday" is no time: write it as 2026-01-31T09:00:00Z',
    );
    expect((await run(['replay', ...since, '--rule', 'none'])).stderr).toContain(
      'no rule none is deployed: there are default, demo',
    );
    expect((await run(['replay'])).exitCode).toBe(2);
  });
});

describe('hookline rules', () => {
  it('says what each matches in words, and why a delivery does or does not', async () => {
    expect(await json('rules', 'list')).toMatchObject([
      { name: 'default', words: 'payload.repository.full_name is not "hookline/demo" or is not there' },
      { name: 'demo', words: 'payload.repository.full_name is "hookline/demo"' },
    ]);
    expect(await json('rules', 'explain', deliveryId)).toMatchObject([
      { rule: 'default', matches: true, clauses: [{ matches: true }] },
      { rule: 'demo', matches: false, clauses: [{ path: 'payload.repository.full_name', matches: false }] },
    ]);
  });
});

describe('hookline artifacts and secret', () => {
  it('list and get what was made', async () => {
    expect(await json('artifacts', 'list', 'localhost/acme/')).toMatchObject({
      artifacts: [
        { key: expect.stringContaining(`commits/${commit}.zip`) },
        { key: expect.stringContaining('refs/heads/main.zip') },
      ],
    });
    expect((await run(['artifacts', 'get', 'no/such.zip'])).stderr).toContain('no artifact no/such.zip');
  });

  it('takes a value from standard input and never shows it', async () => {
    const { stdout } = await run(['secret', 'set', 'github.com', 'token'], 'very-hidden\n');
    expect(stdout).toBe('Set the token of github.com: it is used within a minute');
    expect(await json('secret', 'list')).toMatchObject({ 'github.com': ['webhook', 'token'] });
    expect((await run(['secret', 'set', 'evil.test', 'token'], 'x')).stderr).toContain(
      'the host evil.test is not configured: there are github.com, localhost',
    );
    expect((await run(['secret', 'set', 'github.com', 'token'], ' ')).stderr).toContain('is empty');
  });
});

describe('hookline hooks', () => {
  const at = ['--host', 'localhost'];

  it('makes the webhook once, and brings it up to date after that', async () => {
    expect(await json('hooks', 'create', 'acme/app', ...at)).toMatchObject({
      created: true,
      hook: { config: { content_type: 'json' } },
    });
    expect(await json('hooks', 'create', 'acme/app', ...at)).toMatchObject({ created: false });
    const [hook] = (await json('hooks', 'list', 'acme/app', ...at)) as { id: number }[];
    await json('hooks', 'ping', 'acme/app', String(hook?.id), ...at);
    await json('hooks', 'delete', 'acme/app', String(hook?.id), ...at);
    expect(await json('hooks', 'list', 'acme/app', ...at)).toEqual([]);
  });

  it('explains a 404 by the scope that the token may lack', async () => {
    expect((await run(['hooks', 'list', 'acme/none', ...at])).stderr).toContain(
      'the token lacks the scope admin:repo_hook',
    );
  });
});
