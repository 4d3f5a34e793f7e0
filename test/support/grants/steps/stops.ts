import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Trial, until } from '../trial.ts';
import { newestBuildStopped } from './builds.ts';
import { statusOf } from './host.ts';
import { DEMO, newBranch, payloadOf } from './payload.ts';

const listed = z.object({ executions: z.array(z.looseObject({ executionArn: z.string() })) });
const history = z.object({ events: z.array(z.looseObject({ type: z.string() })) });
const recorded = z.looseObject({ Items: z.array(z.record(z.string(), z.record(z.string(), z.unknown()))) });

/** The running execution, once the last that it has done is this. */
async function runningAt({ runtime, outputs }: Trial, type: string): Promise<string> {
  const { stateMachineArn } = outputs;
  let found = '';
  await until(async () => {
    const input = { stateMachineArn, statusFilter: 'RUNNING' };
    const [running] = listed.parse(await runtime.call('states', 'ListExecutions', input)).executions;
    if (!running) return false;
    found = running.executionArn;
    const asked = { executionArn: found, reverseOrder: true, maxResults: 1 };
    const [last] = history.parse(await runtime.call('states', 'GetExecutionHistory', asked)).events;
    return last?.type === type;
  });
  return found;
}

/** Stops an execution, and waits until the record of its delivery says so. */
async function stop({ runtime, outputs }: Trial, executionArn: string): Promise<void> {
  await runtime.call('states', 'StopExecution', { executionArn, error: 'Stopped' });
  await until(async () => {
    const { Items } = recorded.parse(
      await runtime.call('dynamodb', 'Scan', { TableName: outputs.deliveriesTable }),
    );
    return Items.some(
      ({ executionArn: arn, outcome }) => arn?.S === executionArn && outcome?.S === 'Stopped',
    );
  });
}

export async function stopped(trial: Trial): Promise<void> {
  const { commit } = await trial.push(DEMO, newBranch());
  await stop(trial, await runningAt(trial, 'TaskSubmitted'));
  const status = await statusOf(trial, DEMO, commit);
  if (status !== 'failure') throw new Error(`the commit status is ${status}, not failure`);
  await newestBuildStopped(trial);
}

export async function stoppedOnEc2(trial: Trial): Promise<void> {
  await trial.push('acme/ec2', newBranch());
  await stop(trial, await runningAt(trial, 'TaskSubmitted'));
  await newestBuildStopped(trial);
}

export async function gaveWay(trial: Trial): Promise<void> {
  const ref = newBranch();
  const { commit } = await trial.push('acme/skipping', ref);
  await stop(trial, await runningAt(trial, 'TaskSubmitted'));
  await trial.push('acme/skipping', ref);
  await stop(trial, await runningAt(trial, 'TaskSubmitted'));
  await trial.expectOutcome(
    await trial.deliver('push', payloadOf('acme/skipping', ref, commit)),
    'Published',
  );
}

const parameter = z.looseObject({ Parameter: z.looseObject({ Value: z.string() }) });
const hosts = z.record(z.string(), z.looseObject({ url: z.string() }));

/** A pull waits for a host where nothing listens, and is stopped when the host is there again. */
export async function away(trial: Trial): Promise<void> {
  const Name = trial.outputs.hostsParameter;
  const put = (Value: string) => trial.runtime.call('ssm', 'PutParameter', { Name, Value, Overwrite: true });
  const { Parameter } = parameter.parse(await trial.runtime.call('ssm', 'GetParameter', { Name }));
  const gone = Object.entries(hosts.parse(JSON.parse(Parameter.Value))).map(([name, host]) => [
    name,
    { ...host, url: 'http://127.0.0.1:1' },
  ]);
  await put(JSON.stringify(Object.fromEntries(gone)));
  await trial.push(DEMO, newBranch());
  const executionArn = await runningAt(trial, 'WaitStateEntered');
  await put(Parameter.Value);
  await stop(trial, executionArn);
}

const pinged = z.looseObject({ headers: z.looseObject({}) });

/** The machine is started with what a rule hands it, and stopped in its first state. */
export async function early(trial: Trial): Promise<void> {
  const known = await trial.deliver('ping', { zen: 'x', hook_id: 1 });
  const { headers, ...input } = pinged.parse((await trial.expectOutcome(known, 'Pong')).input);
  const started = await trial.runtime.call('states', 'StartExecution', {
    stateMachineArn: trial.outputs.stateMachineArn,
    input: JSON.stringify({ ...input, headers: { ...headers, delivery: randomUUID() } }),
  });
  await stop(trial, z.looseObject({ executionArn: z.string() }).parse(started).executionArn);
}
