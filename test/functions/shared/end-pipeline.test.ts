import { beforeEach, describe, expect, it } from 'vitest';
import { runs, startEnd, statusOf } from '../../../functions/shared/end-pipeline.ts';
import { answeredCalls, awsError } from '../../support/functions/answer-calls.ts';
import { templatePipeline } from '../../support/functions/branch-template.ts';
import { pulledState } from '../../support/functions/steps.ts';

const answers = answeredCalls();
const COMMIT = 'a'.repeat(40);
const started: Record<string, unknown>[] = [];
const template = templatePipeline('teardown');
const [source, build] = template.stages ?? [];
const [action] = source?.actions ?? [];

beforeEach(() => {
  started.length = 0;
  Object.assign(process.env, { ARTIFACT_BUCKET: 'artifacts', REFS_TABLE: 'refs' });
  answers.GetPipeline = () => ({ pipeline: template });
  answers.Get = () => ({ Item: { taken: { default: { commit: COMMIT, token: 3 } } } });
  answers.StartPipelineExecution = (input) => {
    started.push(input);
    return { pipelineExecutionId: 'execution-1' };
  };
});

const state = pulledState('refs/heads/topic', {});
const start = (more: object = {}, changed: object = {}) =>
  startEnd({
    ...{ owner: 'arn:me', pipeline: 'teardown', variables: { REF: '{branch}', OTHER: 'x' } },
    state: { ...state, ...changed },
    ...more,
  });
const key = (commit: string) =>
  expect.stringMatching(new RegExp(`^commits/github.com/acme/app/[0-9a-f]{12}/${commit}.zip$`));
const revision = (commit: string) => [
  { actionName: 'Artifact', revisionType: 'S3_OBJECT_KEY', revisionValue: key(commit) },
];

describe('the pipeline of an end is started', () => {
  it('on the last commit that the rule took, with the variables that it declares', async () => {
    expect(await start()).toBe('execution-1');
    expect(started).toEqual([
      {
        name: 'teardown',
        clientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        sourceRevisions: revision(COMMIT),
        variables: [{ name: 'REF', value: 'topic' }],
      },
    ]);
  });

  it('on the commit that is known', async () => {
    const known = 'b'.repeat(40);
    answers.Get = () => Promise.reject(awsError('NobodyAsks'));
    await start({ commit: known, variables: { REF: '{commit} {key} {versionId}!' } });
    expect(started[0]).toMatchObject({
      sourceRevisions: revision(known),
      variables: [{ value: expect.stringMatching(new RegExp(`^${known} commits/.*${known}\\.zip !$`)) }],
    });
  });

  it('by the same token for the same end, and by another for another', async () => {
    for (const more of [{}, {}, { owner: 'arn:other' }, { pipeline: 'cleanup' }]) await start(more);
    const tokens = started.map(({ clientRequestToken }) => clientRequestToken);
    expect(tokens[0]).toBe(tokens[1]);
    expect(new Set(tokens).size).toBe(3);
  });

  it('without variables where none is declared, or has a value', async () => {
    await start({ variables: { OTHER: 'x' } });
    await start({ variables: { REF: '{tag}' } });
    answers.GetPipeline = () => ({ pipeline: { ...template, variables: undefined } });
    await start();
    for (const each of started) expect(each).not.toHaveProperty('variables');
  });

  it('on what it is configured with where nothing else can be said for certain', async () => {
    answers.Get = () => ({});
    await start();
    answers.Get = () => ({ Item: { taken: { other: { commit: COMMIT, token: 3 } } } });
    await start();
    answers.Get = () => ({ Item: { taken: { default: { commit: COMMIT, token: 3 } } } });
    const withTags = { ...state.rule, pull: { ...state.rule.pull, git: { depth: 1, tags: true } } };
    await start({}, { rule: withTags });
    const stagesOf = (...actions: (object | undefined)[]) => [{ ...source, actions }, build];
    const closed = {
      ...action,
      configuration: { ...action?.configuration, AllowOverrideForS3ObjectKey: 'false' },
    };
    for (const stages of [
      stagesOf(action, { ...action, name: 'Other' }),
      stagesOf({ ...action, name: undefined }),
      stagesOf(closed),
      stagesOf({ ...action, configuration: { ...action?.configuration, S3Bucket: 'other' } }),
      stagesOf(),
      [{}],
      undefined,
    ]) {
      answers.GetPipeline = () => ({ pipeline: { ...template, stages } });
      await start();
    }
    expect(started).toHaveLength(10);
    for (const each of started) expect(each.sourceRevisions).toEqual([]);
    const history = { ...state.rule, pull: { ...state.rule.pull, git: { depth: 5, tags: false } } };
    answers.GetPipeline = () => ({ pipeline: template });
    await start({}, { rule: history });
    expect(started.at(-1)?.sourceRevisions).toEqual(revision(COMMIT));
  });

  it('and has no id where CodePipeline tells none', async () => {
    answers.StartPipelineExecution = () => ({});
    expect(await start()).toBe('');
  });
});

it('an execution runs until it says that it has ended, and while it stops', async () => {
  answers.GetPipelineExecution = () => ({ pipelineExecution: { status: 'Failed' } });
  expect(await statusOf('teardown', 'execution-1')).toBe('Failed');
  answers.GetPipelineExecution = () => ({});
  expect(await statusOf('teardown', 'execution-1')).toBe('InProgress');
  const all = ['InProgress', 'Stopping', 'Stopped', 'Succeeded', 'Failed', ''];
  expect(all.filter(runs)).toEqual(['InProgress', 'Stopping']);
});
