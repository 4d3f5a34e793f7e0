import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildAction, pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(() => {
  world = new World();
  world.s3.put('sources', 'app.zip', 'bytes');
});
afterEach(() => world.remove());

it('queues executions: one at a time, in the order of their starts', async () => {
  await world.start(pipeline({ ExecutionMode: 'QUEUED' }));
  const [first, second, third] = [await world.run(), await world.run(), await world.run()];
  for (const [index, id] of [first, second, third].entries()) {
    const build = await world.building(index + 1);
    for (const later of [first, second, third].slice(index + 1)) {
      expect(await world.execution(later)).toMatchObject({ status: 'InProgress', executionMode: 'QUEUED' });
      expect(await world.actions(later)).toEqual([]);
    }
    world.codebuild.end(build, index === 0 ? 'FAILED' : 'SUCCEEDED');
    await world.reaches(id, index === 0 ? 'Failed' : 'Succeeded');
  }
});

it('shows what waits before the first stage', async () => {
  await world.start(pipeline({ ExecutionMode: 'QUEUED' }));
  const first = await world.run();
  const second = await world.run();
  await world.building(1);
  expect(await world.request('GetPipelineState', { name: 'demo' })).toMatchObject({
    stageStates: [
      {
        inboundExecutions: [{ pipelineExecutionId: second, status: 'InProgress' }],
        latestExecution: { pipelineExecutionId: first, status: 'Succeeded' },
      },
      { latestExecution: { pipelineExecutionId: first, status: 'InProgress' } },
    ],
  });
});

it('supersedes an execution that waits when a newer one starts, and never one that has begun', async () => {
  await world.start(pipeline());
  const first = await world.run();
  const second = await world.run();
  const third = await world.run();
  expect(await world.execution(second)).toMatchObject({ status: 'Superseded' });
  world.codebuild.end(await world.building(1));
  await world.reaches(first, 'Succeeded');
  world.codebuild.end(await world.building(2));
  await world.reaches(third, 'Succeeded');
  expect(world.codebuild.builds).toHaveLength(2);
});

it('runs executions in parallel, each to its own end', async () => {
  await world.start(pipeline({ ExecutionMode: 'PARALLEL' }));
  const ids = await Promise.all([world.run(), world.run(), world.run()]);
  await world.building(3);
  for (const build of world.codebuild.builds) world.codebuild.end(build);
  for (const id of ids) await world.reaches(id, 'Succeeded');
});

it('answers a token with the execution it has started, also after a restart', async () => {
  const definition = pipeline({ ExecutionMode: 'PARALLEL' });
  await world.start(definition);
  const input = { clientRequestToken: 'token-1' };
  const [id, again] = await Promise.all([world.run(input), world.run(input)]);
  expect(again).toBe(id);
  await world.start(definition);
  expect(await world.run(input)).toBe(id);
  expect(await world.run({ clientRequestToken: 'token-2' })).not.toBe(id);
  const other = { actionName: 'Artifact', revisionType: 'S3_OBJECT_KEY', revisionValue: 'other.zip' };
  await expect(world.run({ ...input, sourceRevisions: [other] })).rejects.toMatchObject({
    code: 'ConflictException',
    message: expect.stringContaining(id),
  });
});

it('goes on after a restart with the build it has started, and with what waits', async () => {
  const definition = pipeline({ ExecutionMode: 'QUEUED' });
  await world.start(definition);
  const first = await world.run();
  const second = await world.run();
  const build = await world.building(1);
  await world.start(definition);
  expect(await world.execution(first)).toMatchObject({ status: 'InProgress' });
  world.codebuild.end(build);
  await world.reaches(first, 'Succeeded');
  world.codebuild.end(await world.building(2));
  await world.reaches(second, 'Succeeded');
  expect(world.codebuild.builds).toHaveLength(2);
});

it('starts no second build when it ended before it knew of the first', async () => {
  await world.start(pipeline());
  let lose = (_: Error) => {};
  world.codebuild.answer = new Promise((_, reject) => {
    lose = reject;
  });
  const id = await world.run();
  const build = await world.building(1);
  const ended = world.stop();
  lose(new Error('the process has ended'));
  await ended;
  world.codebuild.answer = undefined;
  await world.start(pipeline());
  world.codebuild.end(build);
  await world.reaches(id, 'Succeeded');
  expect(world.codebuild.builds).toHaveLength(1);
});

it('ends an execution by the definition it began with, and starts the next by the new one', async () => {
  await world.start(pipeline());
  const first = await world.run();
  const build = await world.building(1);
  const changed = { ...buildAction, Configuration: { ProjectName: 'changed' } };
  const later = { ...changed, Name: 'Later' };
  await world.start(pipeline({}, [changed], [later]));
  expect(await world.request('GetPipeline', { name: 'demo' })).toMatchObject({ pipeline: { version: 2 } });
  world.codebuild.end(build);
  expect(await world.reaches(first, 'Succeeded')).toMatchObject({ pipelineVersion: 1 });
  const second = await world.run();
  expect((await world.building(2)).input.projectName).toBe('changed');
  expect(await world.execution(second)).toMatchObject({ pipelineVersion: 2 });
});

it('does not try again what has failed, when it is taken up after a restart', async () => {
  const other = { ...buildAction, Name: 'Other', Configuration: { ProjectName: 'other' } };
  const definition = pipeline({}, [buildAction, other]);
  await world.start(definition);
  const id = await world.run();
  await world.building(2);
  world.codebuild.end(world.codebuild.builds[0], 'FAILED');
  await world.acted(id, 'Build', 'Failed');
  await world.start(definition);
  expect(await world.execution(id)).toMatchObject({ status: 'InProgress' });
  world.codebuild.end(world.codebuild.builds[1]);
  await world.reaches(id, 'Failed');
  expect(world.codebuild.builds).toHaveLength(2);
});
