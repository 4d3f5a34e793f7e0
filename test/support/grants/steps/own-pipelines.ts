import { type Trial, until } from '../trial.ts';
import { heldBuild } from './builds.ts';
import { statusOf } from './host.ts';
import { newBranch } from './payload.ts';
import { runOf, untilStatus } from './pipelines.ts';
import { changeTemplate, makeTeardown } from './template.ts';

/** Made by the first push, changed by the next one as the template is, torn down and deleted. */
export async function branch(trial: Trial): Promise<void> {
  const ref = newBranch();
  await makeTeardown(trial);
  await pushAndBuild(trial, ref);
  await changeTemplate(trial);
  await pushAndBuild(trial, ref);
  await trial.expectOutcome(await trial.send('acme/branches', `:${ref}`), 'PipelineDeleted');
}

async function pushAndBuild(trial: Trial, ref: string): Promise<void> {
  const { commit, deliveryId } = await trial.push('acme/branches', ref);
  await untilStatus(trial, runOf(await trial.expectOutcome(deliveryId, 'PipelineStarted')), 'Succeeded');
  await until(async () => (await statusOf(trial, 'acme/branches', commit)) === 'success');
}

/** What failed is asked of the pipeline. */
export async function branchWhoseBuildFails(trial: Trial): Promise<void> {
  const ref = newBranch();
  await makeTeardown(trial);
  const { commit, deliveryId } = await trial.push('acme/branches', ref, 'exit 1');
  await untilStatus(trial, runOf(await trial.expectOutcome(deliveryId, 'PipelineStarted')), 'Failed');
  await until(async () => (await statusOf(trial, 'acme/branches', commit)) === 'failure');
  // The teardown builds the last commit.
  await pushAndBuild(trial, ref);
  await trial.expectOutcome(await trial.send('acme/branches', `:${ref}`), 'PipelineDeleted');
}

export async function branchWhoseBuildRuns(trial: Trial): Promise<void> {
  const ref = newBranch();
  const build = heldBuild(trial);
  const { deliveryId } = await trial.push('acme/limited', ref, build.command);
  const run = runOf(await trial.expectOutcome(deliveryId, 'PipelineStarted'));
  await build.begun();
  const deletion = await trial.send('acme/limited', `:${ref}`);
  await untilStatus(trial, run, 'Stopping');
  await build.letGo();
  await trial.expectOutcome(deletion, 'PipelineDeleted');
}

export async function limit(trial: Trial): Promise<void> {
  const [one, two] = [newBranch(), newBranch()];
  const { deliveryId } = await trial.push('acme/limited', one);
  await trial.expectOutcome(deliveryId, 'PipelineStarted');
  const refused = await trial.expectOutcome(
    (await trial.push('acme/limited', two)).deliveryId,
    'PipelineFailed',
  );
  if (refused.error !== 'PipelineLimit') throw new Error(`it failed for ${refused.error}`);
  await trial.expectOutcome(await trial.send('acme/limited', `:${one}`), 'PipelineDeleted');
}
