import { afterEach, beforeEach, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../../../local/core/account-and-region.ts';
import { buildAction, pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const key = (revisionValue: string) => ({
  actionName: 'Artifact',
  revisionType: 'S3_OBJECT_KEY',
  revisionValue,
});
const version = (revisionValue: string) => ({
  actionName: 'Artifact',
  revisionType: 'S3_OBJECT_VERSION_ID',
  revisionValue,
});

it('builds the configured object and keeps what each action came to', async () => {
  const versionId = world.s3.put('sources', 'app.zip', 'bytes');
  await world.start(pipeline());
  const id = await world.run();
  const build = await world.building(1);
  expect(world.s3.text(build.input.sourceLocationOverride)).toBe('bytes');
  expect(build.input.sourceLocationOverride).toMatch(/^store\/demo\/Source\/[A-Za-z0-9]{7}$/);
  world.codebuild.end(build);
  expect(await world.reaches(id, 'Succeeded')).toEqual({
    pipelineName: 'demo',
    pipelineVersion: 1,
    pipelineExecutionId: id,
    status: 'Succeeded',
    artifactRevisions: [
      {
        name: 'Source',
        revisionId: versionId,
        revisionSummary: `Amazon S3 version id: ${versionId}`,
        created: 1_700_000_000,
        revisionUrl: expect.stringContaining('app.zip'),
      },
    ],
    variables: [],
    trigger: {
      triggerType: 'StartPipelineExecution',
      triggerDetail: ADMINISTRATOR,
    },
    executionMode: 'SUPERSEDED',
    executionType: 'STANDARD',
  });
  expect(await world.actions(id)).toMatchObject([
    {
      stageName: 'Stage1',
      actionName: 'Build',
      status: 'Succeeded',
      input: { inputArtifacts: [{ name: 'Source', s3location: { bucket: 'store' } }] },
      output: { executionResult: { externalExecutionId: build.id } },
    },
    { stageName: 'Source', actionName: 'Artifact', status: 'Succeeded' },
  ]);
  expect(world.s3.callers).toEqual(['HeadObject arn:aws:iam::000000000000:role/source']);
});

it('builds the object and the version that the start names', async () => {
  const old = world.s3.put('sources', 'other.zip', 'old');
  world.s3.put('sources', 'other.zip', 'new');
  await world.start(pipeline());
  const id = await world.run({ sourceRevisions: [key('other.zip'), version(old)] });
  const build = await world.building(1);
  expect(world.s3.text(build.input.sourceLocationOverride)).toBe('old');
  world.codebuild.end(build);
  expect(await world.reaches(id, 'Succeeded')).toMatchObject({ artifactRevisions: [{ revisionId: old }] });
  expect(await world.request('ListPipelineExecutions', { pipelineName: 'demo' })).toMatchObject({
    pipelineExecutionSummaries: [{ sourceRevisions: [{ actionName: 'Artifact', revisionId: old }] }],
  });
});

it('puts the values of variables in, of the pipeline, the source, an earlier build and the execution', async () => {
  const versionId = world.s3.put('sources', 'app.zip', 'bytes');
  const variables = (values: Record<string, string>) =>
    JSON.stringify(Object.entries(values).map(([name, value]) => ({ name, value })));
  const second = {
    ...buildAction,
    Name: 'Second',
    InputArtifacts: [{ Name: 'Built' }],
    Configuration: {
      ProjectName: 'second',
      EnvironmentVariables: variables({
        GREETING: '#{variables.greeting}, #{variables.who}',
        VERSION: '#{Src.VersionId}',
        IMAGE: '#{Bld.IMAGE}',
        RUN: '#{codepipeline.PipelineExecutionId}',
      }),
    },
  };
  const first = { ...buildAction, Namespace: 'Bld', OutputArtifacts: [{ Name: 'Built' }] };
  const Variables = [{ Name: 'greeting', DefaultValue: 'Hello' }, { Name: 'who' }];
  await world.start(pipeline({ Variables }, [first], [second]));
  const id = await world.run({ variables: [{ name: 'who', value: 'a "quoted" one' }] });
  const built = await world.building(1);
  expect(built.input).toMatchObject({
    artifactsOverride: { type: 'S3', location: 'store', path: '', packaging: 'ZIP' },
  });
  world.codebuild.end(built, 'SUCCEEDED', { IMAGE: 'app:7' });
  const { input } = await world.building(2);
  expect(input).toMatchObject({
    environmentVariablesOverride: [
      { name: 'GREETING', value: 'Hello, a "quoted" one', type: 'PLAINTEXT' },
      { name: 'VERSION', value: versionId, type: 'PLAINTEXT' },
      { name: 'IMAGE', value: 'app:7', type: 'PLAINTEXT' },
      { name: 'RUN', value: id, type: 'PLAINTEXT' },
    ],
  });
  expect(input.sourceLocationOverride).toMatch(/^store\/demo\/Built\//);
  expect(await world.execution(id)).toMatchObject({
    variables: [
      { name: 'greeting', resolvedValue: 'Hello' },
      { name: 'who', resolvedValue: 'a "quoted" one' },
    ],
  });
});

it('runs the actions of one order at once, and the next order after all of them', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  const named = (Name: string, RunOrder: number) => ({
    ...buildAction,
    Name,
    RunOrder,
    Configuration: { ProjectName: Name },
  });
  await world.start(pipeline({}, [named('last', 2), named('a', 1), named('b', 1)]));
  const id = await world.run();
  await world.building(2);
  expect(world.codebuild.builds.map(({ input }) => input.projectName)).toEqual(['a', 'b']);
  world.codebuild.end(world.codebuild.builds[0]);
  world.codebuild.end(world.codebuild.builds[1]);
  world.codebuild.end(await world.building(3));
  await world.reaches(id, 'Succeeded');
});
