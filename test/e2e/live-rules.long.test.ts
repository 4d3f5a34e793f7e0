import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { DELIVERY_LOG_RULE_NAME } from '../../infra/names.ts';
import { runInProcess } from '../support/cli/in-process.ts';
import { consoleApi } from '../support/console-api.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const PATIENCE = { interval: 50 };
// Between pushes, so that the synthesis gets a processor too.
const PAUSE = 500;

const findingsSchema = z.array(z.looseObject({ name: z.string(), result: z.string() }));

let hookline: Hookline;
let repository: Repository;
let rules: string;
let events: EventBridgeClient;

const write = (name: string, text: string) => writeFile(join(rules, `${name}.yaml`), text);
const rule = (repository: string, more = '') =>
  `description: a rule\nmatch: { payload: { repository: { full_name: ["${repository}"] } } }\n${more}`;
/** Makes a change, and waits until exactly these rules are in force because of it. */
const change = async (make: () => Promise<void>, ...names: string[]) => {
  const before = hookline.said.length;
  await make();
  await vi.waitFor(() => expect(hookline.said.slice(before).at(-1)).toMatch(inForce(names)), PATIENCE);
};
const inForce = (names: readonly string[]) => new RegExp(`^rules in force: ${names.join(', ')} \\(.* s\\)$`);
const deployed = async () => {
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: hookline.outputs.busName }));
  // The bus has a rule besides that records every delivery.
  return Rules.flatMap(({ Name = '' }) => (Name === DELIVERY_LOG_RULE_NAME ? [] : [Name]));
};
const push = async (name: string) => {
  await repository.commit({ 'file.txt': `${Math.random()}\n` });
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  return hookline.gitHost.deliveries().findLast(({ event }) => event === 'push')?.id ?? '';
};

/** What the functions are loaded from. */
const assets = async (): Promise<string[]> => {
  const entries = await readdir(join(hookline.data, 'cdk.out'));
  return entries.filter((name) => name.startsWith('asset.'));
};
let running: string[];

beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await write('first', rule('acme/first'));
  [hookline, repository] = await Promise.all([startHookline(undefined, { rules }), createRepository()]);
  events = new EventBridgeClient(hookline.access);
  running = await assets();
});
afterAll(async () => {
  events?.destroy();
  await repository?.remove();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});

