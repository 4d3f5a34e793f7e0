import * as z from 'zod';
import type { Ended } from '../../ended.ts';
import { type Trial, until } from '../trial.ts';
import { heldBuild, newestBuildStopped } from './builds.ts';
import { statusOf } from './host.ts';
import { DEMO, newBranch } from './payload.ts';

const started = z.looseObject({ pipeline: z.object({ name: z.string(), executionId: z.string() }) });
type Run = z.output<typeof started>['pipeline'];

/** The pipeline execution that a delivery has started. */
export const runOf = ({ output }: Ended): Run => started.parse(output).pipeline;

const execution = z.object({ pipelineExecution: z.looseObject({ status: z.string() }) });

const GOES_ON = ['InProgress', 'Stopping'];

/** Waits until a pipeline execution has this status. @throws when it ends in another one */
export async function untilStatus(trial: Trial, run: Run, wanted: string): Promise<void> {
  const input = { pipelineName: run.name, pipelineExecutionId: run.executionId };
  await until(async () => {
    const answer = await trial.runtime.call('codepipeline', 'GetPipelineExecution', input);
    const { status } = execution.parse(answer).pipelineExecution;
    if (status !== wanted && !GOES_ON.includes(status))
      throw new Error(`the pipeline ${run.name} is ${status}, not ${wanted}`);
    return status === wanted;
  });
}

const pushAndStart = async (
  trial: Trial,
  ref: string,
  command?: string,
): Promise<{ commit: string; run: Run }> => {
  const { commit, deliveryId } = await trial.push(DEMO, ref, command);
  return { commit, run: runOf(await trial.expectOutcome(deliveryId, 'PipelineStarted')) };
};

export async function pipeline(trial: Trial): Promise<void> {
  const { commit, run } = await pushAndStart(trial, 'refs/heads/main');
  await untilStatus(trial, run, 'Succeeded');
  // The function that hears of the pipeline's end writes the record, and then the status.
  await until(async () => (await statusOf(trial, DEMO, commit)) === 'success');
}

export async function failing(trial: Trial): Promise<void> {
  const { commit, run } = await pushAndStart(trial, newBranch(), 'exit 1');
  await untilStatus(trial, run, 'Failed');
  await until(async () => (await statusOf(trial, DEMO, commit)) === 'failure');
}

/** Only a build that is abandoned is stopped: one that is waited for comes to its end. */
export async function stoppedByHand(trial: Trial): Promise<void> {
  const build = heldBuild(trial);
  const { commit, run } = await pushAndStart(trial, newBranch(), build.command);
  await build.begun();
  const input = { pipelineName: run.name, pipelineExecutionId: run.executionId, abandon: true };
  await trial.runtime.call('codepipeline', 'StopPipelineExecution', input);
  await untilStatus(trial, run, 'Stopped');
  await until(async () => (await statusOf(trial, DEMO, commit)) === 'failure');
  await newestBuildStopped(trial);
}
