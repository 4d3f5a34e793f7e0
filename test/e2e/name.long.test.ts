import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Commanded, startCommand } from '../support/cli/command.ts';
import { consoleApi } from '../support/console-api.ts';
import { STAGING, STAGING_RULES } from '../support/infra/staging.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const artifactsSchema = z.object({ artifacts: z.array(z.object({ key: z.string() })) });

let made: Synthesized;
let on: Commanded;
let repository: Repository;
let commit: string;
let deliveryId: string;

beforeAll(async () => {
  made = await synthesized(STAGING, STAGING_RULES);
  on = await startCommand({ assembly: made.assembly });
  repository = await createRepository();
  commit = await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
  const url = new URL(`${on.hookline.outputs.gitUrl}/hookline/demo.git`);
  url.username = 'test';
  url.password = on.hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  deliveryId = on.hookline.gitHost.deliveries().find(({ event }) => event === 'push')?.id ?? '';
});

afterAll(async () => {
  await repository?.remove();
  await on?.remove();
  await rm(dirname(made.assembly), { recursive: true, force: true });
});

describe('a Hookline of another name', () => {
  it('takes a push to its own pipeline', async () => {
    const [ended] = await on.hookline.ended(deliveryId);
    expect(ended).toMatchObject({
      outcome: 'PipelineStarted',
      output: { pipeline: { name: 'staging-example' } },
    });
    expect(on.hookline.outputs).toMatchObject({ stackName: 'Hookline-staging', busName: 'staging' });
  });

  it('has its door behind the key alone', async () => {
    const { webhookUrl } = on.hookline.outputs;
    expect(webhookUrl).toContain(`/webhooks/${STAGING.doorKey}/github`);
    const post = async (address: string) => (await fetch(address, { method: 'POST', body: '{}' })).status;
    // what has no webhook's headers
    expect(await post(webhookUrl)).toBe(400);
    expect(await post(webhookUrl.replace(`/${STAGING.doorKey}`, ''))).toBe(403);
    expect(await post(webhookUrl.replace(STAGING.doorKey, 'another-key'))).toBe(403);
    expect((await on.run(['outputs'])).stdout).toContain(webhookUrl);
    expect((await on.run(['doctor'])).stdout).toContain(`${webhookUrl} answers`);
  });

  it('writes commit statuses under its own name', async () => {
    const url = `${on.hookline.outputs.gitUrl}/api/v3/repos/hookline/demo/commits/${commit}/statuses`;
    const headers = { authorization: `Bearer ${on.hookline.secrets.token}` };
    const statuses = async () => (await fetch(url, { headers })).json();
    await vi.waitFor(async () =>
      expect(await statuses()).toContainEqual(
        expect.objectContaining({ context: 'staging/demo', state: 'success' }),
      ),
    );
  });

  it('is operated as every other: deliveries, rules, a replay', async () => {
    expect(await on.json('deliveries', 'list')).toContainEqual(
      expect.objectContaining({ deliveryId, rule: 'demo', outcome: 'PipelineStarted' }),
    );
    expect(await on.json('rules', 'list')).toMatchObject([{ name: 'default' }, { name: 'demo' }]);
    expect(await on.json('rules', 'explain', deliveryId, '--rule', 'demo')).toMatchObject([
      { rule: 'demo', matches: true },
    ]);
    const replay = await on.run(['replay', '--from', '1h', '--rule', 'demo']);
    expect(replay).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Replay staging-\S+ /) });
    await on.hookline.ended(deliveryId, 2);
  });

  it('ends an artifact after artifactDays, keeps its pointer, and pulls the commit anew for a redelivery', async () => {
    const list = async (prefix: string) => {
      const { artifacts } = artifactsSchema.parse(await on.json('artifacts', 'list', prefix));
      return artifacts.map(({ key }) => key);
    };
    const [[artifact], [pointer]] = [await list('commits/localhost/'), await list('localhost/')];
    expect(artifact).toContain(commit);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (STAGING.artifactDays + 1) * 86_400_000 });
    try {
      await on.restart();
      await vi.waitFor(async () => expect(await list('commits/localhost/')).toEqual([]), 20_000);
    } finally {
      vi.useRealTimers();
    }
    await on.restart();
    expect(await list('localhost/')).toEqual([pointer]);
    const [{ executionArn } = { executionArn: '' }] = await on.hookline.ended(deliveryId);
    expect((await on.run(['redeliver', executionArn])).exitCode).toBe(0);
    await vi.waitFor(async () => expect(await list('commits/localhost/')).toEqual([artifact]), 30_000);
    const executions = await on.hookline.ended(deliveryId, 3);
    expect(executions.map(({ outcome }) => outcome)).toEqual(Array(3).fill('PipelineStarted'));
  });

  it('has a console that shows its deliveries and rules', async () => {
    const { get } = consoleApi(on.hookline);
    expect(await (await get('deliveries')).text()).toContain(deliveryId);
    expect(await (await get('rules')).text()).toContain('"name":"demo"');
  });
});
