import { afterEach, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { pipeline, World } from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  world.s3.put('sources', 'app.zip', 'bytes');
  world.s3.put('sources', 'feature.zip', 'of the feature');
  await world.start(pipeline({ Tags: [{ Key: 'team', Value: 'blue' }] }));
});
afterEach(() => world.remove());

const arn = (name: string) => `arn:aws:codepipeline:us-east-1:000000000000:${name}`;
const shown = z.looseObject({ pipeline: z.record(z.string(), z.unknown()) });
const get = async (name: string) => shown.parse(await world.request('GetPipeline', { name })).pipeline;

/** The pipeline `demo` under another name, with another object as its source. */
async function copy(name = 'copy', more: object = {}) {
  const declared = await get('demo');
  const text = JSON.stringify(declared).replace('app.zip', 'feature.zip');
  const { version: _, ...rest } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return { ...rest, name, ...more };
}
const tags = [{ key: 'hookline', value: 'it' }];
const create = async (name?: string, more?: object) =>
  world.request('CreatePipeline', { pipeline: await copy(name, more), tags });
const tagsOf = (name: string) => world.request('ListTagsForResource', { resourceArn: arn(name) });
const refused = (request: Promise<unknown>) =>
  request.then(
    () => 'done',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

it('makes a pipeline, which starts by itself on the source that it is configured with', async () => {
  expect(await create()).toEqual({ pipeline: { ...(await copy()), version: 1 }, tags });
  const { input } = await world.building(1);
  expect(world.s3.text(input.sourceLocationOverride)).toBe('of the feature');
  expect(await world.request('ListPipelineExecutions', { pipelineName: 'copy' })).toMatchObject({
    pipelineExecutionSummaries: [{ trigger: { triggerType: 'CreatePipeline' }, status: 'InProgress' }],
  });
  expect(await world.request('ListPipelines', {})).toMatchObject({
    pipelines: [{ name: 'copy' }, { name: 'demo' }],
  });
});

it('refuses a second pipeline of the name, whoever made the first', async () => {
  await create();
  expect(await refused(create())).toMatch(/^PipelineNameInUseException/);
  expect(await refused(create('demo'))).toMatch(/^PipelineNameInUseException/);
});

it('gives every update the next version, and starts nothing', async () => {
  await create();
  const changed = await copy('copy', { executionMode: 'QUEUED', version: 1 });
  expect(await world.request('UpdatePipeline', { pipeline: changed })).toMatchObject({
    pipeline: { version: 2, executionMode: 'QUEUED' },
  });
  await world.request('UpdatePipeline', { pipeline: changed });
  expect(await get('copy')).toMatchObject({ version: 3 });
  expect(await world.request('ListPipelineExecutions', { pipelineName: 'copy' })).toMatchObject({
    pipelineExecutionSummaries: [{ trigger: { triggerType: 'CreatePipeline' } }],
  });
  expect(await refused(world.request('UpdatePipeline', { pipeline: await copy('none') }))).toMatch(
    /^PipelineNotFoundException/,
  );
});

it('deletes a pipeline with what runs of it, once and for all', async () => {
  await create();
  await world.building(1);
  expect(await world.request('DeletePipeline', { name: 'copy' })).toEqual({});
  expect(await world.request('DeletePipeline', { name: 'copy' })).toEqual({});
  expect(await refused(get('copy'))).toMatch(/^PipelineNotFoundException/);
  expect(await refused(tagsOf('copy'))).toMatch(/^ResourceNotFoundException/);
  expect(world.codebuild.builds.map(({ buildStatus }) => buildStatus)).toEqual(['STOPPED']);
  await create();
  expect(await get('copy')).toMatchObject({ version: 1 });
  expect(await world.request('ListPipelineExecutions', { pipelineName: 'copy' })).toMatchObject({
    pipelineExecutionSummaries: [{ status: 'InProgress' }],
  });
});

it('keeps made pipelines over a restart, beside those of the template', async () => {
  await create();
  await world.building(1);
  await world.start(pipeline());
  expect(await get('copy')).toMatchObject({ version: 1 });
  expect(await tagsOf('copy')).toEqual({ tags });
  world.codebuild.end(await world.building(1));
  const { pipelineExecutionSummaries: all } = z
    .object({ pipelineExecutionSummaries: z.array(z.looseObject({ pipelineExecutionId: z.string() })) })
    .parse(await world.request('ListPipelineExecutions', { pipelineName: 'copy' }));
  expect(all).toHaveLength(1);
  await world.request('DeletePipeline', { name: 'copy' });
  await world.start(pipeline());
  expect(await refused(get('copy'))).toMatch(/^PipelineNotFoundException/);
});

it('adds, changes and removes tags', async () => {
  expect(await tagsOf('demo')).toEqual({ tags: [{ key: 'team', value: 'blue' }] });
  await create();
  const resourceArn = arn('copy');
  await world.request('TagResource', {
    resourceArn,
    tags: [
      { key: 'hookline', value: 'b' },
      { key: 'x', value: '' },
    ],
  });
  await world.request('UntagResource', { resourceArn, tagKeys: ['x', 'none'] });
  expect(await tagsOf('copy')).toEqual({ tags: [{ key: 'hookline', value: 'b' }] });
  const tag = (key: string, value: string) =>
    refused(world.request('TagResource', { resourceArn, tags: [{ key, value }] }));
  expect(await tag('aws:x', 'y')).toMatch(/^InvalidTagsException/);
  expect(await tag('ref', 'a#b')).toMatch(/^InvalidTagsException/);
  const many = Array.from({ length: 51 }, (_, at) => ({ key: `k${at}`, value: '' }));
  expect(await refused(world.request('TagResource', { resourceArn, tags: many }))).toMatch(
    /^TooManyTagsException/,
  );
  expect(await refused(world.request('ListTagsForResource', { resourceArn: 'copy' }))).toMatch(
    /^InvalidArnException/,
  );
});

it('refuses by name what it does not do', async () => {
  const named = (what: string) => expect.stringMatching(new RegExp(`^UnsupportedOperation: .*${what}`));
  expect(await refused(create('copy', { triggers: [{}] }))).toEqual(named('triggers'));
  expect(await refused(create('copy', { madeUp: 1 }))).toEqual(named('madeUp'));
  expect(await refused(create('copy', { variables: [{ name: 'REF' }] }))).toEqual(
    named('REF has no default'),
  );
  expect(await refused(world.request('UpdatePipeline', { pipeline: await copy('demo') }))).toEqual(
    named('template'),
  );
  expect(await refused(world.request('DeletePipeline', { name: 'demo' }))).toEqual(named('template'));
});
