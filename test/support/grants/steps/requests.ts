import { type Trial, until } from '../trial.ts';
import { callHost, statusOf } from './host.ts';
import { runOf, untilStatus } from './pipelines.ts';
import { makeShared, makeTeardown } from './template.ts';

/** The id of the delivery by which the host tells of what is done. */
async function toldBy({ gitHost }: Trial, event: string, done: () => Promise<unknown>): Promise<string> {
  const before = gitHost.deliveries().length;
  await done();
  const sent = () =>
    gitHost
      .deliveries()
      .slice(before)
      .find((each) => each.event === event);
  await until(() => sent() !== undefined);
  return sent()?.id ?? '';
}

const open = (trial: Trial, repository: string, login: string, head: string) =>
  toldBy(trial, 'pull_request', () =>
    callHost(trial, login, ['POST', `${repository}/pulls`], { title: 'A change', head, base: 'main' }),
  );

const close = (trial: Trial, repository: string) =>
  toldBy(trial, 'pull_request', () =>
    callHost(trial, 'acme', ['PATCH', `${repository}/pulls/1`], { state: 'closed' }),
  );

/** Built when somebody with write permission has approved the commit, in a pipeline that goes with the request. */
export async function approvedFork(trial: Trial): Promise<void> {
  await trial.push('acme/requests', 'refs/heads/main');
  await callHost(trial, 'mallory', ['POST', 'acme/requests/forks']);
  const { commit } = await trial.push('mallory/requests', 'refs/heads/topic');
  await trial.expectOutcome(await open(trial, 'acme/requests', 'mallory', 'mallory:topic'), 'Ignored');
  const approval = await toldBy(trial, 'issue_comment', () =>
    callHost(trial, 'acme', ['POST', 'acme/requests/issues/1/comments'], { body: `/ok-to-test ${commit}` }),
  );
  await untilStatus(trial, runOf(await trial.expectOutcome(approval, 'PipelineStarted')), 'Succeeded');
  await until(async () => (await statusOf(trial, 'acme/requests', commit)) === 'success');
  await trial.expectOutcome(await close(trial, 'acme/requests'), 'PipelineDeleted');
}

/** The pipeline for the end of a request and of a branch. */
export async function ends(trial: Trial): Promise<void> {
  const ref = 'refs/heads/topic';
  await makeTeardown(trial);
  await makeShared(trial);
  await trial.push('acme/ended', 'refs/heads/main');
  const { deliveryId } = await trial.push('acme/ended', ref);
  await trial.expectOutcome(deliveryId, 'PipelineStarted');
  await trial.expectOutcome(await open(trial, 'acme/ended', 'acme', 'topic'), 'Unchanged');
  const closed = runOf(await trial.expectOutcome(await close(trial, 'acme/ended'), 'PipelineStarted'));
  await untilStatus(trial, closed, 'Succeeded');
  const deleted = await trial.expectOutcome(await trial.send('acme/ended', `:${ref}`), 'PipelineStarted');
  await untilStatus(trial, runOf(deleted), 'Succeeded');
}
