import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { accessOf, localOutputs, type Outputs, readAddress } from '../cli/outputs/local-address.ts';
import { DEMO_REPOSITORY } from '../cli/up/demo.ts';
import { gitHostSecrets } from '../cli/up/git-host.ts';
import { createRepository, type Repository } from '../test/support/repository.ts';
import { type Running, startProcess } from './process.ts';

export interface PushFigures {
  /** from `git push` to `PipelineStarted`, in ms */
  readonly first: number;
  /** the same, of the pushes after the first, each beside the pipeline of the one before */
  readonly median: number;
  /** the same, each once that pipeline has ended */
  readonly alone: number;
  /** resident memory of the runtime, a minute after the last push */
  readonly megabytes: number;
}

const IDLE_MS = 60_000;
/** Longer than what the end of a pipeline brings about. */
const REST_MS = 2000;
const EXAMPLE_PIPELINE = 'hookline-example';

/** Pushes `count` small commits, one after the other, to the repository that has a pipeline. */
export async function measurePushes(root: string, count: number): Promise<PushFigures> {
  const running = await startProcess(root);
  const repository = await createRepository();
  try {
    const [first = Number.NaN, ...rest] = await pushAll(running, repository, count);
    const alone = await pushAll(running, repository, count, async (codepipeline) => {
      await endedPipelines(codepipeline);
      await wait(REST_MS);
    });
    await wait(IDLE_MS);
    return { first, median: median(rest), alone: median(alone), megabytes: await running.megabytes() };
  } finally {
    await repository.remove();
    await running.stop();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** @param before is waited for before each push */
async function pushAll(
  running: Running,
  repository: Repository,
  count: number,
  before: (codepipeline: CodePipelineClient) => Promise<void> = () => Promise.resolve(),
): Promise<number[]> {
  const outputs = await localOutputs(running.data);
  const { token } = await gitHostSecrets(join(running.data, 'git'));
  const url = new URL(`${outputs.gitUrl}/${DEMO_REPOSITORY}.git`);
  url.username = 'bench';
  url.password = token;
  const access = accessOf(await readAddress(running.data));
  const [sfn, codepipeline] = [new SFNClient(access), new CodePipelineClient(access)];
  const buildspec = 'version: 0.2\nphases: { build: { commands: [cat file] } }\n';
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    await repository.commit({ 'buildspec.yml': buildspec, file: `${number}\n` });
    await before(codepipeline);
    const [began, since] = [performance.now(), Date.now()];
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    await startedPipeline(sfn, outputs, since);
    times.push(performance.now() - began);
  }
  for (const client of [sfn, codepipeline]) client.destroy();
  return times;
}

/** Waits until the execution that has begun since has ended in `PipelineStarted`; another end ends the measurement. */
async function startedPipeline(sfn: SFNClient, { stateMachineArn }: Outputs, since: number): Promise<void> {
  for (;;) {
    const input = { stateMachineArn, maxResults: 1 };
    const { executions: [newest] = [] } = await sfn.send(new ListExecutionsCommand(input));
    const isNew = newest?.startDate !== undefined && newest.startDate.getTime() >= since;
    if (isNew && newest.status !== 'RUNNING') {
      const end = await lastState(sfn, newest.executionArn ?? '');
      if (end === 'PipelineStarted') return;
      throw new Error(`the delivery ${newest.executionArn} ended in ${end}`);
    }
    await wait(20);
  }
}

async function endedPipelines(codepipeline: CodePipelineClient): Promise<void> {
  for (;;) {
    const input = { pipelineName: EXAMPLE_PIPELINE };
    const { pipelineExecutionSummaries: all = [] } = await codepipeline.send(
      new ListPipelineExecutionsCommand(input),
    );
    if (all.every(({ status }) => status !== 'InProgress')) return;
    await wait(100);
  }
}

async function lastState(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 10 }),
  );
  return events.find(({ stateEnteredEventDetails: details }) => details)?.stateEnteredEventDetails?.name;
}