describe('while it runs', () => {
  it('a wrong file names what is wrong, and the last good deployment goes on', async () => {
    await write('second', rule('acme/second', 'stats: true\n'));
    await vi.waitFor(() => expect(hookline.ruleProblems()).toHaveLength(1), PATIENCE);
    expect(hookline.ruleProblems()).toEqual([
      {
        file: 'second.yaml',
        line: 3,
        column: 1,
        path: ['stats'],
        message: expect.stringMatching(/^the rule has no option "stats" \(allowed: description, match, /),
      },
    ]);
    expect(hookline.said.at(-1)).toMatch(
      /^second\.yaml:3:1: the rule has no option "stats" .*\nthese rules stay in force: first$/,
    );
    const [ended] = await hookline.ended(await push('acme/first'));
    expect(ended).toMatchObject({ outcome: 'Published' });
  });

  it('an added rule takes events, and those that come meanwhile are not lost', async () => {
    const meanwhile: string[] = [];
    let done = false;
    const added = change(() => write('second', rule('acme/second', 'status: true\n')), 'first', 'second');
    void added.finally(() => {
      done = true;
    });
    while (!done) {
      meanwhile.push(await push('acme/first'));
      await wait(PAUSE);
    }
    await added;
    expect(hookline.ruleProblems()).toEqual([]);
    const [ended] = await hookline.ended(await push('acme/second'));
    expect(ended).toMatchObject({ status: 'SUCCEEDED', outcome: 'Published' });
    expect(ended?.states).toContain('ReportPending');
    expect(meanwhile.length).toBeGreaterThan(0);
    for (const id of meanwhile)
      for (const { status } of await hookline.ended(id)) expect(status).toBe('SUCCEEDED');
  });

  it('a changed rule is in force for the next event', async () => {
    await change(() => write('second', rule('acme/second', 'paths: [docs/**]\n')), 'first', 'second');
    const [ended] = await hookline.ended(await push('acme/second'));
    expect(ended).toMatchObject({ outcome: 'Ignored' });
  });

  it('a removed rule takes no more events, and what it has taken ends as it would have, or says that the rule is gone', async () => {
    await change(() => write('second', rule('acme/second')), 'first', 'second');
    const taken = [await push('acme/second'), await push('acme/second')];
    for (const id of taken)
      expect((await hookline.ended(id))[0]?.outcome).toMatch(/^(Published|Superseded)$/);
    const removed = change(() => rm(join(rules, 'second.yaml')), 'first');
    while ((await deployed()).includes('hookline-second')) {
      taken.push(await push('acme/second'));
      await wait(PAUSE);
    }
    await removed;
    // The last of those that came meanwhile may have come when the rule was gone already.
    for (const id of taken.slice(0, Math.max(2, taken.length - 1)))
      for (const ended of await hookline.ended(id))
        expect(`${ended.outcome} ${ended.error ?? ''}`).toMatch(
          /^(Published|Superseded) $|^Validate Misconfigured$/,
        );
    expect(await deployed()).toEqual(['hookline-first']);
  });

  it('takes away the parts of the stack that no rule needs any more', async () => {
    const groups = new CloudWatchLogsClient(hookline.access);
    const logGroups = async () => {
      const { logGroups: found = [] } = await groups.send(new DescribeLogGroupsCommand({}));
      return found.map(({ logGroupName }) => logGroupName);
    };
    const before = await logGroups();
    const parts = 'pipeline: nobodys\npull: { compute: ec2 }\n';
    await change(() => write('second', rule('acme/second', parts)), 'first', 'second');
    // Those of the function that hears of pipelines and of the build project.
    expect(await logGroups()).toHaveLength(before.length + 2);
    await change(() => rm(join(rules, 'second.yaml')), 'first');
    expect(await logGroups()).toEqual(before);
    groups.destroy();
    const [ended] = await hookline.ended(await push('acme/first'));
    expect(ended).toMatchObject({ outcome: 'Published' });
  });

  it('doctor finds the template as it was, once a rule that it found wrong is right again', async () => {
    const template = async () => {
      const { stdout } = await runInProcess(['doctor', '--json', '--data', hookline.data], { cwd: tmpdir() });
      return findingsSchema.parse(JSON.parse(stdout)).find(({ name }) => name === 'template')?.result;
    };
    expect(await template()).toBe('ok');
    await write('second', rule('acme/second', 'stats: true\n'));
    expect(await template()).not.toBe('ok');
    await rm(join(rules, 'second.yaml'));
    expect(await template()).toBe('ok');
  });

  it('the assets of the running functions stay where they are', async () => {
    expect(running.length).toBeGreaterThan(0);
    expect(await assets()).toEqual(expect.arrayContaining(running));
  });

  it('a rule that the console saves is in force, and no file is written over', async () => {
    const draft = { name: 'third', description: '', event: ['push'], repository: 'acme/third', ref: '' };
    const others = { pipeline: '', status: false, skipCi: false, skipSuperseded: false, paths: [] };
    const save = (name: string) => consoleApi(hookline).post('rules/save', { ...draft, ...others, name });
    await change(
      async () => {
        expect(await (await save('third')).json()).toEqual({ file: join(rules, 'third.yaml') });
      },
      'first',
      'third',
    );
    const kept = await readFile(join(rules, 'first.yaml'), 'utf8');
    const refused = await save('first');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('a rule first already') });
    expect(await readFile(join(rules, 'first.yaml'), 'utf8')).toBe(kept);
    expect((await save('../third')).status).toBe(400);
  });
});
