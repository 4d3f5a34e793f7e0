import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StateNotWritten } from '../../../../local/core/not-written.ts';
import { buildAction, pipeline, sourceAction, World } from '../../../support/local/codepipeline.ts';

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
    pipeline({ Name: 'old', PipelineType: 'V1' }),
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
  expect(await refused({ name: 'old', sourceRevisions: [key('other.zip')] })).toMatch(
    /^ValidationException: .*old is of type V1, which takes no source revisions: make it V2/,
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

it('goes on after a full disk, without a restart, and with the build that it has', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  await world.start(pipeline({}, [buildAction]));
  const id = await world.run();
  const build = await world.building(1);
  await world.acted(id, 'Build', 'InProgress');
  world.disk.full = true;
  world.codebuild.end(build, 'SUCCEEDED');
  await vi.waitFor(() => expect(world.warnings.join()).toContain('cannot go on before it can be written'));
  world.disk.full = false;
  await vi.waitFor(async () => expect((await world.execution(id)).status).toBe('Succeeded'), PATIENCE);
  expect(world.codebuild.builds).toHaveLength(1);
  const ends = () => JSON.stringify(world.told).match(/SUCCEEDED/g);
  await vi.waitFor(() => expect(ends()).toHaveLength(1), PATIENCE);
});

it('takes its source after a disk that was full for the copy of it, without a restart', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  const put = vi.spyOn(world.s3, 'put').mockImplementation(() => {
    throw new StateNotWritten('the disk is full');
  });
  await world.start(pipeline());
  const id = await world.run();
  await vi.waitFor(() => expect(world.warnings.join()).toContain('cannot go on before it can be written'));
  put.mockRestore();
  await vi.waitFor(() => expect(world.codebuild.builds).toHaveLength(1), PATIENCE);
  expect(await world.actions(id)).toMatchObject([{ status: 'InProgress' }, { status: 'Succeeded' }]);
});

it('is told of once EventBridge takes that, without a restart', async () => {
  world.s3.put('sources', 'app.zip', 'bytes');
  const { putEvents } = world;
  world.putEvents = () => {
    throw new Error('the disk is full');
  };
  await world.start(pipeline({}, [buildAction]));
  await world.run();
  await vi.waitFor(() => expect(world.warnings.join()).toContain('is told later'));
  world.putEvents = putEvents;
  await vi.waitFor(() => expect(JSON.stringify(world.told)).toContain('STARTED'), PATIENCE);
});

// A loaded machine takes its time.
const PATIENCE = { timeout: 60_000 };
