import { InvokeCommand } from '@aws-sdk/client-lambda';
import { type Trial, until } from '../trial.ts';
import { heldBuild } from './builds.ts';
import { newBranch } from './payload.ts';
import { runOf, untilStatus } from './pipelines.ts';
import { withoutRule } from './rule-off.ts';
import { makeTeardown, names } from './template.ts';

/** The rule has not heard of the end of its branch; another rule has. */
export async function lostDeletion(trial: Trial): Promise<void> {
  const ref = newBranch();
  await makeTeardown(trial);
  const build = heldBuild(trial);
  const { deliveryId } = await trial.push('acme/swept', ref, build.command);
  const run = runOf(await trial.expectOutcome(deliveryId, 'PipelineStarted'));
  await build.begun();
  const deletion = await withoutRule(trial, 'branches', () => trial.send('acme/swept', `:${ref}`));
  await trial.expectOutcome(deletion, 'RefRetired');
  await sweep(trial);
  await untilStatus(trial, run, 'Stopping');
  await build.letGo();
  await until(async () => {
    await sweep(trial);
    return !(await names(trial)).includes(run.name);
  });
}

async function sweep({ runtime, connection }: Trial): Promise<void> {
  const [stack] = runtime.stacks;
  const found = stack?.resources.find(
    ({ type, logicalId }) => type === 'AWS::Lambda::Function' && logicalId.startsWith('Functionssweep'),
  );
  const connected = await connection();
  const answer = await connected.lambda.send(new InvokeCommand({ FunctionName: found?.ref ?? '' }));
  connected.close();
  if (answer.FunctionError) throw new Error(Buffer.from(answer.Payload ?? []).toString());
}
