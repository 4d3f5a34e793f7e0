import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { Fault } from '../../local/core/faults.ts';
import { runInProcess } from '../support/cli/in-process.ts';
import type { Ended } from '../support/ended.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const PATIENCE = { interval: 100 };
// Between pushes, so that the synthesis gets a processor too.
const PAUSE = 1500;

let hookline: Hookline;
let repository: Repository;
let rules: string;
let codepipeline: CodePipelineClient;
let sqs: SQSClient;

const ruleOf = (more: string) =>
  `description: a rule\nmatch: { event: [push], payload: { repository: { full_name: [acme/app] } } }\npipeline: hookline-example\nstatus: true\n${more}`;
/** Changes the rules, and waits until those are in force. */
const change = async (make: () => Promise<void>, ...names: string[]) => {
  const before = hookline.said.length;
  await make();
  const inForce = new RegExp(`^rules in force: ${names.join(', ')} \\(`);
  await vi.waitFor(() => expect(hookline.said.slice(before).at(-1)).toMatch(inForce), PATIENCE);
};
const write = (name: string, more = '') => writeFile(join(rules, `${name}.yaml`), ruleOf(more));
const rename = (from: string, to: string, was: string) =>
  change(
    async () => {
      await write(to, `was: ${was}\n`);
      await rm(join(rules, `${from}.yaml`));
    },
    ...[to, 'other'].sort(),
  );
const fail = (...Faults: Fault[]) => hookline.runtime.call('faults', 'PutFaults', { Faults });

const faultsSchema = z.object({
  Faults: z.array(z.looseObject({ Operation: z.string(), Done: z.number() })),
});
/** How many calls of an operation have failed. */
const failed = async (operation: string) => {
  const { Faults } = faultsSchema.parse(await hookline.runtime.call('faults', 'GetFaults', {}));
  return Faults.find(({ Operation }) => Operation === operation)?.Done ?? 0;
};

const commit = () =>
  repository.commit({
    'file.txt': `${Math.random()}\n`,
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
/** Pushes a new commit. @returns the commit, and the id of the delivery */
const push = async (branch: string) => {
  const made = await commit();
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, `HEAD:refs/heads/${branch}`);
  const sent = hookline.gitHost.deliveries().slice(before);
  return { commit: made, id: sent.find(({ event }) => event === 'push')?.id ?? '' };
};
/** A push that is told of with more than the machine's input holds. */
const tellLarge = async (branch: string, after: string) => {
  const payload = {
    ...{ ref: `refs/heads/${branch}`, before: '0'.repeat(40), after, created: true },
    repository: { full_name: 'acme/app', default_branch: 'main' },
    padding: 'x'.repeat(300_000),
  };
  return (await hookline.deliver('push', payload)).deliveryId;
};
/** How the executions of a delivery ended, but for those that found that it was done already. */
const done = (ended: readonly Ended[]) =>
  ended.flatMap(({ outcome }) => (outcome === 'Duplicate' ? [] : outcome));
const outcomesOf = async (id: string, count = 1) => done(await hookline.ended(id, count));
const runs = async () => {
  const command = new ListPipelineExecutionsCommand({ pipelineName: 'hookline-example', maxResults: 100 });
  const { pipelineExecutionSummaries = [] } = await codepipeline.send(command);
  return pipelineExecutionSummaries.length;
};
/** How many messages wait in a queue, or are looked at. */
const waiting = async (QueueUrl: string) => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
};

beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await write('first');
  await writeFile(
    join(rules, 'other.yaml'),
    'description: other\nmatch: { payload: { repository: { full_name: [acme/other] } } }\n',
  );
  [hookline, repository] = await Promise.all([
    startHookline(undefined, { rules, faults: true }),
    createRepository(),
  ]);
  codepipeline = new CodePipelineClient(hookline.access);
  sqs = new SQSClient(hookline.access);
});
afterAll(async () => {
  codepipeline?.destroy();
  sqs?.destroy();
  await repository?.remove();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});
beforeEach(() => fail());

