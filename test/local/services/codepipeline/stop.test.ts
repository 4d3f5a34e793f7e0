import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildAction, pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(() => {
  world = new World();
  world.s3.put('sources', 'app.zip', 'bytes');
});
afterEach(() => world.remove());

const stop = (id: string, more: object = {}) =>
  world.request('StopPipelineExecution', { pipelineName: 'demo', pipelineExecutionId: id, ...more });

it('abandons an execution: its build is stopped, and nothing more begins', async () => {
  await world.start(pipeline({}, [buildAction], [{ ...buildAction, Name: 'Later' }]));
  const id = await world.run();
  const build = await world.building(1);
  await world.acted(id, 'Build', 'InProgress');
  expect(await stop(id, { abandon: true, reason: 'a wrong commit' })).toEqual({ pipelineExecutionId: id });
  expect(await world.reaches(id, 'Stopped')).toMatchObject({ statusSummary: 'a wrong commit' });
  expect(build.buildStatus).toBe('STOPPED');
  expect(await world.actions(id)).toMatchObject([
    { actionName: 'Build', status: 'Abandoned' },
    { actionName: 'Artifact', status: 'Succeeded' },
  ]);
  expect(await world.request('ListPipelineExecutions', { pipelineName: 'demo' })).toMatchObject({
    pipelineExecutionSummaries: [{ status: 'Stopped', stopTrigger: { reason: 'a wrong commit' } }],
  });
  expect(world.codebuild.builds).toHaveLength(1);
});

it('lets the build at work end when it is not to abandon, and stops before the next stage', async () => {
  await world.start(pipeline({}, [buildAction], [{ ...buildAction, Name: 'Later' }]));
  const id = await world.run();
  const build = await world.building(1);
  await stop(id);
  expect(await world.execution(id)).toMatchObject({ status: 'Stopping' });
  await expect(stop(id)).rejects.toMatchObject({ code: 'DuplicatedStopRequestException' });
  world.codebuild.end(build);
  await world.reaches(id, 'Stopped');
  expect(await world.actions(id)).toMatchObject([{ actionName: 'Build', status: 'Succeeded' }, {}]);
  expect(world.codebuild.builds).toHaveLength(1);
});

it('waits on for the build after a restart, and may then still be told to abandon it', async () => {
  await world.start(pipeline());
  const id = await world.run();
  const build = await world.building(1);
  await world.acted(id, 'Build', 'InProgress');
  await stop(id);
  await world.start(pipeline());
  expect(await world.execution(id)).toMatchObject({ status: 'Stopping' });
  await stop(id, { abandon: true });
  await world.reaches(id, 'Stopped');
  expect(build.buildStatus).toBe('STOPPED');
});

it('stops an execution that waits, and the one behind it goes on', async () => {
  await world.start(pipeline({ ExecutionMode: 'QUEUED' }));
  const [first, second, third] = [await world.run(), await world.run(), await world.run()];
  await stop(second, { reason: 'not this one' });
  expect(await world.execution(second)).toMatchObject({ status: 'Stopped', statusSummary: 'not this one' });
  world.codebuild.end(await world.building(1));
  await world.reaches(first, 'Succeeded');
  world.codebuild.end(await world.building(2));
  await world.reaches(third, 'Succeeded');
});

it('refuses to stop what has ended, or what is not', async () => {
  await world.start(pipeline());
  const id = await world.run();
  world.codebuild.end(await world.building(1));
  await world.reaches(id, 'Succeeded');
  await expect(stop(id)).rejects.toMatchObject({ code: 'PipelineExecutionNotStoppableException' });
  await expect(stop('no-such-id')).rejects.toMatchObject({ code: 'PipelineExecutionNotFoundException' });
});

it('tells of a build that it could not stop', async () => {
  await world.start(pipeline());
  const id = await world.run();
  await world.building(1);
  await world.acted(id, 'Build', 'InProgress');
  world.codebuild.stops = false;
  await stop(id, { abandon: true });
  await world.reaches(id, 'Stopped');
  expect(world.warnings).toEqual([expect.stringContaining('could not stop the build app:1')]);
});
