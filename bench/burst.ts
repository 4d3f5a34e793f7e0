import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { accessOf, localOutputs, readAddress } from '../cli/outputs/local-address.ts';
import { gitHostSecrets } from '../cli/up/git-host.ts';
import { createRepository, type Repository } from '../test/support/repository.ts';
import { madeTree } from './made-tree.ts';
import { type Running, startProcess } from './process.ts';

/** What a burst of pushes to one ref comes to. */
export interface BurstFigures {
  /** how often the builds had the host send objects, look-ups of the ref not among them */
  readonly fetches: number;
  readonly artifacts: number;
  /** from the first push until the last delivery has ended, in ms */
  readonly quiet: number;
  /** how long the pushing took, in ms */
  readonly pushed: number;
}

const WAYS = ['stop', 'skip'] as const;
export type Way = (typeof WAYS)[number];

const PUSHES = 20;
const BURST_MS = 9000;
const SEED = 1;
const PULL_LOGS = '/aws/codebuild/hookline-pull-lambda';

/** Pushes 20 commits of one file within 9 s to a made repository that was pulled before, by each value of `superseded`. */
export async function measureBursts(root: string, files: number): Promise<Record<Way, BurstFigures>> {
  const rules = await mkdtemp(join(tmpdir(), 'hookline-bench-rules-'));
  for (const way of WAYS)
    await writeFile(
      join(rules, `${way}.yaml`),
      `description: a burst\nmatch: { event: [push], payload: { repository: { full_name: [acme/${way}] } } }\nsuperseded: ${way}\n`,
    );
  const running = await startProcess(root, ['--rules', rules]);
  const repository = await createRepository();
  try {
    for (const { path, text } of madeTree(files, SEED)) {
      await mkdir(dirname(join(repository.folder, path)), { recursive: true });
      await writeFile(join(repository.folder, path), text);
    }
    await repository.commit({});
    const stop = await burst(running, repository, 'stop');
    return { stop, skip: await burst(running, repository, 'skip') };
  } finally {
    await repository.remove();
    await running.stop();
    await rm(rules, { recursive: true, force: true });
  }
}

async function burst(running: Running, repository: Repository, way: Way): Promise<BurstFigures> {
  const outputs = await localOutputs(running.data);
  const access = accessOf(await readAddress(running.data));
  const [sfn, logs] = [new SFNClient(access), new CloudWatchLogsClient(access)];
  const { token } = await gitHostSecrets(join(running.data, 'git'));
  const url = new URL(`${outputs.gitUrl}/acme/${way}.git`);
  url.username = 'bench';
  url.password = token;
  const push = (commit: string) =>
    repository.git('push', '--quiet', '--force', url.href, `${commit}:refs/heads/main`);
  const { stateMachineArn } = outputs;
  const before = await ended(sfn, stateMachineArn, 0);
  await push('HEAD');
  const first = await ended(sfn, stateMachineArn, before + 1);
  const commits: string[] = [];
  for (let number = 0; number < PUSHES; number++)
    commits.push(await repository.commit({ file: `${way} ${number}\n` }));
  const since = Date.now();
  const began = performance.now();
  for (const [number, commit] of commits.entries()) {
    await push(commit);
    await wait(Math.max(0, ((number + 1) * BURST_MS) / PUSHES - (performance.now() - began)));
  }
  const pushed = performance.now() - began;
  await ended(sfn, stateMachineArn, first + PUSHES);
  const quiet = performance.now() - began;
  const said = await linesSince(logs, since);
  sfn.destroy();
  logs.destroy();
  const count = (pattern: RegExp) => said.filter((line) => pattern.test(line)).length;
  return {
    fetches: count(/^fetched |^looking for \w+ in \d+ generations/),
    artifacts: count(/^artifact \S+: /),
    quiet,
    pushed,
  };
}

/** Waits until so many deliveries have ended, and none runs. @returns how many there are */
async function ended(sfn: SFNClient, stateMachineArn: string, count: number): Promise<number> {
  for (;;) {
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
    );
    const failed = executions.find(({ status }) => status !== 'RUNNING' && status !== 'SUCCEEDED');
    if (failed) throw new Error(`the delivery ${failed.executionArn} ended in ${failed.status}`);
    if (executions.length >= count && executions.every(({ status }) => status === 'SUCCEEDED'))
      return executions.length;
    await wait(100);
  }
}

/** The lines that the builds have written since. */
async function linesSince(client: CloudWatchLogsClient, startTime: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client },
    { logGroupName: PULL_LOGS, startTime },
  ))
    lines.push(...events.map(({ message = '' }) => message));
  return lines;
}
