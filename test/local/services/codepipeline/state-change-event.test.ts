import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ADMINISTRATOR } from '../../../../local/core/account-and-region.ts';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(() => {
  world = new World();
  world.s3.put('sources', 'app.zip', 'bytes');
});
afterEach(() => world.remove());

const toldSchema = z.object({ Entries: z.tuple([z.looseObject({ Detail: z.string() })]) });
const detailSchema = z.looseObject({ state: z.string(), 'execution-id': z.string() });

/** The details of the events of an execution, in the order in which they were told. */
const detailsOf = (id: string) =>
  world.told
    .map((input) => detailSchema.parse(JSON.parse(toldSchema.parse(input).Entries[0].Detail)))
    .filter((detail) => detail['execution-id'] === id);

const statesOf = (id: string) => detailsOf(id).map(({ state }) => state);

const stop = (pipelineExecutionId: string, more: object = {}) =>
  world.request('StopPipelineExecution', { pipelineName: 'demo', pipelineExecutionId, ...more });

describe('the default bus is told', () => {
  it('when an execution starts and succeeds, as AWS documents it', async () => {
    await world.start(pipeline());
    const id = await world.run();
    world.codebuild.end(await world.building(1));
    await expect.poll(() => statesOf(id)).toEqual(['STARTED', 'SUCCEEDED']);
    expect(toldSchema.parse(world.told[0]).Entries[0]).toMatchObject({
      Source: 'aws.codepipeline',
      DetailType: 'CodePipeline Pipeline Execution State Change',
      Resources: ['arn:aws:codepipeline:us-east-1:000000000000:demo'],
    });
    const always = {
      pipeline: 'demo',
      'execution-id': id,
      'start-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      version: 1,
      'pipeline-execution-attempt': 1,
    };
    const trigger = {
      'trigger-type': 'StartPipelineExecution',
      'trigger-detail': ADMINISTRATOR,
    };
    expect(detailsOf(id)).toEqual([
      { ...always, state: 'STARTED', 'execution-trigger': trigger },
      { ...always, state: 'SUCCEEDED' },
    ]);
  });

  it('of one that fails, and of one that is superseded', async () => {
    await world.start(pipeline());
    const [first, second, third] = [await world.run(), await world.run(), await world.run()];
    world.codebuild.end(await world.building(1), 'FAILED');
    await expect.poll(() => statesOf(first)).toEqual(['STARTED', 'FAILED']);
    await expect.poll(() => statesOf(second)).toEqual(['STARTED', 'SUPERSEDED']);
    expect(statesOf(third)).toEqual(['STARTED']);
  });

  it('of one that is stopped, with the reason', async () => {
    await world.start(pipeline({ ExecutionMode: 'QUEUED' }));
    const [first, waiting] = [await world.run(), await world.run()];
    await world.building(1);
    await stop(waiting);
    await stop(first, { abandon: true, reason: 'a wrong commit' });
    await expect.poll(() => statesOf(first).sort()).toEqual(['STARTED', 'STOPPED', 'STOPPING']);
    expect(detailsOf(first)).toContainEqual(
      expect.objectContaining({ state: 'STOPPING', 'stop-execution-comments': 'a wrong commit' }),
    );
    await expect.poll(() => statesOf(waiting)).toEqual(['STARTED', 'STOPPED']);
  });

  it('at the next start of what could not be told', async () => {
    const { putEvents } = world;
    world.putEvents = () => {
      throw new AwsError('InternalException', 'the disk is full', 500);
    };
    await world.start(pipeline());
    const id = await world.run();
    await expect.poll(() => world.warnings.join()).toContain('the disk is full');
    world.putEvents = putEvents;
    await world.start(pipeline());
    expect(statesOf(id)).toEqual(['STARTED']);
  });
});
