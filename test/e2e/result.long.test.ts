import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { DELIVERY_ENDED, PIPELINE_ENDED, resultDetailSchema } from '../../events/result-event.ts';
import { type Commanded, startCommand } from '../support/cli/command.ts';
import { ROOT } from '../support/docs/commands.ts';
import { ASSEMBLY } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const TEMPLATE = 'Hookline.template.json';
const object = z.record(z.string(), z.unknown());
const templateSchema = z.looseObject({ Resources: object });
const ruleSchema = z.object({
  Resources: z.object({
    Failed: z.looseObject({
      Properties: z.looseObject({ Targets: z.tuple([z.looseObject({})]) }),
    }),
  }),
});

/** The rule of docs/events.md that sends a mail. */
async function exampleRule() {
  const text = await readFile(join(ROOT, 'docs/events.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(Resources:[\s\S]*?)```/.exec(text) ?? [];
  const tags = ['!Ref', '!GetAtt'].map((tag) => ({ tag, resolve: (value: string) => value }));
  return ruleSchema.parse(parseDocument(yaml, { customTags: tags }).toJS()).Resources.Failed;
}

/** Hookline with a queue in the place of a topic: one for the page's rule, and one for every event of ours. */
async function withListeners(folder: string): Promise<void> {
  await cp(ASSEMBLY, folder, { recursive: true, dereference: true });
  const file = join(folder, TEMPLATE);
  const template = templateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const { Properties, ...rule } = await exampleRule();
  const [target] = Properties.Targets;
  const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const EventPattern = { source: ['hookline'], 'detail-type': [DELIVERY_ENDED, PIPELINE_ENDED] };
  Object.assign(template.Resources, {
    Mails: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mails' } },
    Everything: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'everything' } },
    ListenersPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Mails' }, { Ref: 'Everything' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: ['Mails', 'Everything'].map((name) => ({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arn(name),
          })),
        },
      },
    },
    Failed: { ...rule, Properties: { ...Properties, Targets: [{ ...target, Arn: arn('Mails') }] } },
    All: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: 'hookline',
        EventPattern,
        Targets: [{ Id: 'all', Arn: arn('Everything') }],
      },
    },
  });
  await writeFile(file, JSON.stringify(template));
}

const eventSchema = z.object({ source: z.string(), 'detail-type': z.string(), detail: resultDetailSchema });
const statusesSchema = z.array(z.looseObject({ state: z.string(), target_url: z.string() }));

const BUILD = (command: string) => `version: 0.2\nphases: { build: { commands: [${command}] } }\n`;

