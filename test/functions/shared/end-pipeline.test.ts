import { S3ServiceException } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { isLastEnd, newEnd, runs, startRecorded, statusOf } from '../../../functions/shared/end-pipeline.ts';
import { answeredCalls, awsError, codePipelineError } from '../../support/functions/answer-calls.ts';
import { templatePipeline } from '../../support/functions/branch-template.ts';
import { pulledState } from '../../support/functions/steps.ts';

const answers = answeredCalls();
const COMMIT = 'a'.repeat(40);
const OTHERS = `commits/github.com/acme/app/0123456789ab/${'c'.repeat(40)}.zip`;
const started: Record<string, unknown>[] = [];
const written: unknown[] = [];
const heads: unknown[] = [];
const template = templatePipeline('teardown');
const [source, build] = template.stages ?? [];
const [action] = source?.actions ?? [];

/** What the rule has taken last of the ref. */
const taken = (more: object = {}) => {
  answers.Get = () => ({ Item: { taken: { default: { commit: COMMIT, token: 3, ...more } } } });
};

beforeEach(() => {
  for (const list of [started, written, heads]) list.length = 0;
  Object.assign(process.env, { ARTIFACT_BUCKET: 'artifacts', REFS_TABLE: 'refs' });
  answers.GetPipeline = () => ({ pipeline: template });
  taken();
  answers.HeadObject = ({ Key }) => {
    heads.push(Key);
    return {};
  };
  answers.Update = ({ UpdateExpression, ExpressionAttributeValues }) => {
    if (!String(UpdateExpression).includes('if_not_exists'))
      written.push(Object(ExpressionAttributeValues)[':value']);
    return {};
  };
  answers.StartPipelineExecution = (input) => {
    started.push(input);
    return { pipelineExecutionId: 'execution-1' };
  };
});

const s3Error = (httpStatusCode: number): S3ServiceException =>
  new S3ServiceException({ name: 'Unknown', $fault: 'server', $metadata: { httpStatusCode } });

const state = pulledState('refs/heads/topic', {});
const VARIABLES = { REF: '{branch}', OTHER: 'x' };
const end = (changed: object = {}, variables: Record<string, string> = VARIABLES, owner = 'arn:me') =>
  newEnd(owner, { ...state, ...changed }, variables);
const record = { id: 'starts', owner: 'arn:lease', name: 'topic' };
const start = async (
  changed: object = {},
  variables: Record<string, string> = VARIABLES,
  { owner = 'arn:me', pipeline = 'teardown' } = {},
) => startRecorded(record, pipeline, await end(changed, variables, owner));
const key = (commit: string) =>
  expect.stringMatching(new RegExp(`^commits/github.com/acme/app/[0-9a-f]{12}/${commit}.zip$`));
const revision = (value: unknown) => [
  { actionName: 'Artifact', revisionType: 'S3_OBJECT_KEY', revisionValue: value },
];

