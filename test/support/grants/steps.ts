import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { busRuleName } from '../../../events/bus-event.ts';
import { reconcileNow } from '../../../operate/reconcile/index.ts';
import { type Trial, until } from './trial.ts';

/** Something that a Hookline does for its users, from the door to its end. Each makes do with an empty Hookline. */
export interface Step {
  readonly name: string;
  /** @throws, or never ends, when it does not come to its end */
  run(trial: Trial): Promise<void>;
}

const DEMO = 'hookline/demo';
const refs = (): string => `refs/heads/${randomUUID()}`;

/** What is tried of a Hookline, in this order. */
export const STEPS: readonly Step[] = [
  { name: 'ping', run: ping },
  { name: 'push to a pipeline', run: pipeline },
  { name: 'push without a pipeline', run: plain },
  { name: 'pull on EC2', run: ec2 },
  { name: 'duplicate', run: duplicate },
  { name: 'the same commit again', run: unchanged },
  { name: 'older push that is late', run: superseded },
  { name: 'tag', run: tag },
  { name: 'branch deletion', run: deletion },
  { name: 'large delivery', run: large },
  { name: 'stop while a build runs', run: stopped },
  { name: 'older push that gave way to one that was stopped', run: gaveWay },
  { name: 'stop while a host is away', run: away },
  { name: 'stop before anything is recorded', run: early },
  // After those that fail for want of the record of an end: these end well without it.
  { name: 'forged signature', run: forged },
  { name: 'missing repository', run: missing },
  { name: 'replay', run: replayed },
  { name: 'reconcile', run: reconciled },
];

async function ping({ deliver, expectOutcome }: Trial): Promise<void> {
  await expectOutcome(await deliver('ping', { zen: 'x', hook_id: 1 }), 'Pong');
}

const pipelines = z.object({ pipelineExecutionSummaries: z.array(z.looseObject({ status: z.string() })) });

async function pipeline(trial: Trial): Promise<void> {
  const { commit, deliveryId } = await trial.push(DEMO, 'refs/heads/main');
  await trial.expectOutcome(deliveryId, 'PipelineStarted');
  await until(async () => {
    const input = { pipelineName: 'hookline-example' };
    const answer = await trial.runtime.call('codepipeline', 'ListPipelineExecutions', input);
    const [last] = pipelines.parse(answer).pipelineExecutionSummaries;
    if (last?.status === 'Failed') throw new Error('the pipeline failed');
    return last?.status === 'Succeeded';
  });
  // The function that hears of the pipeline's end writes the record, and then the status.
  await until(async () => (await statusOf(trial, commit)) === 'success');
}

const statuses = z.array(z.looseObject({ state: z.string() }));