describe('a rule that is renamed', () => {
  it('runs once what comes meanwhile, and what waits under its old name, in whichever place it waits', async () => {
    const early = await push('early');
    expect(await outcomesOf(early.id)).toEqual(['PipelineStarted']);
    const before = await runs();
    // Nothing leaves the overflow queue, and a build does not begin before its rule has another name.
    const held: Fault[] = [
      { Service: 'sqs', Operation: 'ReceiveMessage', Kind: 'fail' },
      { Service: 'codebuild', Operation: 'StartBuild', Kind: 'throttle' },
    ];
    await fail(...held);
    // The pipe was listening already.
    await vi.waitFor(async () => expect(await failed('ReceiveMessage')).toBeGreaterThan(0), PATIENCE);
    const runsAlready = await push('runs');
    const large = await tellLarge('large', runsAlready.commit);
    await vi.waitFor(async () => expect(await waiting(hookline.outputs.overflowQueueUrl)).toBe(1), PATIENCE);
    // EventBridge tries to start a machine again and again.
    await fail(...held, { Service: 'states', Operation: 'StartExecution', Kind: 'throttle' });
    const throttled = await push('throttled');

    await rename('first', 'second', '[first]');
    await fail();
    for (const { id } of [runsAlready, throttled]) expect(await outcomesOf(id)).toEqual(['PipelineStarted']);
    const [{ input: taken } = expect.fail('it has not run')] = await hookline.ended(throttled.id);
    expect(taken).toMatchObject({ rule: 'first' });
    // Nothing stands at the ref that the large one tells of.
    expect(await outcomesOf(large)).toEqual(['RefGone']);
    expect((await hookline.ended(large))[0]?.input).toMatchObject([{ options: { name: 'second' } }]);
    expect(await runs()).toBe(before + 2);
    expect(await waiting(hookline.outputs.deadQueueUrl)).toBe(0);
  });

  it('runs once what comes while both names are on the bus', async () => {
    const [before, pushed]: [number, string[]] = [await runs(), []];
    let renamed = false;
    const renaming = rename('second', 'third', '[first, second]').finally(() => {
      renamed = true;
    });
    while (!renamed) {
      pushed.push((await push(`meanwhile-${pushed.length}`)).id);
      await wait(PAUSE);
    }
    await renaming;
    expect(pushed.length).toBeGreaterThan(0);
    for (const id of pushed) expect(await outcomesOf(id)).toEqual(['PipelineStarted']);
    expect(await runs()).toBe(before + pushed.length);
  });

  it('runs what its old name has left in the dead queue', async () => {
    const made = await push('dead');
    expect(await outcomesOf(made.id)).toEqual(['PipelineStarted']);
    const before = await runs();
    const [left, again] = [webhook('dead', made.commit, { told: 'later' }), webhook('dead', made.commit, {})];
    // As EventBridge leaves an event in the queue, whose first words were those of before.
    for (const { detail } of [left, again])
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: hookline.outputs.deadQueueUrl,
          MessageBody: JSON.stringify({ id: randomUUID(), time: new Date().toISOString(), detail }),
          MessageAttributes: {
            RULE_ARN: {
              DataType: 'String',
              StringValue: 'arn:aws:events:us-east-1:000000000000:rule/hookline/hookline-first',
            },
          },
        }),
      );
    const { deadQueueUrl, overflowQueueUrl } = hookline.outputs;
    const [SourceArn, DestinationArn] = await Promise.all([deadQueueUrl, overflowQueueUrl].map(arnOf));
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    // The rule has started the commit before, by its first name.
    for (const { id } of [left, again]) {
      const [ended] = await hookline.ended(id);
      expect(ended).toMatchObject({ outcome: 'Unchanged', input: [{ rule: 'third' }] });
    }
    expect(await runs()).toBe(before);
    expect(await waiting(hookline.outputs.deadQueueUrl)).toBe(0);
  });

  it('runs once in a replay of what its old names took', async () => {
    const before = await runs();
    const replayed = await replay('third');
    expect(replayed.length).toBeGreaterThan(3);
    for (const { rule, outcome } of replayed) {
      expect(rule).toBe('third');
      expect(outcome).toMatch(/^(PipelineStarted|Superseded|Unchanged|RefGone)$/);
    }
    const started = replayed.filter(({ outcome }) => outcome === 'PipelineStarted').length;
    expect(started).toBeGreaterThan(3);
    expect(await runs()).toBe(before + started);
  });
});

describe('a rule that is removed', () => {
  it('starts nothing, whoever names it and its pipeline, until it is back: then a redrive runs what it had taken', async () => {
    await change(() => rm(join(rules, 'third.yaml')), 'other');
    const { commit: made } = await push('removed');
    const before = await runs();
    const { detail, id } = webhook('removed', made, {});
    const { payload: _, ...raw } = detail;
    // As the rule's target sent it.
    const input = {
      ...{ ...raw, eventId: randomUUID(), time: new Date().toISOString(), replayName: '', rule: 'third' },
      options: {
        ...{ name: 'third', was: ['first', 'second'], asksFor: ['push'] },
        pipeline: { name: 'hookline-example', variables: {} },
      },
    };
    const { executionArn } = await hookline.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: hookline.outputs.stateMachineArn,
        input: JSON.stringify(input),
      }),
    );
    const [refused] = await hookline.ended(id);
    expect(refused).toMatchObject({ status: 'FAILED', outcome: 'Validate', error: 'Misconfigured' });
    await vi.waitFor(
      async () =>
        expect(await hooklineCommand('deliveries', 'show', id)).toMatchObject({
          row: { outcome: 'Failed', error: 'Misconfigured' },
        }),
      PATIENCE,
    );
    expect(await runs()).toBe(before);

    await change(() => write('third', 'was: [first, second]\n'), 'other', 'third');
    await hookline.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await vi.waitFor(async () => expect(await runs()).toBe(before + 1), PATIENCE);
  });
});

/** A signed webhook of a push, as the bus has it. */
function webhook(branch: string, after: string, more: object) {
  const payload = {
    ...{ ref: `refs/heads/${branch}`, before: '0'.repeat(40), after, created: true },
    repository: { full_name: 'acme/app', default_branch: 'main' },
    ...more,
  };
  const [id, body] = [randomUUID(), JSON.stringify(payload)];
  const signature = `sha256=${createHmac('sha256', hookline.secrets.webhookSecret).update(body).digest('hex')}`;
  const headers = { event: 'push', delivery: id, signature };
  const encoded = Buffer.from(body).toString('base64');
  return { id, detail: { provider: 'github', host: 'localhost', headers, body: encoded, payload } };
}

async function arnOf(QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(command)).Attributes?.QueueArn ?? '';
}

async function hooklineCommand(...args: string[]): Promise<unknown> {
  const { stdout } = await runInProcess([...args, '--json', '--data', hookline.data], { cwd: rules });
  return JSON.parse(stdout);
}

const replaySchema = z.object({
  deliveries: z.array(z.looseObject({ rule: z.string(), outcome: z.string() })),
});

/** Replays everything to a rule, and waits for the end. */
async function replay(rule: string) {
  const span = ['--from', new Date(Date.now() - 3_600_000).toISOString(), '--to', new Date().toISOString()];
  return replaySchema.parse(await hooklineCommand('replay', ...span, '--rule', rule)).deliveries;
}