describe('the pipeline of an end is started', () => {
  it('on the last commit that the rule took, with the variables that it declares', async () => {
    expect(await start()).toMatchObject({ executionId: 'execution-1', commit: COMMIT });
    expect(started).toEqual([
      {
        name: 'teardown',
        clientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        sourceRevisions: revision(key(COMMIT)),
        variables: [{ name: 'REF', value: 'topic' }],
      },
    ]);
  });

  it('on the artifact that stands for that commit, though it is another one’s', async () => {
    taken({ key: OTHERS });
    await start({}, { REF: '{commit} {key} {versionId}!' });
    expect(started[0]).toMatchObject({
      sourceRevisions: revision(OTHERS),
      variables: [{ value: `${COMMIT} ${OTHERS} !` }],
    });
    expect(heads).toEqual([OTHERS]);
  });

  it('on what it is configured with once that artifact has expired', async () => {
    taken({ key: OTHERS });
    answers.HeadObject = () => Promise.reject(s3Error(404));
    expect(await start({}, { REF: '{commit}{key}' })).toMatchObject({ commit: COMMIT, key: '' });
    expect(started).toMatchObject([{ sourceRevisions: [], variables: [{ value: COMMIT }] }]);
  });

  it.each([
    [503, 'ServiceUnavailable'],
    [403, 'Unknown'],
  ])('not while S3 answers %i: by its name, the machine tries again what may pass', async (status, name) => {
    answers.HeadObject = () => Promise.reject(s3Error(status));
    await expect(start()).rejects.toMatchObject({ name });
    expect([started, written]).toEqual([[], []]);
  });

  it('by the same token for the same end, and by another for another', async () => {
    for (const by of [{}, {}, { owner: 'arn:other' }, { pipeline: 'cleanup' }])
      await start({}, VARIABLES, by);
    const tokens = started.map(({ clientRequestToken }) => clientRequestToken);
    expect(tokens[0]).toBe(tokens[1]);
    expect(new Set(tokens).size).toBe(3);
  });

  it('without variables where none is declared, or has a value', async () => {
    await start({}, { OTHER: 'x' });
    await start({}, { REF: '{tag}' });
    answers.GetPipeline = () => ({ pipeline: { ...template, variables: undefined } });
    await start();
    for (const each of started) expect(each).not.toHaveProperty('variables');
  });

  it('on what it is configured with where nothing else can be said for certain', async () => {
    answers.Get = () => ({});
    await start();
    answers.Get = () => ({ Item: { taken: { other: { commit: COMMIT, token: 3 } } } });
    await start();
    taken();
    const withTags = { ...state.rule, pull: { ...state.rule.pull, git: { depth: 1, tags: true } } };
    await start({ rule: withTags });
    expect(heads).toEqual([]);
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
    await start({ rule: history });
    expect(started.at(-1)?.sourceRevisions).toEqual(revision(key(COMMIT)));
  });

  it('and has no id where CodePipeline tells none', async () => {
    answers.StartPipelineExecution = () => ({});
    expect(await start()).toMatchObject({ executionId: '' });
  });
});

describe('what is on record of an end', () => {
  it('is by what it was started, and no more of it once it has an execution', async () => {
    taken({ key: OTHERS, counter: 'one' });
    const { variables, ...others } = await end({ replayName: 'again' });
    expect(variables).toEqual([
      { name: 'REF', value: 'topic' },
      { name: 'OTHER', value: 'x' },
    ]);
    expect(others).toEqual({
      ...{ owner: 'arn:me', executionId: '', commit: COMMIT, key: OTHERS, taken: 3, counter: 'one' },
      ...{ until: 0, delivery: 'd-1', replayName: 'again', told: [], failed: false },
    });
    await start({ replayName: 'again' });
    expect(written).toEqual([{ ...others, executionId: 'execution-1' }]);
  });

  it('is what was there before where CodePipeline refuses it, and stays where another try may start it', async () => {
    const [begun, before] = [await end(), { ...(await end()), executionId: 'earlier' }];
    const refused = (error: Error) => {
      answers.StartPipelineExecution = () => Promise.reject(error);
      return expect(startRecorded(record, 'teardown', begun, before)).rejects.toBe(error);
    };
    for (const error of [codePipelineError('ThrottlingException'), awsError('TimeoutError')])
      await refused(error);
    expect(written).toEqual([]);
    await refused(codePipelineError('AccessDeniedException'));
    expect(written).toEqual([before]);
  });
});

describe('an end of a ref', () => {
  it('is the last one until the rule takes another commit', async () => {
    const before = await end();
    expect(await isLastEnd(before, state)).toBe(true);
    taken({ token: 4 });
    expect(await isLastEnd(before, state)).toBe(false);
  });

  it('is another one’s where its token is of other options of the pull', async () => {
    taken({ counter: 'one' });
    const before = await end();
    taken({ counter: 'other' });
    expect(await isLastEnd(before, state)).toBe(false);
    // Another release has not recorded whose token it is.
    expect(await isLastEnd({ ...before, counter: undefined }, state)).toBe(true);
  });

  it('of which nothing was ever taken is the last one', async () => {
    answers.Get = () => ({});
    const before = await end();
    expect(before).toMatchObject({ taken: 0, counter: '', commit: '', key: '' });
    expect(await isLastEnd(before, state)).toBe(true);
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
