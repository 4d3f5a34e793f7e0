import {
  CodePipelineClient,
  CreatePipelineCommand,
  DeletePipelineCommand,
  GetPipelineCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
  ListTagsForResourceCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelineNameFor } from '../../events/pipeline-name.ts';
import { startPipeline } from '../../functions/start-pipeline/start-pipeline.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { aroundCall } from '../support/functions/around-call.ts';
import { templatePipeline } from '../support/functions/branch-template.ts';
import { pulledState, type Steps, startSteps } from '../support/functions/steps.ts';

let steps: Steps;
let codepipeline: CodePipelineClient;

const template = templatePipeline('app');

beforeAll(async () => {
  steps = await startSteps({ realPipelines: true });
  codepipeline = new CodePipelineClient();
  await codepipeline.send(new CreatePipelineCommand({ pipeline: template }));
});
afterAll(async () => {
  codepipeline?.destroy();
  await steps?.close();
});

let token = 0;
async function pulled(branch: string, more: { limit?: number; variables?: Record<string, string> } = {}) {
  token += 1;
  const commit = String(token).padStart(40, '0');
  const artifact = await steps.putArtifact(commit);
  const pipeline = {
    name: 'app',
    prefix: 'app-',
    each: 'branch',
    limit: 25,
    variables: {},
    ...more,
  } as const;
  const pull = { token, commit, tip: commit, tipKey: artifact.key, ...artifact };
  return pulledState(`refs/heads/${branch}`, pull, { pipeline });
}
function nameOf({ rule, delivery }: Pulled): string {
  const made = rule.pipeline && pipelineNameFor(rule.pipeline, { delivery, values: {} });
  return made && 'name' in made ? made.name : '';
}
const runsOf = async (pipelineName: string) =>
  (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries ??
  [];
const declared = async (name: string) => (await codepipeline.send(new GetPipelineCommand({ name }))).pipeline;
const start = (state: Pulled, executionArn = `execution-${state.pull.commit}`) =>
  startPipeline({ executionArn, state });
const copies = async () =>
  ((await codepipeline.send(new ListPipelinesCommand({}))).pipelines ?? []).filter(
    ({ name }) => name !== 'app',
  );

describe('the first push of a branch', () => {
  it('that broke off after the pipeline was made finds the execution that began by itself', async () => {
    const state = await pulled('broken');
    const broken = aroundCall(
      'CreatePipeline',
      { after: () => Promise.reject(new Error('the connection was cut')) },
      () => start(state),
    );
    await expect(broken).rejects.toThrow('the connection was cut');
    const [first, ...others] = await runsOf(nameOf(state));
    expect(others).toEqual([]);
    expect(await start(state)).toEqual({ name: nameOf(state), executionId: first?.pipelineExecutionId });
    expect(await runsOf(nameOf(state))).toHaveLength(1);
  });

  it('that broke off is found by another delivery of the commit too', async () => {
    const state = await pulled('told-twice');
    const broken = aroundCall(
      'ListPipelineExecutions',
      { before: () => Promise.reject(new Error('killed')) },
      () => start(state),
    );
    await expect(broken).rejects.toThrow('killed');
    const { executionId } = await start(state, 'another');
    expect(await runsOf(nameOf(state))).toMatchObject([{ pipelineExecutionId: executionId }]);
    await expect(start(state, 'a third')).rejects.toMatchObject({ name: 'Unchanged' });
  });

  /** Lets CodePipeline show no execution, for so many looks. */
  const unseen = <T>(looks: number, work: () => Promise<T>): Promise<T> =>
    looks === 0
      ? work()
      : aroundCall('ListPipelineExecutions', { instead: {} }, () => unseen(looks - 1, work));

  it('is looked for until it shows: CodePipeline shows the first execution a moment late', async () => {
    const state = await pulled('late');
    const { executionId } = await unseen(1, () => start(state));
    expect(await runsOf(nameOf(state))).toMatchObject([{ pipelineExecutionId: executionId }]);
  });

  it('is RefBusy where it does not show, and found when another delivery tells of the commit', async () => {
    const state = await pulled('later-still');
    await expect(unseen(4, () => start(state))).rejects.toMatchObject({
      name: 'RefBusy',
      message: `the pipeline ${nameOf(state)} was made and has not started itself yet; it is looked at again`,
    });
    const { executionId } = await start(state, 'another');
    expect(await runsOf(nameOf(state))).toMatchObject([{ pipelineExecutionId: executionId }]);
  });

  it('never goes above the limit, also when two branches come at once', async () => {
    const before = (await copies()).length;
    const states = await Promise.all(
      ['a', 'b', 'c'].map((name) => pulled(`at-once/${name}`, { limit: before + 1 })),
    );
    // The second waits for the first; the machine tries it again.
    const tried = async (state: Pulled): Promise<string> => {
      try {
        return (await start(state)).executionId === '' ? 'none' : 'started';
      } catch (error) {
        const name = error instanceof Error ? error.name : '';
        return name === 'RefBusy' ? tried(state) : name;
      }
    };
    expect((await Promise.all(states.map(tried))).sort()).toEqual([
      'PipelineLimit',
      'PipelineLimit',
      'started',
    ]);
    expect(await copies()).toHaveLength(before + 1);
  });

  it('of a name that no tag holds makes nothing, and says how long a name may be', async () => {
    const state = await pulled('x'.repeat(300));
    await expect(start(state)).rejects.toMatchObject({
      name: 'PipelineMissing',
      message: `${state.delivery.ref} is too long for the tags of a pipeline; give the branch a name of some 200 characters at most`,
    });
  });

  it('is PipelineLimit where the account has no place for one, and no other error of AWS is', async () => {
    const refused = (name: string) => () =>
      Promise.reject(Object.assign(new Error('1000 pipelines'), { name }));
    const made = async (branch: string, name: string) => {
      const state = await pulled(branch);
      return aroundCall('CreatePipeline', { before: refused(name) }, () => start(state));
    };
    await expect(made('no-place', 'LimitExceededException')).rejects.toMatchObject({
      name: 'PipelineLimit',
      message:
        'the account has as many pipelines as it may; delete some or have the quota raised, and redeliver: 1000 pipelines',
      cause: { name: 'LimitExceededException' },
    });
    await expect(made('not-now', 'ThrottlingException')).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
  });

  it('says what the template lacks for the rule, and makes nothing', async () => {
    const state = await pulled('unknown-variable', { variables: { NO: 'x' } });
    await expect(start(state)).rejects.toMatchObject({
      name: 'PipelineSource',
      message: expect.stringContaining('the template app has no variable NO'),
    });
    expect((await copies()).map(({ name }) => name)).not.toContain(nameOf(state));
  });
});

describe('a later push of a branch', () => {
  it('runs in the same pipeline, which follows its template', async () => {
    const first = await pulled('later', { variables: { REF: '{branch}' } });
    await start(first);
    await start(await pulled('later', { variables: { REF: '{branch}' } }));
    expect(await declared(nameOf(first))).toMatchObject({ version: 1 });
    await codepipeline.send(
      new UpdatePipelineCommand({ pipeline: { ...template, executionMode: 'QUEUED' } }),
    );
    for (let time = 0; time < 2; time += 1) await start(await pulled('later'));
    expect(await declared(nameOf(first))).toMatchObject({ version: 2, executionMode: 'QUEUED' });
    expect(await runsOf(nameOf(first))).toHaveLength(4);
    await codepipeline.send(new UpdatePipelineCommand({ pipeline: template }));
  });

  it('that broke off is asked for with its own values by another delivery of the commit', async () => {
    await start(await pulled('own-values'));
    const state = await pulled('own-values', { variables: { REF: '{deliveryId}' } });
    const lost = { after: () => Promise.reject(new Error('the connection was cut')) };
    const broken = aroundCall('StartPipelineExecution', lost, () => start(state));
    await expect(broken).rejects.toThrow('the connection was cut');
    const other = { ...state, delivery: { ...state.delivery, id: 'd-2' } };
    const { executionId } = await start(other, 'another');
    const runs = await runsOf(nameOf(state));
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ pipelineExecutionId: executionId });
  });

  it('makes the pipeline again that somebody has deleted', async () => {
    const first = await pulled('deleted');
    await start(first);
    await codepipeline.send(new DeletePipelineCommand({ name: nameOf(first) }));
    await start(await pulled('deleted'));
    expect(await runsOf(nameOf(first))).toMatchObject([{ trigger: { triggerType: 'CreatePipeline' } }]);
  });
});

describe('a pipeline of the same name that is not ours', () => {
  it.each([
    ['without tags', []],
    ['of another Hookline', undefined],
  ])('%s is never touched', async (title, tags) => {
    const state = await pulled(`theirs-${title}`);
    const name = nameOf(state);
    await start(await pulled('pattern'));
    const like = await codepipeline.send(
      new ListTagsForResourceCommand({
        resourceArn: `arn:aws:codepipeline:us-east-1:000000000000:${nameOf(await pulled('pattern'))}`,
      }),
    );
    const others = (like.tags ?? []).map((tag) =>
      tag.key === 'hookline' ? { ...tag, value: 'staging' } : tag,
    );
    await codepipeline.send(
      new CreatePipelineCommand({ pipeline: { ...template, name }, tags: tags ?? others }),
    );
    await expect(start(state)).rejects.toMatchObject({
      name: 'PipelineNotOurs',
      message: expect.stringContaining(name),
    });
    expect(await declared(name)).toMatchObject({ version: 1 });
    expect(await runsOf(name)).toHaveLength(1);
  });
});
