import { afterEach, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { buildAction, pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(() => {
  world = new World();
  world.s3.put('sources', 'app.zip', 'bytes');
});
afterEach(() => world.remove());

const demo = { pipelineName: 'demo' };
const executionsSchema = z.looseObject({
  pipelineExecutionSummaries: z.array(z.looseObject({ pipelineExecutionId: z.string() })),
  nextToken: z.string().optional(),
});
const actionsSchema = z.looseObject({
  actionExecutionDetails: z.array(z.looseObject({ pipelineExecutionId: z.string(), actionName: z.string() })),
  nextToken: z.string().optional(),
});

const executions = async (input: object) =>
  executionsSchema.parse(await world.request('ListPipelineExecutions', { ...demo, ...input }));
const actions = async (input: object) =>
  actionsSchema.parse(await world.request('ListActionExecutions', { ...demo, ...input }));

/** Runs as many executions to this end, one after the other. @returns their ids, the oldest first */
async function ran(count: number, status = 'SUCCEEDED'): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const before = world.codebuild.builds.length;
    const id = await world.run();
    world.codebuild.end(await world.building(before + 1), status);
    await world.reaches(id, status === 'SUCCEEDED' ? 'Succeeded' : 'Failed');
    ids.push(id);
  }
  return ids;
}

it('pages executions, the newest first, and a new one moves no page', async () => {
  await world.start(pipeline());
  const ids = await ran(5);
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await executions({ maxResults: 2, ...(nextToken !== undefined && { nextToken }) });
    seen.push(...answer.pipelineExecutionSummaries.map(({ pipelineExecutionId }) => pipelineExecutionId));
    nextToken = answer.nextToken;
    await world.run();
  } while (nextToken !== undefined);
  expect(seen).toEqual(ids.toReversed());
});

it('lists the executions that succeeded in a stage', async () => {
  await world.start(pipeline());
  const [good] = await ran(1);
  const [bad] = await ran(1, 'FAILED');
  const succeededIn = async (stageName: string) =>
    (await executions({ filter: { succeededInStage: { stageName } } })).pipelineExecutionSummaries.map(
      ({ pipelineExecutionId }) => pipelineExecutionId,
    );
  expect(await succeededIn('Source')).toEqual([bad, good]);
  expect(await succeededIn('Stage1')).toEqual([good]);
  await expect(succeededIn('Nowhere')).rejects.toMatchObject({ code: 'ValidationException' });
});

it('pages actions, of all executions or of one, and a new one moves no page', async () => {
  await world.start(pipeline());
  const [first = '', second = ''] = await ran(2);
  const page = await actions({ maxResults: 3 });
  const [third = ''] = await ran(1);
  const rest = await actions({ maxResults: 3, nextToken: page.nextToken });
  expect(
    [...page.actionExecutionDetails, ...rest.actionExecutionDetails].map((each) => [
      each.pipelineExecutionId,
      each.actionName,
    ]),
  ).toEqual([
    [second, 'Build'],
    [second, 'Artifact'],
    [first, 'Build'],
    [first, 'Artifact'],
  ]);
  expect(rest.nextToken).toBeUndefined();
  const newest = await actions({ maxResults: 1 });
  expect(newest.actionExecutionDetails).toMatchObject([{ pipelineExecutionId: third }]);
  const one = await actions({ filter: { pipelineExecutionId: first } });
  expect(one.actionExecutionDetails.map(({ actionName }) => actionName)).toEqual(['Build', 'Artifact']);
});

it('refuses tokens, sizes, pipelines and executions that are not', async () => {
  await world.start(pipeline());
  await expect(executions({ nextToken: '7' })).rejects.toMatchObject({ code: 'InvalidNextTokenException' });
  await expect(executions({ maxResults: 101 })).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(executions({ pipelineName: 'no' })).rejects.toMatchObject({
    code: 'PipelineNotFoundException',
  });
  await expect(actions({ filter: { pipelineExecutionId: 'no' } })).rejects.toMatchObject({
    code: 'PipelineExecutionNotFoundException',
  });
  await expect(actions({ filter: { latestInPipelineExecution: {} } })).rejects.toMatchObject({
    code: 'UnsupportedOperation',
  });
});

it('shows a pipeline as AWS does, and pages the pipelines', async () => {
  await world.start(pipeline(), pipeline({ Name: 'other', PipelineType: 'V1' }, [buildAction]));
  expect(await world.request('GetPipeline', { name: 'demo' })).toMatchObject({
    pipeline: {
      name: 'demo',
      roleArn: 'arn:aws:iam::000000000000:role/pipeline',
      artifactStore: { type: 'S3', location: 'store' },
      version: 1,
      pipelineType: 'V2',
      executionMode: 'SUPERSEDED',
      stages: [
        {
          name: 'Source',
          actions: [
            {
              name: 'Artifact',
              actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
              configuration: { S3Bucket: 'sources', PollForSourceChanges: 'false' },
              outputArtifacts: [{ name: 'Source' }],
              roleArn: 'arn:aws:iam::000000000000:role/source',
              namespace: 'Src',
            },
          ],
        },
        { name: 'Stage1', actions: [{ name: 'Build', configuration: { ProjectName: 'app' } }] },
      ],
    },
    metadata: { pipelineArn: 'arn:aws:codepipeline:us-east-1:000000000000:demo' },
  });
  await expect(world.request('GetPipeline', { name: 'demo', version: 2 })).rejects.toMatchObject({
    code: 'PipelineVersionNotFoundException',
  });
  const first = await world.request('ListPipelines', { maxResults: 1 });
  expect(first).toMatchObject({ pipelines: [{ name: 'demo', version: 1 }], nextToken: expect.any(String) });
  const { nextToken } = z.looseObject({ nextToken: z.string() }).parse(first);
  expect(await world.request('ListPipelines', { nextToken })).toMatchObject({
    pipelines: [{ name: 'other', pipelineType: 'V1' }],
  });
});