describe('a push whose pipeline', () => {
  let folder: string;
  let on: Commanded;
  let repository: Repository;
  let sqs: SQSClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-result-'));
    await withListeners(folder);
    on = await startCommand({ assembly: folder });
    repository = await createRepository();
    sqs = new SQSClient(on.hookline.access);
  });
  afterAll(async () => {
    sqs?.destroy();
    await repository?.remove();
    await on?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function push(command: string): Promise<{ commit: string; deliveryId: string }> {
    const commit = await repository.commit({ 'buildspec.yml': BUILD(command) });
    const before = on.hookline.gitHost.deliveries().length;
    const url = new URL(`${on.hookline.outputs.gitUrl}/hookline/demo.git`);
    url.username = 'test';
    url.password = on.hookline.secrets.token;
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
    const sent = on.hookline.gitHost.deliveries().slice(before);
    return { commit, deliveryId: sent.find(({ event }) => event === 'push')?.id ?? '' };
  }

  async function statuses(commit: string) {
    const url = `${on.hookline.outputs.gitUrl}/api/v3/repos/hookline/demo/commits/${commit}/statuses`;
    const headers = { authorization: `Bearer ${on.hookline.secrets.token}` };
    return statusesSchema.parse(await (await fetch(url, { headers })).json());
  }

  const kept: Record<string, string[]> = { mails: [], everything: [] };
  /** All that a queue has had until now. */
  async function had(queue: string): Promise<string[]> {
    const QueueUrl = `${on.hookline.access.endpoint}/000000000000/${queue}`;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      kept[queue]?.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return kept[queue] ?? [];
  }
  const eventsOf = async (commit: string) =>
    (await had('everything'))
      .map((body) => eventSchema.parse(JSON.parse(body)))
      .filter(({ detail }) => detail.delivery.commit === commit && detail.rule === 'demo')
      .toSorted((a, b) => a['detail-type'].localeCompare(b['detail-type']));

  it.each([
    ['echo built', 'Succeeded', 'success'],
    ['exit 1', 'Failed', 'failure'],
  ])('(%s) has %s says so on the commit, in the list, and on the bus', async (command, status, state) => {
    const { commit, deliveryId } = await push(command);
    const [ended] = await on.hookline.ended(deliveryId);
    expect(ended).toMatchObject({ outcome: 'PipelineStarted' });
    expect(ended?.states.length).toBeLessThanOrEqual(10);
    await vi.waitFor(async () => expect((await eventsOf(commit)).length).toBe(2), {
      interval: 200,
    });
    const [newest, ...before] = await statuses(commit);
    expect(newest).toMatchObject({ state, context: 'hookline/demo' });
    expect(new Set(before.map((each) => each.state))).toEqual(new Set(['pending']));
    const word = status.toLowerCase();
    const rows = await on.json('deliveries', 'list', '--pipeline-status', word, '--commit', commit);
    expect(rows).toMatchObject([
      {
        deliveryId,
        outcome: 'PipelineStarted',
        pipelineStatus: status,
        pipelineEndedAt: expect.stringMatching(/Z$/),
      },
    ]);
    const [row] = z.array(z.looseObject({ pipelineExecutionId: z.string() })).parse(rows);
    expect(newest?.target_url).toContain(
      `/pipelines/hookline-example/executions/${row?.pipelineExecutionId}/`,
    );
    const { stdout } = await on.run(['deliveries', 'show', deliveryId]);
    expect(stdout).toMatch(new RegExp(`^ +${word} 2\\d{3}-`, 'm'));
    const reason = 'stage Build, action Build: Build terminated with state: FAILED';
    expect(stdout.includes(reason)).toBe(status === 'Failed');
    expect(newest?.description).toContain(status === 'Failed' ? `in ${reason}` : 'succeeded');
    const table = await on.run(['deliveries', 'list', '--commit', commit]);
    expect(table.stdout).toMatch(new RegExp(`PipelineStarted \\(${word}\\)$`, 'm'));
    expect(await eventsOf(commit)).toMatchObject([
      {
        'detail-type': DELIVERY_ENDED,
        detail: { outcome: 'PipelineStarted', pipeline: { status: 'InProgress' } },
      },
      {
        'detail-type': PIPELINE_ENDED,
        detail: {
          delivery: { id: deliveryId, repository: 'hookline/demo', ref: 'refs/heads/main' },
          pipeline: { name: 'hookline-example', status, executionId: row?.pipelineExecutionId },
        },
      },
    ]);
  });

  it('fails sends the mail of the page, and no event becomes a delivery, a line of the log or a part of the archive', async () => {
    const { commit } = await push('exit 2');
    const mail = `"hookline-example failed for ${commit} of hookline/demo, refs/heads/main"`;
    await vi.waitFor(async () => expect(await had('mails')).toContain(mail), {
      interval: 200,
    });
    const sent = new Set(on.hookline.gitHost.deliveries().map(({ id }) => id));
    const rows = z
      .array(z.looseObject({ deliveryId: z.string() }))
      .parse(await on.json('deliveries', 'list'));
    expect(new Set(rows.map(({ deliveryId }) => deliveryId))).toEqual(sent);
    const logs = new CloudWatchLogsClient(on.hookline.access);
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: on.hookline.outputs.deliveryLog }),
    );
    logs.destroy();
    expect(events.length).toBeGreaterThan(0);
    expect(events.filter(({ message }) => message?.includes('ended'))).toEqual([]);
    const archive = await on.hookline.runtime.call('events', 'DescribeArchive', { ArchiveName: 'hookline' });
    expect(archive).toMatchObject({ EventCount: sent.size });
  });
});
