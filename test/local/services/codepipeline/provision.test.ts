import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  actionOfType,
  buildAction,
  pipeline,
  sourceAction,
  World,
} from '../../../support/local/codepipeline.ts';

let world: World;

beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.remove());

const refused = (properties: object, type?: string) =>
  world.provision(properties, type).then(
    () => 'made',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
const configured = (action: { Configuration: object }, more: object) => ({
  ...action,
  Configuration: { ...action.Configuration, ...more },
});
const withSource = (source: object) => ({
  Stages: [
    { Name: 'Source', Actions: [source] },
    { Name: 'Build', Actions: [buildAction] },
  ],
});

it('answers with the name and the version, which a change alone moves on', async () => {
  expect(await world.provision(pipeline())).toEqual({ ref: 'demo', attributes: { Version: '1' } });
  expect(await world.provision(pipeline())).toEqual({ ref: 'demo', attributes: { Version: '1' } });
  expect(await world.provision(pipeline({ ExecutionMode: 'QUEUED' }))).toEqual({
    ref: 'demo',
    attributes: { Version: '2' },
  });
  expect(await world.provision({ ...pipeline(), Name: undefined })).toMatchObject({ ref: 'Test-Pipeline-1' });
});

it.each([
  ['Approval', 'Manual'],
  ['Deploy', 'CloudFormation'],
  ['Source', 'CodeStarSourceConnection'],
  ['Invoke', 'Lambda'],
])('names an action it cannot run: %s by %s', async (category, provider) => {
  expect(await refused(pipeline({}, [actionOfType(category, provider)]))).toMatch(
    new RegExp(`^UnsupportedOperation: .*${category}It.*${provider}`),
  );
});

it('refuses what it would not run as AWS does', async () => {
  const unsupported = (what: string) => expect.stringMatching(new RegExp(`^UnsupportedOperation: .*${what}`));
  expect(await refused(pipeline({ Triggers: [{}] }))).toEqual(unsupported('triggers'));
  expect(await refused(pipeline({ ArtifactStores: [] }))).toEqual(unsupported('ArtifactStores'));
  expect(await refused(pipeline({ DisableInboundStageTransitions: [{}] }))).toEqual(
    unsupported('transitions'),
  );
  const condition = { Name: 'Build', Actions: [buildAction], OnFailure: { Result: 'ROLLBACK' } };
  const Stages = [{ Name: 'Source', Actions: [sourceAction] }, condition];
  expect(await refused(pipeline({ Stages }))).toEqual(unsupported('OnFailure'));
  const polling = configured(sourceAction, { PollForSourceChanges: true });
  expect(await refused(pipeline(withSource(polling)))).toEqual(unsupported('polling'));
  const batch = configured(buildAction, { BatchEnabled: 'true' });
  expect(await refused(pipeline({}, [batch]))).toEqual(unsupported('batch builds'));
  expect(await refused(pipeline({}, [{ ...buildAction, Region: 'eu-west-1' }]))).toEqual(
    unsupported('another region'),
  );
  expect(await refused(pipeline({}, [{ ...buildAction, TimeoutInMinutes: 5 }]))).toEqual(
    unsupported('TimeoutInMinutes'),
  );
  const two = { ...buildAction, OutputArtifacts: [{ Name: 'A' }, { Name: 'B' }] };
  expect(await refused(pipeline({}, [two]))).toEqual(unsupported('more than one'));
  expect(await refused(pipeline({ RestartExecutionOnUpdate: true }))).toEqual(
    unsupported('RestartExecutionOnUpdate'),
  );
  const store = { Type: 'S3', Location: 'store', MadeUp: 1 };
  expect(await refused(pipeline({ ArtifactStore: store }))).toEqual(
    unsupported('the members ArtifactStore.MadeUp of AWS::CodePipeline::Pipeline'),
  );
  const unknown = configured(buildAction, { MadeUp: 'x' });
  expect(await refused(pipeline({}, [unknown]))).toEqual(
    unsupported('MadeUp of the configuration of the action Build'),
  );
  expect(await refused({}, 'AWS::CodePipeline::Webhook')).toEqual(unsupported('Webhook'));
  await expect(world.request('RetryStageExecution', {})).rejects.toMatchObject({
    code: 'UnsupportedOperation',
  });
});

it('takes what changes nothing here', async () => {
  const ArtifactStore = { Type: 'S3', Location: 'store', EncryptionKey: { Id: 'alias/a', Type: 'KMS' } };
  const properties = { ArtifactStore, RestartExecutionOnUpdate: false, Tags: [{ Key: 'a', Value: 'b' }] };
  expect(await refused(pipeline(properties))).toBe('made');
});

it('makes one of type V2 where none is given, as AWS does', async () => {
  expect(await refused(pipeline({ PipelineType: undefined, ExecutionMode: 'QUEUED' }))).toBe('made');
});

it.each([
  ['StartPipelineExecution', { name: 'demo' }],
  ['StopPipelineExecution', { pipelineName: 'demo', pipelineExecutionId: 'x' }],
  ['GetPipeline', { name: 'demo' }],
  ['GetPipelineState', { name: 'demo' }],
  ['GetPipelineExecution', { pipelineName: 'demo', pipelineExecutionId: 'x' }],
  ['ListPipelines', {}],
  ['ListPipelineExecutions', { pipelineName: 'demo' }],
  ['ListActionExecutions', { pipelineName: 'demo' }],
])('refuses a made-up member of %s by name', async (operation, input) => {
  await expect(world.request(operation, { ...input, madeUp: 1 })).rejects.toMatchObject({
    code: 'UnsupportedOperation',
    message: expect.stringContaining(`the members madeUp of codepipeline:${operation}`),
  });
});

it('refuses what AWS refuses', async () => {
  const wrong = (what: string) => expect.stringMatching(new RegExp(`Exception: .*${what}`, 's'));
  const Stages = [{ Name: 'Source', Actions: [sourceAction] }];
  expect(await refused(pipeline({ Stages }))).toEqual(wrong('at Stages'));
  expect(await refused(pipeline({}, [buildAction, buildAction]))).toEqual(wrong('the name Build'));
  expect(await refused(pipeline({}, [{ ...buildAction, InputArtifacts: [{ Name: 'No' }] }]))).toEqual(
    wrong('artifact No'),
  );
  const late = { ...sourceAction, Namespace: 'Late', OutputArtifacts: [{ Name: 'Late' }] };
  expect(await refused(pipeline({}, [late]))).toEqual(wrong('first stage'));
  expect(await refused(pipeline({ PipelineType: 'V1', ExecutionMode: 'QUEUED' }))).toEqual(wrong('V2'));
  expect(await refused(pipeline({}, [{ ...buildAction, Namespace: 'variables' }]))).toEqual(
    wrong('the name variables'),
  );
  const asking = (value: string) =>
    configured(buildAction, {
      EnvironmentVariables: JSON.stringify([{ name: 'A', value, type: 'PLAINTEXT' }]),
    });
  for (const value of ['#{Nobody.Id}', '#{variables.Nope}', 'x #{codepipeline.PipelineExecutionId} #{Own.x}'])
    expect(await refused(pipeline({}, [{ ...asking(value), Namespace: 'Own' }]))).toEqual(
      wrong('asks for #\\{(Nobody|variables|Own)\\.'),
    );
  const stage = (_: unknown, at: number) => ({
    Name: `Stage${at}`,
    Actions: [at === 0 ? sourceAction : { ...buildAction, OutputArtifacts: [] }],
  });
  expect(await refused(pipeline({ Stages: Array.from({ length: 51 }, stage) }))).toEqual(wrong('at Stages'));
  const environment = configured(buildAction, { EnvironmentVariables: '{' });
  expect(await refused(pipeline({}, [environment]))).toEqual(
    wrong('EnvironmentVariables of the action Build'),
  );
  expect(await refused(pipeline({}, [configured(buildAction, { ProjectName: '' })]))).toEqual(
    wrong('configuration of the action Build'),
  );
});
