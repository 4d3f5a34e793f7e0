import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let hookline: Hookline;
let repository: Repository;
let codepipeline: CodePipelineClient;

const rule = (name: string, more: string) =>
  `match: { event: [push], payload: { repository: { full_name: [acme/${name}] } } }\n${more}`;

const RULES: Readonly<Record<string, string>> = {
  each: rule(
    'each',
    'pipeline: { template: hookline-example, each: branch, teardown: cleanup, variables: { REF: "{branch}" } }',
  ),
  shared: rule(
    'shared',
    'pipeline: hookline-example\non-delete: { pipeline: cleanup, variables: { REF: "{branch} {commit}" } }',
  ),
  limited: rule('limited', 'pipeline: { template: hookline-example, each: branch, limit: 1 }'),
};

beforeAll(async () => {
  [hookline, repository] = await Promise.all([
    startHookline(undefined, { rules: RULES }),
    createRepository(),
  ]);
  codepipeline = new CodePipelineClient(hookline.access);
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: 'hookline-example' }));
  await codepipeline.send(
    new CreatePipelineCommand({
      pipeline: pipeline && { ...pipeline, name: 'cleanup', executionMode: 'QUEUED' },
    }),
  );
});
afterAll(async () => {
  codepipeline?.destroy();
  await repository?.remove();
  await hookline?.remove();
});

async function push(name: string, refspec: string) {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, refspec);
  const sent = hookline.gitHost.deliveries().slice(before);
  const [ended] = await hookline.ended(sent.find(({ event }) => event === 'push')?.id ?? '');
  return ended;
}
const commit = () =>
  repository.commit({
    'file.txt': `${Math.random()}\n`,
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
const startedSchema = z.looseObject({
  pipeline: z.object({ name: z.string(), executionId: z.string() }),
  pull: z.looseObject({ key: z.string(), commit: z.string() }),
});
const endedSchema = startedSchema.pick({ pipeline: true });
const names = async (): Promise<string[]> =>
  ((await codepipeline.send(new ListPipelinesCommand({}))).pipelines ?? []).map(({ name }) => name ?? '');
const runsOf = async (pipelineName: string) =>
  (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries ??
  [];

describe('a branch', () => {
  it('gets a pipeline of its own, in which its first push runs once', async () => {
    const sha = await commit();
    const ended = await push('each', 'HEAD:refs/heads/feature/login');
    expect(ended).toMatchObject({ outcome: 'PipelineStarted' });
    const { pipeline, pull } = startedSchema.parse(ended?.output);
    expect(pipeline.name).toMatch(/^hookline-example-feature-login-[0-9a-f]{6}$/);
    const runs = await runsOf(pipeline.name);
    expect(runs).toMatchObject([
      { pipelineExecutionId: pipeline.executionId, trigger: { triggerType: 'CreatePipeline' } },
    ]);
    await vi.waitFor(
      async () => {
        const { pipelineExecution } = await codepipeline.send(
          new GetPipelineExecutionCommand({
            pipelineName: pipeline.name,
            pipelineExecutionId: pipeline.executionId,
          }),
        );
        expect(pipelineExecution).toMatchObject({
          status: 'Succeeded',
          variables: [{ name: 'REF', resolvedValue: 'feature/login' }],
          artifactRevisions: [{ revisionSummary: expect.stringContaining(sha.slice(0, 7)) }],
        });
      },
      { interval: 500 },
    );
    const declared = await codepipeline.send(new GetPipelineCommand({ name: pipeline.name }));
    expect(declared.pipeline?.stages?.[0]?.actions?.[0]?.configuration?.S3ObjectKey).toBe(pull.key);
  });

  it('runs its next push in that pipeline, and the delivery shows the result', async () => {
    const sha = await commit();
    const ended = await push('each', 'HEAD:refs/heads/feature/login');
    const { pipeline } = startedSchema.parse(ended?.output);
    const runs = await runsOf(pipeline.name);
    expect(runs).toMatchObject([
      {
        pipelineExecutionId: pipeline.executionId,
        trigger: { triggerType: 'StartPipelineExecution' },
      },
      { trigger: { triggerType: 'CreatePipeline' } },
    ]);
    await vi.waitFor(
      async () =>
        expect(await runsOf(pipeline.name)).toMatchObject([
          {
            status: 'Succeeded',
            sourceRevisions: [{ revisionSummary: expect.stringContaining(sha.slice(0, 7)) }],
          },
          {},
        ]),
      { interval: 500 },
    );
  });

  it('that is deleted is torn down with its variables, and then its pipeline is deleted', async () => {
    const ended = await push('each', ':refs/heads/feature/login');
    expect(ended).toMatchObject({ outcome: 'PipelineDeleted', states: expect.arrayContaining(['TakeDown']) });
    const { pipeline } = endedSchema.parse(ended?.output);
    expect(pipeline.name).toBe('cleanup');
    const { pipelineExecution } = await codepipeline.send(
      new GetPipelineExecutionCommand({ pipelineName: 'cleanup', pipelineExecutionId: pipeline.executionId }),
    );
    const sha = (await repository.git('rev-parse', 'HEAD')).trim();
    expect(pipelineExecution).toMatchObject({
      status: 'Succeeded',
      variables: [{ name: 'REF', resolvedValue: 'feature/login' }],
      artifactRevisions: [{ revisionSummary: expect.stringContaining(sha.slice(0, 7)) }],
    });
    expect((await names()).filter((name) => name.includes('login'))).toEqual([]);
  });

  it('that comes back gets a pipeline again, also at the same commit', async () => {
    const ended = await push('each', 'HEAD:refs/heads/feature/login');
    expect(ended).toMatchObject({ outcome: 'PipelineStarted' });
    const { pipeline } = startedSchema.parse(ended?.output);
    expect(await runsOf(pipeline.name)).toMatchObject([{ trigger: { triggerType: 'CreatePipeline' } }]);
  });

  it('gets none above the limit, and says so', async () => {
    await commit();
    const ended = await push('limited', 'HEAD:refs/heads/one');
    expect(ended).toMatchObject({ outcome: 'PipelineFailed', error: 'PipelineLimit' });
    expect((await names()).filter((name) => name.includes('-one-'))).toEqual([]);
  });
});

describe('a rule with one pipeline for all branches', () => {
  it('starts another one when a branch is deleted, on the last commit of the branch', async () => {
    const sha = await commit();
    await push('shared', 'HEAD:refs/heads/one');
    const ended = await push('shared', ':refs/heads/one');
    expect(ended).toMatchObject({ outcome: 'PipelineStarted' });
    const { pipeline } = endedSchema.parse(ended?.output);
    await vi.waitFor(
      async () => {
        const { pipelineExecution } = await codepipeline.send(
          new GetPipelineExecutionCommand({
            pipelineName: 'cleanup',
            pipelineExecutionId: pipeline.executionId,
          }),
        );
        expect(pipelineExecution).toMatchObject({
          status: 'Succeeded',
          variables: [{ name: 'REF', resolvedValue: `one ${sha}` }],
        });
      },
      { interval: 500 },
    );
  });
});
