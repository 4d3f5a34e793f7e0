import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Commanded, startCommand } from '../support/cli/command.ts';
import { createRepository, type Repository } from '../support/repository.ts';
import { synthesizeHere } from '../support/synthesize-here.ts';

const BUILD = (command: string) => `version: 0.2\nphases: { build: { commands: [${command}] } }\n`;
const appSchema = z.looseObject({ id: z.number(), pem: z.string() });
const statusesSchema = z.array(
  z.looseObject({ state: z.string(), creator: z.looseObject({ login: z.string() }) }),
);

const runsSchema = z.object({
  check_runs: z.array(
    z.looseObject({
      status: z.string(),
      conclusion: z.string().nullable(),
      details_url: z.string().nullable(),
      output: z.looseObject({ summary: z.string() }),
    }),
  ),
});

describe('a host whose credential is an App', () => {
  let folder: string;
  let on: Commanded;
  let repository: Repository;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-app-'));
    const hosts = { 'github.com': { provider: 'github', url: 'https://github.com', app: true } };
    const rules = join(folder, 'rules');
    await mkdir(rules);
    const match = 'match: { payload: { repository: { full_name: [hookline/demo] } } }';
    for (const [name, status] of Object.entries({ statuses: 'true', checks: 'checks' }))
      await writeFile(
        join(rules, `${name}.yaml`),
        `description: d\n${match}\npipeline: hookline-example\nstatus: ${status}\n`,
      );
    const assembly = await synthesizeHere(join(folder, 'cdk.out'), { rules, settings: { hosts } });
    on = await startCommand({ assembly });
    repository = await createRepository();
    const { id, pem } = appSchema.parse(await api('POST', '/app-manifests/code/conversions'));
    key = pem;
    const set = ['secret', 'set', 'localhost', 'app', '--app-id', String(id)];
    const { stdout, stderr } = await on.run(set, pem.replaceAll('\n', '\r\n'));
    expect(stderr).toBe('');
    expect(stdout).toContain('the line ends of Windows became those of Unix');
  });
  afterAll(async () => {
    await repository?.remove();
    await on?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function api(method: string, path: string): Promise<unknown> {
    const { outputs, secrets } = on.hookline;
    const headers = { authorization: `Bearer ${secrets.token}` };
    return (await fetch(`${outputs.gitUrl}/api/v3${path}`, { method, headers })).json();
  }

  async function push(command: string): Promise<{ commit: string; deliveryId: string }> {
    const commit = await repository.commit({ 'buildspec.yml': BUILD(command) });
    const url = new URL(`${on.hookline.outputs.gitUrl}/hookline/demo.git`);
    url.username = 'test';
    url.password = on.hookline.secrets.token;
    const before = on.hookline.gitHost.deliveries().length;
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    const sent = on.hookline.gitHost.deliveries().slice(before);
    return { commit, deliveryId: sent.find(({ event }) => event === 'push')?.id ?? '' };
  }

  it('has the App in place of its token', async () => {
    expect(await on.json('secret', 'list')).toMatchObject({ localhost: ['webhook', 'app'] });
  });

  it('is pulled from and has its commit statuses written by tokens of the App', async () => {
    const { commit, deliveryId } = await push('echo built');
    const ended = await on.hookline.ended(deliveryId, 2);
    expect(ended).toMatchObject([{ outcome: 'PipelineStarted' }, { outcome: 'PipelineStarted' }]);
    const statuses = async () =>
      statusesSchema.parse(await api('GET', `/repos/hookline/demo/commits/${commit}/statuses`));
    await vi.waitFor(async () => expect((await statuses())[0]?.state).toBe('success'), { interval: 200 });
    const authors = new Set((await statuses()).map(({ creator }) => creator.login));
    expect(authors).toEqual(new Set(['hookline[bot]']));
  });

  it.each([
    ['echo built', 'success', /^The pipeline succeeded$/],
    ['exit 1', 'failure', /^The pipeline failed in stage `Build`, action `Build`\.\n\n {4}Build terminated/],
  ])('has one check run of a commit whose build is "%s": %s', async (command, conclusion, summary) => {
    const { commit } = await push(command);
    const path = `/repos/hookline/demo/commits/${commit}/check-runs?filter=all`;
    const runs = async () => runsSchema.parse(await api('GET', path)).check_runs;
    await vi.waitFor(async () => expect((await runs())[0]?.conclusion).toBe(conclusion), { interval: 200 });
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: 'hookline/checks', app: { slug: 'hookline' } });
    expect(run?.output.summary).toMatch(summary);
    expect(run?.details_url).toMatch(/\/pipelines\/hookline-example\/executions\//);
  });

  it('is found well by doctor', async () => {
    const { stdout } = await on.run(['doctor', '--json']);
    const found = z.array(z.looseObject({ name: z.string() })).parse(JSON.parse(stdout));
    expect(found.find(({ name }) => name === 'localhost: API')).toMatchObject({
      result: 'ok',
      message: 'it is hookline, is installed for hookline/demo, and may do what the rules ask for',
    });
    expect(found.find(({ name }) => name === 'rule checks: check runs')).toMatchObject({
      result: 'warning',
      message: "github.com has no App: the rule's commits there get no check run",
    });
  });

  it('keeps the App when it is started again', async () => {
    await on.restart();
    expect(await on.json('secret', 'list')).toMatchObject({ localhost: ['webhook', 'app'] });
    const { deliveryId } = await push('echo again');
    expect(await on.hookline.ended(deliveryId, 2)).toMatchObject([
      { outcome: 'PipelineStarted' },
      { outcome: 'PipelineStarted' },
    ]);
  });

  it('leaves neither a token nor a line of its key in a log or in the history of an execution', async () => {
    const { deliveryId } = await push('echo more');
    const [ended] = await on.hookline.ended(deliveryId);
    const logs = new CloudWatchLogsClient(on.hookline.access);
    const texts: string[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
      for (const { logGroupName } of logGroups)
        for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName }))
          texts.push(...(page.events ?? []).map(({ message = '' }) => message));
    logs.destroy();
    for await (const page of paginateGetExecutionHistory(
      { client: on.hookline.sfn },
      { executionArn: ended?.executionArn },
    ))
      texts.push(JSON.stringify(page.events));
    const all = texts.join('\n');
    expect(all).toContain(deliveryId);
    expect(all).not.toContain('ghs_');
    for (const line of key.split('\n').filter((each) => each.length > 40)) expect(all).not.toContain(line);
  });
});