/** The newest status of a commit, as the host has it. */
async function statusOf({ outputs, secrets }: Trial, commit: string): Promise<string | undefined> {
  const url = `${outputs.gitUrl}/api/v3/repos/${DEMO}/commits/${commit}/statuses`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${secrets.token}` } });
  const [newest] = statuses.parse(await answer.json());
  return newest?.state;
}

async function plain({ push, expectOutcome }: Trial): Promise<void> {
  const ref = refs();
  for (let time = 0; time < 2; time++)
    await expectOutcome((await push('acme/plain', ref)).deliveryId, 'Published');
}

async function ec2({ push, expectOutcome }: Trial): Promise<void> {
  await expectOutcome((await push('acme/ec2', refs())).deliveryId, 'Published');
}

async function duplicate({ push, gitHost, ended, expectOutcome }: Trial): Promise<void> {
  const { deliveryId } = await push('acme/again', refs());
  await expectOutcome(deliveryId, 'Published');
  await gitHost.redeliver(deliveryId);
  const outcomes = (await ended(deliveryId, 2)).map(({ outcome }) => outcome).sort();
  if (outcomes.join() !== 'Duplicate,Published') throw new Error(`it ended in ${outcomes.join(' and ')}`);
}

const ZERO = '0'.repeat(40);

const payloadOf = (name: string, ref: string, after: string): object => ({
  ref,
  before: ZERO,
  after,
  created: true,
  deleted: false,
  forced: false,
  commits: [],
  repository: {
    id: 1,
    full_name: name,
    name,
    owner: { login: name.split('/')[0] },
    default_branch: 'main',
  },
  sender: { login: 'test' },
});

async function unchanged({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = refs();
  const { commit, deliveryId } = await push(DEMO, ref);
  await expectOutcome(deliveryId, 'PipelineStarted');
  await expectOutcome(await deliver('push', payloadOf(DEMO, ref, commit)), 'Unchanged');
}

async function superseded({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = refs();
  const { commit, deliveryId } = await push('acme/order', ref);
  await expectOutcome(deliveryId, 'Published');
  await expectOutcome((await push('acme/order', ref)).deliveryId, 'Published');
  await expectOutcome(await deliver('push', payloadOf('acme/order', ref, commit)), 'Superseded');
}

async function tag({ push, expectOutcome }: Trial): Promise<void> {
  await expectOutcome((await push('acme/tagged', `refs/tags/${randomUUID()}`)).deliveryId, 'Published');
}

async function deletion({ push, send, expectOutcome }: Trial): Promise<void> {
  const ref = refs();
  await push('acme/gone', 'refs/heads/main');
  await expectOutcome((await push('acme/gone', ref)).deliveryId, 'Published');
  await expectOutcome(await send('acme/gone', `:${ref}`), 'RefRetired');
}

// More than the 256 KiB that Step Functions takes as an input, once in base64.
const LARGE = 400_000;

async function large({ push, deliver, expectOutcome }: Trial): Promise<void> {
  const ref = refs();
  const { commit, deliveryId } = await push('acme/large', ref);
  await expectOutcome(deliveryId, 'Published');
  const payload = { ...payloadOf('acme/large', ref, commit), padding: 'x'.repeat(LARGE) };
  await expectOutcome(await deliver('push', payload), 'Unchanged');
}

async function forged({ deliver, expectOutcome }: Trial): Promise<void> {
  const payload = payloadOf('acme/forged', refs(), 'a'.repeat(40));
  await expectOutcome(await deliver('push', payload, `sha256=${'0'.repeat(64)}`), 'Rejected');
}

async function missing({ deliver, expectOutcome }: Trial): Promise<void> {
  for (const name of ['acme/never', 'acme/never-ec2']) {
    const ended = await expectOutcome(
      await deliver('push', payloadOf(name, refs(), 'a'.repeat(40))),
      'PullFailed',
    );
    if (ended.error !== 'RepositoryMissing') throw new Error(`the pull failed for ${ended.error}`);
  }
}

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

const builds = z.object({ ids: z.array(z.string()) });
const found = z.object({ builds: z.array(z.looseObject({ buildStatus: z.string() })) });

async function stopped(trial: Trial): Promise<void> {
  const { commit } = await trial.push(DEMO, refs());
  await stop(trial, await runningAt(trial, 'TaskSubmitted'));
  const status = await statusOf(trial, commit);
  if (status !== 'failure') throw new Error(`the commit status is ${status}, not failure`);
  await until(async () => {
    const { ids } = builds.parse(await trial.runtime.call('codebuild', 'ListBuilds', {}));
    const answer = await trial.runtime.call('codebuild', 'BatchGetBuilds', { ids: ids.slice(0, 1) });
    return found.parse(answer).builds[0]?.buildStatus === 'STOPPED';
  });
}

async function gaveWay(trial: Trial): Promise<void> {
  const ref = refs();
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
async function away(trial: Trial): Promise<void> {
  const Name = trial.outputs.hostsParameter;
  const put = (Value: string) => trial.runtime.call('ssm', 'PutParameter', { Name, Value, Overwrite: true });
  const { Parameter } = parameter.parse(await trial.runtime.call('ssm', 'GetParameter', { Name }));
  const gone = Object.entries(hosts.parse(JSON.parse(Parameter.Value))).map(([name, host]) => [
    name,
    { ...host, url: 'http://127.0.0.1:1' },
  ]);
  await put(JSON.stringify(Object.fromEntries(gone)));
  await trial.push(DEMO, refs());
  const executionArn = await runningAt(trial, 'WaitStateEntered');
  await put(Parameter.Value);
  await stop(trial, executionArn);
}

const pinged = z.looseObject({ headers: z.looseObject({}) });

/** The machine is started with what a rule hands it, and stopped in its first state. */
async function early(trial: Trial): Promise<void> {
  const known = await trial.deliver('ping', { zen: 'x', hook_id: 1 });
  const { headers, ...input } = pinged.parse((await trial.expectOutcome(known, 'Pong')).input);
  const started = await trial.runtime.call('states', 'StartExecution', {
    stateMachineArn: trial.outputs.stateMachineArn,
    input: JSON.stringify({ ...input, headers: { ...headers, delivery: randomUUID() } }),
  });
  await stop(trial, z.looseObject({ executionArn: z.string() }).parse(started).executionArn);
}

const HOUR = 3_600_000;
const replay = z.looseObject({ State: z.string() });

async function replayed(trial: Trial): Promise<void> {
  const deliveryId = await trial.deliver('ping', { zen: 'Again.', hook_id: 1 });
  await trial.expectOutcome(deliveryId, 'Pong');
  const base = 'arn:aws:events:us-east-1:000000000000';
  const ReplayName = randomUUID();
  await trial.runtime.call('events', 'StartReplay', {
    ReplayName,
    EventSourceArn: `${base}:archive/${trial.outputs.archiveName}`,
    EventStartTime: (Date.now() - HOUR) / 1000,
    EventEndTime: (Date.now() + HOUR) / 1000,
    Destination: { Arn: `${base}:event-bus/${trial.outputs.busName}` },
  });
  await until(async () => {
    const { State } = replay.parse(await trial.runtime.call('events', 'DescribeReplay', { ReplayName }));
    return State === 'COMPLETED';
  });
  await trial.ended(deliveryId, 2);
}

/** A push that no rule has taken is found by the function that a schedule starts. */
async function reconciled({
  runtime,
  connection,
  outputs,
  gitHost,
  push,
  expectOutcome,
}: Trial): Promise<void> {
  const ref = refs();
  await expectOutcome((await push('acme/missed', ref)).deliveryId, 'Published');
  const rule = { Name: busRuleName(outputs.busName, 'plain'), EventBusName: outputs.busName };
  await runtime.call('events', 'DisableRule', rule);
  await push('acme/missed', ref);
  await until(async () => gitHost.deliveries().every(({ status }) => status !== 'pending'));
  await runtime.call('events', 'EnableRule', rule);
  const { behind } = await reconcileNow(await connection(), { dryRun: false });
  const [found] = behind.filter((each) => each.ref === ref);
  if (!found) throw new Error(`nothing was found of ${ref}`);
  await expectOutcome(found.deliveryId, 'Published');
}
