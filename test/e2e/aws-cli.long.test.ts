import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type AwsCli, awsCli } from '../support/aws-cli.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const PROJECT = 'hookline-pull-lambda';
const PIPELINE = 'hookline-example';

const pushedSchema = z.looseObject({
  pull: z.looseObject({ key: z.string(), versionId: z.string(), commit: z.string() }),
  pipeline: z.looseObject({ executionId: z.string() }),
});
const idsSchema = z.looseObject({ ids: z.array(z.string()) });

let hookline: Hookline;
let repository: Repository;
let cli: AwsCli;
let executionArn: string;
let pushed: z.infer<typeof pushedSchema>;

beforeAll(async () => {
  hookline = await startHookline();
  repository = await createRepository();
  cli = await awsCli(hookline.access);
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
  const url = new URL(`${hookline.outputs.gitUrl}/hookline/demo.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  const delivery = hookline.gitHost.deliveries().find(({ event }) => event === 'push');
  const [ended] = await hookline.ended(delivery?.id ?? '');
  executionArn = ended?.executionArn ?? '';
  pushed = pushedSchema.parse(ended?.output);
});

afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});

/** The answer of a call that must succeed. */
async function aws(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await cli.run(...args, '--output', 'json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout === '' ? undefined : JSON.parse(stdout);
}

/** Whether a list read in pages of that size, which the command line goes through by their tokens, is the whole of it. */
async function expectPages(size: number, member: string, ...args: string[]): Promise<void> {
  const listSchema = z.looseObject({ [member]: z.array(z.unknown()) });
  const list = async (...more: string[]) => listSchema.parse(await aws(...args, ...more))[member] ?? [];
  const [paged, whole] = await Promise.all([list('--page-size', String(size)), list()]);
  expect(whole.length).toBeGreaterThan(size);
  expect(paged).toEqual(whole);
}

// A process of the command line takes a second of a core, and they all start at once.
const TIMEOUT_MS = 180_000;

describe.concurrent('the AWS command line', { timeout: TIMEOUT_MS }, () => {
  it('lists the executions of the machine, by page and by status', async () => {
    const list = [
      'stepfunctions',
      'list-executions',
      '--state-machine-arn',
      hookline.outputs.stateMachineArn,
    ];
    await expectPages(1, 'executions', ...list);
    expect(await aws(...list, '--status-filter', 'FAILED')).toEqual({ executions: [] });
  });

  it('describes an execution', async () => {
    expect(await aws('stepfunctions', 'describe-execution', '--execution-arn', executionArn)).toMatchObject({
      executionArn,
      stateMachineArn: hookline.outputs.stateMachineArn,
      status: 'SUCCEEDED',
      startDate: expect.anything(),
      stopDate: expect.anything(),
      input: expect.stringContaining('"provider":"github"'),
      inputDetails: { included: true },
      output: expect.stringContaining(pushed.pull.commit),
    });
  });

  it('reads the history of an execution, page by page and backwards', async () => {
    const history = ['stepfunctions', 'get-execution-history', '--execution-arn', executionArn];
    await expectPages(30, 'events', ...history);
    expect(await aws(...history, '--reverse-order', '--max-items', '1')).toMatchObject({
      events: [{ type: 'ExecutionSucceeded' }],
    });
  });

  it('lists the versions of objects, by page', async () => {
    const list = ['s3api', 'list-object-versions', '--bucket', hookline.outputs.bucket];
    await expectPages(1, 'Versions', ...list);
    expect(await aws(...list, '--prefix', pushed.pull.key)).toMatchObject({
      Versions: [{ Key: pushed.pull.key, VersionId: pushed.pull.versionId, IsLatest: true }],
    });
  });

  it('gets an object by its version, with its metadata', async () => {
    const file = join(hookline.data, 'artifact.zip');
    const { bucket } = hookline.outputs;
    const { key, versionId, commit } = pushed.pull;
    const object = ['--bucket', bucket, '--key', key, '--version-id', versionId];
    expect(await aws('s3api', 'get-object', ...object, file)).toMatchObject({
      VersionId: versionId,
      Metadata: { commit, ref: 'refs/heads/main' },
    });
    expect(await readFile(file)).toEqual(await repository.archive(commit));
  });

  it('tests an event pattern', async () => {
    const event = JSON.stringify({
      id: '1',
      source: 'hookline',
      account: '000000000000',
      time: '2026-01-01T00:00:00Z',
      region: 'us-east-1',
      resources: [],
      'detail-type': 'webhook',
      detail: { event: 'push' },
    });
    const test = ['events', 'test-event-pattern', '--event', event, '--event-pattern'];
    expect(await aws(...test, '{"detail":{"event":["push"]}}')).toEqual({ Result: true });
    expect(await aws(...test, '{"detail":{"event":["ping"]}}')).toEqual({ Result: false });
  });

  it('lists the rules of the bus, by page', async () => {
    const list = ['events', 'list-rules', '--event-bus-name', hookline.outputs.busName];
    await expectPages(1, 'Rules', ...list);
    expect(await aws(...list, '--name-prefix', 'hookline-demo')).toMatchObject({
      Rules: [{ Name: 'hookline-demo', State: 'ENABLED', EventBusName: hookline.outputs.busName }],
    });
  });

  it('describes the archive', async () => {
    const { archiveName } = hookline.outputs;
    expect(await aws('events', 'describe-archive', '--archive-name', archiveName)).toMatchObject({
      ArchiveName: archiveName,
      State: 'ENABLED',
      RetentionDays: 90,
      EventCount: expect.any(Number),
    });
  });

  it('gets builds, and names those that are not there', async () => {
    const { ids } = idsSchema.parse(
      await aws('codebuild', 'list-builds-for-project', '--project-name', PROJECT),
    );
    expect(await aws('codebuild', 'batch-get-builds', '--ids', ...ids, 'nothing:1')).toMatchObject({
      builds: [
        {
          id: ids[0],
          buildStatus: 'SUCCEEDED',
          projectName: PROJECT,
          exportedEnvironmentVariables: expect.arrayContaining([
            { name: 'HOOKLINE_COMMIT', value: pushed.pull.commit },
          ]),
        },
      ],
      buildsNotFound: ['nothing:1'],
    });
  });

  it('lists and gets the executions of a pipeline', async () => {
    const named = ['--pipeline-name', PIPELINE];
    const { executionId } = pushed.pipeline;
    expect(await aws('codepipeline', 'list-pipeline-executions', ...named)).toMatchObject({
      pipelineExecutionSummaries: [
        { pipelineExecutionId: executionId, sourceRevisions: [{ revisionId: pushed.pull.versionId }] },
      ],
    });
    const get = ['codepipeline', 'get-pipeline-execution', ...named, '--pipeline-execution-id', executionId];
    expect(await aws(...get)).toMatchObject({
      pipelineExecution: { pipelineName: PIPELINE, pipelineExecutionId: executionId },
    });
  });

  it('scans a table, by page', async () => {
    const scan = ['dynamodb', 'scan', '--table-name', hookline.outputs.deliveriesTable];
    await expectPages(1, 'Items', ...scan);
    const outcomes = z.array(z.string()).parse(await aws(...scan, '--query', 'Items[].outcome.S'));
    expect(outcomes).toContain('PipelineStarted');
  });

  it('gets the value of a secret', async () => {
    const { webhookSecretArn: arn } = hookline.outputs;
    const answer = await aws('secretsmanager', 'get-secret-value', '--secret-id', arn);
    expect(answer).toMatchObject({ ARN: arn, VersionStages: ['AWSCURRENT'] });
    const { SecretString } = z.looseObject({ SecretString: z.string() }).parse(answer);
    expect(JSON.parse(SecretString)).toMatchObject({ localhost: hookline.secrets.webhookSecret });
  });

  it('tails a log', async () => {
    const { exitCode, stdout } = await cli.run('logs', 'tail', `/aws/codebuild/${PROJECT}`, '--since', '1h');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(pushed.pull.key) });
  });

  it('filters the events of a log, by page', async () => {
    const filter = ['logs', 'filter-log-events', '--log-group-name', `/aws/codebuild/${PROJECT}`];
    await expectPages(10, 'events', ...filter);
    expect(await aws(...filter, '--filter-pattern', 'artifact')).toMatchObject({
      events: [{ message: expect.stringContaining(pushed.pull.key) }],
    });
  });

  const arn = 'arn:aws:states:us-east-1:000000000000';
  const refused: readonly [string, string][] = [
    [
      'ExecutionDoesNotExist',
      `stepfunctions describe-execution --execution-arn ${arn}:execution:hookline:no`,
    ],
    ['InvalidArn', 'stepfunctions describe-execution --execution-arn nonsense'],
    ['NoSuchBucket', 's3api list-object-versions --bucket nothing'],
    ['ResourceNotFoundException', 'events list-rules --event-bus-name nothing'],
    ['InvalidEventPatternException', 'events test-event-pattern --event {} --event-pattern {"a":"b"}'],
    ['ResourceNotFoundException', 'codebuild list-builds-for-project --project-name nothing'],
    ['PipelineNotFoundException', 'codepipeline list-pipeline-executions --pipeline-name nothing'],
    ['ResourceNotFoundException', 'dynamodb scan --table-name nothing'],
    ['ResourceNotFoundException', 'secretsmanager get-secret-value --secret-id nothing'],
    ['ResourceNotFoundException', 'logs tail nothing'],
  ];
  it.each(refused)('is answered by %s, as on AWS: aws %s', async (code, command) => {
    const { exitCode, stderr } = await cli.run(...command.split(' '));
    expect({ failed: exitCode !== 0, stderr }).toEqual({
      failed: true,
      stderr: expect.stringContaining(`An error occurred (${code})`),
    });
  });
});
