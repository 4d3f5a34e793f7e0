import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildAction, pipeline, sourceAction, World } from './world.ts';

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
      triggerDetail: 'arn:aws:iam::000000000000:root',
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

it('fails on an object that is missing, naming it', async () => {
  await world.start(pipeline());
  const id = await world.run({ sourceRevisions: [key('gone.zip')] });
  expect(await world.reaches(id, 'Failed')).toMatchObject({
    statusSummary: expect.stringContaining('gone.zip'),
  });
  expect(await world.actions(id)).toMatchObject([
    {
      actionName: 'Artifact',
      status: 'Failed',
      output: {
        executionResult: {
          errorDetails: { code: 'JobFailed', message: expect.stringContaining('gone.zip') },
        },
      },
    },
  ]);
  expect(await world.request('GetPipelineState', { name: 'demo' })).toMatchObject({
    stageStates: [
      { stageName: 'Source', latestExecution: { pipelineExecutionId: id, status: 'Failed' } },
      { stageName: 'Stage1', actionStates: [{ actionName: 'Build' }] },
    ],
  });
});

it('fails with what the build says, and begins no later stage', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  const later = { ...buildAction, Name: 'Later' };
  await world.start(pipeline({}, [buildAction], [later]));
  const id = await world.run();
  const build = await world.building(1);
  build.phases = [
    { phaseType: 'INSTALL', phaseStatus: 'SUCCEEDED', contexts: [{ statusCode: '', message: '' }] },
    {
      phaseType: 'BUILD',
      phaseStatus: 'FAILED',
      contexts: [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: 'npm test: exit status 1' }],
    },
  ];
  world.codebuild.end(build, 'FAILED');
  expect(await world.reaches(id, 'Failed')).toMatchObject({
    statusSummary:
      'the action Build of the stage Stage1 failed: Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: npm test: exit status 1',
  });
  expect(world.codebuild.builds).toHaveLength(1);
});

it('fails an action whose variable has no value, naming both', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  const EnvironmentVariables = JSON.stringify([{ name: 'A', value: '#{Src.Nothing}' }]);
  const action = { ...buildAction, Configuration: { ProjectName: 'app', EnvironmentVariables } };
  await world.start(pipeline({}, [action]));
  const id = await world.run();
  expect(await world.reaches(id, 'Failed')).toMatchObject({
    statusSummary: expect.stringMatching(/#\{Src\.Nothing\} has no value: Src has BucketName/),
  });
});

it('refuses a start that AWS would refuse', async () => {
  const closed = {
    ...sourceAction,
    Configuration: { S3Bucket: 'sources', S3ObjectKey: 'app.zip', PollForSourceChanges: 'false' },
  };
  const Variables = [{ Name: 'who' }];
  await world.start(
    pipeline({ Variables }),
    pipeline({
      Name: 'closed',
      Stages: [
        { Name: 'Source', Actions: [closed] },
        { Name: 'Build', Actions: [buildAction] },
      ],
    }),
  );
  const refused = (input: object) =>
    world.request('StartPipelineExecution', input).then(
      () => 'started',
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );
  expect(await refused({ name: 'nothing' })).toMatch(/^PipelineNotFoundException: .*nothing/);
  expect(await refused({ name: 'closed', sourceRevisions: [key('other.zip')] })).toMatch(
    /^ValidationException: .*other\.zip.*AllowOverrideForS3ObjectKey/,
  );
  expect(await refused({ name: 'demo' })).toMatch(/^ValidationException: .*who.*no default/);
  const given = { name: 'demo', variables: [{ name: 'who', value: 'x' }] };
  expect(await refused({ ...given, variables: [{ name: 'other', value: 'x' }] })).toMatch(
    /^ValidationException: .*other/,
  );
  expect(await refused({ ...given, sourceRevisions: [{ ...key('a'), actionName: 'Wrong' }] })).toMatch(
    /^ValidationException: .*Wrong.*Artifact/,
  );
  expect(await refused({ ...given, sourceRevisions: [{ ...key('a'), revisionType: 'COMMIT_ID' }] })).toMatch(
    /^ValidationException: .*COMMIT_ID/,
  );
  expect(await refused({ ...given, sourceRevisions: [key('a'), key('b')] })).toMatch(
    /^ValidationException: .*more than one S3_OBJECT_KEY/,
  );
  expect(await refused({ ...given, clientRequestToken: 'a b' })).toMatch(/^ValidationException/);
  expect(await refused({ ...given, unheard: 1 })).toMatch(/^UnsupportedOperation: .*unheard/);
});
