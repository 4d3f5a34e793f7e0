import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { accessOf, localOutputs, type Outputs, readAddress } from '../cli/outputs/local-address.ts';
import { DEMO_REPOSITORY } from '../cli/up/demo.ts';
import { gitHostSecrets } from '../cli/up/git-host.ts';
import { createRepository, type Repository } from '../test/support/repository.ts';
import { type Running, startProcess } from './process.ts';

export interface PushFigures {
  /** from `git push` to `PipelineStarted`, in ms */
  readonly first: number;
  /** the same, of the pushes after the first */
  readonly median: number;
  /** resident memory of the runtime, a minute after the last push */
  readonly megabytes: number;
}

const IDLE_MS = 60_000;

/** Pushes `count` small commits, one after the other, to the repository that has a pipeline. */
export async function measurePushes(root: string, count: number): Promise<PushFigures> {
  const running = await startProcess(root);
  const repository = await createRepository();
  try {
    const times = await pushAll(running, repository, count);
    await wait(IDLE_MS);
    const [first = Number.NaN, ...rest] = times;
    const median = rest.sort((a, b) => a - b)[Math.floor(rest.length / 2)] ?? Number.NaN;
    return { first, median, megabytes: await running.megabytes() };
  } finally {
    await repository.remove();
    await running.stop();
  }
}

async function pushAll(running: Running, repository: Repository, count: number): Promise<number[]> {
  const outputs = await localOutputs(running.data);
  const { token } = await gitHostSecrets(join(running.data, 'git'));
  const url = new URL(`${outputs.gitUrl}/${DEMO_REPOSITORY}.git`);
  url.username = 'bench';
  url.password = token;
  const sfn = new SFNClient(accessOf(await readAddress(running.data)));
  const buildspec = 'version: 0.2\nphases: { build: { commands: [cat file] } }\n';
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    await repository.commit({ 'buildspec.yml': buildspec, file: `${number}\n` });
    const began = performance.now();
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    await startedPipelines(sfn, outputs, number + 1);
    times.push(performance.now() - began);
  }
  sfn.destroy();
  return times;
}

/** Waits until so many deliveries have ended in `PipelineStarted`; one that fails ends the measurement. */
async function startedPipelines(sfn: SFNClient, { stateMachineArn }: Outputs, count: number): Promise<void> {
  for (;;) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    const failed = executions.find(({ status }) => status !== 'RUNNING' && status !== 'SUCCEEDED');
    if (failed) throw new Error(`the delivery ${failed.executionArn} ended in ${failed.status}`);
    const ended = executions.filter(({ status }) => status === 'SUCCEEDED');
    const outcomes = await Promise.all(ended.map(({ executionArn }) => lastState(sfn, executionArn ?? '')));
    if (outcomes.filter((name) => name === 'PipelineStarted').length >= count) return;
    await wait(20);
  }
}

async function lastState(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 10 }),
  );
  return events.find(({ stateEnteredEventDetails: details }) => details)?.stateEnteredEventDetails?.name;
}
