import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { diagnoseSchema } from '../../functions/diagnose/diagnose.ts';
import { READ_AGAIN_MS } from '../../functions/shared/cache.ts';
import { LEASE_MS } from '../../functions/shared/lease.ts';
import { CLOCK_MS } from '../../functions/shared/verify.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { STATUS_RETRIES, STATUSES_SECONDS } from '../../statemachine/commit-statuses.ts';
import { pullResultSchema } from '../../statemachine/payloads.ts';
import { pullExports } from '../../statemachine/pull-exports.ts';
import { settingsOldRetry } from '../../statemachine/settings-old.ts';
import {
  COPY_SECONDS,
  inProgressRetry,
  REPORT_SECONDS,
  START_SECONDS,
  STEP_SECONDS,
} from '../../statemachine/states.ts';
import { TEARDOWN_WAIT_SECONDS } from '../../statemachine/take-down.ts';
import { definition } from '../support/definition.ts';
import { previous } from '../support/functions/releases.ts';
import { FunctionError, type Functions, setUps } from '../support/local/states.ts';

const { setUp, remove } = setUps();
afterAll(remove);

const thrown = (errorType: string, errorMessage = 'because') =>
  new FunctionError({ errorType, errorMessage, trace: [] });

// The wait is between 0 and as long as this, so next to nothing in the mean.
const ONCE = { MaxAttempts: 1, IntervalSeconds: 1, MaxDelaySeconds: 2, JitterStrategy: 'FULL' };

const validated = (more: object = {}, rule: object = {}) => ({
  delivery: { provider: 'github', host: 'github.com', id: 'd-1', event: 'push', ref: 'refs/heads/main' },
  values: {},
  reason: 'it is a push',
  asked: { values: [], paths: ['src/**'] },
  rule: {
    name: 'default',
    pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
    pipeline: { name: 'deploy', variables: {} },
    status: true,
    superseded: 'stop',
    asksFor: [],
    ...rule,
  },
  route: 'pull',
  replayName: '',
  time: '2026-01-01T00:00:00Z',
  key: 'default#github.com#d-1#',
  ...more,
});

const published =
  (outcome: string, startPipeline = false) =>
  () => ({
    outcome,
    commit: 'c',
    pointer: 'p',
    startPipeline,
  });

const claimed = (outcome: string) => () => ({ outcome, executionArn: 'me' });

const working: Functions = {
  validate: () => validated(),
  claim: claimed('Claimed'),
  publish: published('Published', true),
  retire: published('RefRetired'),
  'start-pipeline': () => ({ name: 'deploy', executionId: 'e-1' }),
  report: () => ({ status: 'written', reason: '', error: 'OwnName', message: 'what to change' }),
  diagnose: () => diagnosis(),
};

const diagnosis = (more: object = {}) => ({
  Error: 'RepositoryMissing',
  Cause: 'there is no such repository',
  again: false,
  seconds: 1,
  attempts: 1,
  since: '2026-01-01T00:00:00.000Z',
  mergeSince: '',
  pulled: '',
  ...more,
});

const machineSchema = z.looseObject({
  States: z.record(z.string(), z.looseObject({ Retry: z.array(z.looseObject({})).optional() })),
});
const machine = machineSchema.parse(definition);

/** The machine, whose retries are one, after a moment, and whose waits are none. */
const hurried = {
  ...machine,
  States: Object.fromEntries(
    Object.entries(machine.States).map(([name, { Retry, Seconds, ...state }]) => [
      name,
      {
        ...state,
        ...(Seconds !== undefined && { Seconds: 0 }),
        ...(Retry && { Retry: Retry.map((retrier) => ({ ...retrier, ...ONCE })) }),
      },
    ]),
  ),
};

/** A CodeBuild whose builds have ended so when they are asked for, the last of these for all that come later. */
function builds(statuses: readonly string[], exports: readonly string[] = pullExports) {
  const started: unknown[] = [];
  const exported = exports.map((name) => ({ name, value: `value of ${name}` }));
  return {
    started,
    operations: {
      StartBuild: (input: unknown) => {
        started.push(input);
        return { build: { id: 'b:1', buildStatus: 'IN_PROGRESS' } };
      },
      BatchGetBuilds: () => ({
        builds: [
          {
            id: 'b:1',
            buildStatus: statuses[started.length - 1] ?? statuses.at(-1),
            exportedEnvironmentVariables: exported,
          },
        ],
      }),
      StopBuild: () => ({}),
    },
  };
}

async function run(
  functions: Functions,
  statuses = 'SUCCEEDED',
  input: unknown = { raw: true },
  exports?: readonly string[],
) {
  const { operations, started } = builds(statuses.split(' '), exports);
  const { start, ended, history } = await setUp(hurried, { ...working, ...functions }, operations);
  const arn = await start(input);
  const { status, error, cause, output } = await ended(arn);
  const path = (await history(arn)).flatMap(
    (event) => (event.stateEnteredEventDetails as { name: string } | undefined)?.name ?? [],
  );
  return { status, error, cause, output: output && JSON.parse(output), path, started };
}

const start = ['Validate', 'Claim', 'Route'];
const pulled = [...start, 'ReportPending', 'Pull', 'Publish', 'Published?'];

const OWN_REF = {
  provider: 'github',
  host: 'github.com',
  id: 'd-1',
  event: 'pull_request',
  ref: 'refs/pull/1/head',
};
const OWN = { pipeline: { name: 'app', each: 'branch', variables: {} } };
const ended = (outcome: string) => ({
  ...{ name: 'teardown', executionId: 'e-2', seconds: 0, since: '2026-01-01T00:00:00.000Z' },
  outcome,
});

const succeeding: readonly [string, Functions, readonly string[]][] = [
  [
    'a ping ends in Pong, which its claim has recorded',
    { validate: () => validated({ route: 'ping' }), claim: claimed('Pong') },
    [...start, 'Pong'],
  ],
  [
    'an event that no route takes ends in Ignored, which its claim has recorded',
    { validate: () => validated({ route: 'ignored' }), claim: claimed('Ignored') },
    [...start, 'Ignored'],
  ],
  [
    'a ping that a claim of another release has not recorded is reported, and not pulled',
    { validate: () => validated({ route: 'ping' }) },
    [...start, 'Report Ignored', 'Ignored'],
  ],
  [
    'an event that no route takes and that a claim of another release has not recorded is reported',
    { validate: () => validated({ route: 'ignored' }) },
    [...start, 'Report Ignored', 'Ignored'],
  ],
  [
    'a delivery that another execution holds ends in Duplicate, its record untouched',
    { claim: () => ({ outcome: 'Duplicate', executionArn: 'other' }) },
    [...start, 'Duplicate'],
  ],
  [
    'a ref that stands at the commit ends in Unchanged',
    { claim: claimed('Unchanged') },
    [...start, 'Report Unchanged', 'Unchanged'],
  ],
  [
    'a push ends in PipelineStarted',
    {},
    [...pulled, 'StartPipeline', 'Report PipelineStarted', 'PipelineStarted'],
  ],
  [
    'a rule without a status says nothing before the pull',
    { validate: () => validated({}, { status: false }) },
    [...start, 'Pull', 'Publish', 'Published?', 'StartPipeline', 'Report PipelineStarted', 'PipelineStarted'],
  ],
  [
    'a push that follows another one closely waits, where older ones give way, and is then pulled as any other',
    { claim: claimed('Following') },
    [...start, 'Settle', 'Settled', ...pulled.slice(start.length)].concat(
      'StartPipeline',
      'Report PipelineStarted',
      'PipelineStarted',
    ),
  ],
  [
    'a rule without a pipeline ends in Published',
    { validate: () => validated({}, { pipeline: undefined }) },
    [...pulled, 'Report Published', 'Published'],
  ],
  [
    'a ref that moved on ends in Superseded, without a pipeline',
    { publish: published('Superseded') },
    [...pulled, 'Report Superseded', 'Superseded'],
  ],
  [
    'a commit that the ref does not hold ends in Superseded, whatever the rule says of such',
    { publish: () => thrown('CommitNotOnRef') },
    [...start, 'ReportPending', 'Pull', 'Publish', 'Report Superseded', 'Superseded'],
  ],
  [
    'a rule may start the pipeline for a superseded delivery',
    { publish: published('Superseded', true) },
    [...pulled, 'StartPipeline', 'Report PipelineStarted', 'PipelineStarted'],
  ],
  [
    'a pipeline that a newer delivery started ends in Superseded',
    { 'start-pipeline': () => thrown('Superseded') },
    [...pulled, 'StartPipeline', 'Report Superseded', 'Superseded'],
  ],
  [
    'a pipeline that was started on the commit before ends in Unchanged',
    { 'start-pipeline': () => thrown('Unchanged') },
    [...pulled, 'StartPipeline', 'Report Unchanged', 'Unchanged'],
  ],
  [
    'a delivery that gave way to a newer one is pulled when that one has come to nothing',
    {
      publish: (() => {
        let looks = 0;
        return () =>
          looks++ === 0 ? thrown('NewerUnderWay') : published(looks === 2 ? 'Behind' : 'Published')();
      })(),
      validate: () => validated({}, { pipeline: undefined }),
    },
    [...pulled, 'Pull', 'Publish', 'Published?', 'Report Published', 'Published'],
  ],
  [
    'a commit that the pull finds filtered out ends in Ignored',
    { publish: published('Ignored') },
    [...pulled, 'Report Ignored', 'Ignored'],
  ],
  [
    'a ref deleted before the pull ends in RefGone',
    { publish: published('RefGone') },
    [...pulled, 'Report RefGone', 'RefGone'],
  ],
  [
    'a deletion ends in RefRetired',
    { validate: () => validated({ route: 'retire' }) },
    [...start, 'ConfirmGone', 'Retire', 'Retired?', 'Report RefRetired', 'RefRetired'],
  ],
  [
    'a deletion of a branch with a pipeline of its own ends in PipelineDeleted, once its teardown has ended',
    {
      validate: () => validated({ route: 'retire' }, OWN),
      'take-down': (() => {
        let looks = 0;
        return () => ended(looks++ === 0 ? 'Runs' : 'PipelineDeleted');
      })(),
    },
    [
      ...[...start, 'ConfirmGone', 'Retire', 'Retired?'],
      ...['TakeDown', 'TakenDown?', 'Wait for teardown', 'TakeDown', 'TakenDown?'],
      ...['Report PipelineDeleted', 'PipelineDeleted'],
    ],
  ],
  [
    'a deletion starts the pipeline that the rule has for it',
    {
      validate: () => validated({ route: 'retire' }, { 'on-delete': { pipeline: 'cleanup', variables: {} } }),
      'take-down': () => ended('PipelineStarted'),
    },
    [
      ...[...start, 'ConfirmGone', 'Retire', 'Retired?', 'TakeDown', 'TakenDown?'],
      ...['Report PipelineStarted', 'PipelineStarted'],
    ],
  ],
  [
    'a closed request starts the pipeline that the rule has for it, with no look at the ref',
    {
      validate: () => validated({ route: 'close' }, { 'on-close': { pipeline: 'cleanup', variables: {} } }),
      'take-down': () => ended('PipelineStarted'),
    },
    [...start, 'TakeDown', 'TakenDown?', 'Report PipelineStarted', 'PipelineStarted'],
  ],
  [
    'a closed request of its own ref ends in RefRetired, with no look at the ref',
    {
      validate: () =>
        validated(
          { route: 'close', delivery: OWN_REF },
          { 'on-delete': { pipeline: 'cleanup', variables: {} } },
        ),
    },
    [...start, 'Retire', 'Retired?', 'Report RefRetired', 'RefRetired'],
  ],
  [
    'a closed request of which nothing was pulled ends in Ignored',
    { validate: () => validated({ route: 'close', delivery: OWN_REF }), retire: published('Ignored') },
    [...start, 'Retire', 'Retired?', 'Report Ignored', 'Ignored'],
  ],
  [
    'a closed request of its own ref has its pipeline taken down after its pointer',
    {
      validate: () => validated({ route: 'close', delivery: OWN_REF }, OWN),
      'take-down': () => ended('PipelineDeleted'),
    },
    [
      ...[...start, 'Retire', 'Retired?', 'TakeDown', 'TakenDown?'],
      ...['Report PipelineDeleted', 'PipelineDeleted'],
    ],
  ],
  [
    'a deletion of a branch of which there is no pipeline ends in RefRetired',
    { validate: () => validated({ route: 'retire' }, OWN), 'take-down': () => ended('RefRetired') },
    [
      ...[...start, 'ConfirmGone', 'Retire', 'Retired?', 'TakeDown', 'TakenDown?'],
      ...['Report RefRetired', 'RefRetired'],
    ],
  ],
  [
    'a deletion of a ref that is there again ends in Superseded',
    { validate: () => validated({ route: 'retire' }), retire: published('Superseded') },
    [...start, 'ConfirmGone', 'Retire', 'Retired?', 'Report Superseded', 'Superseded'],
  ],
  [
    'what is told before the pull, and cannot be, does not fail the delivery',
    {
      report: (event) =>
        z.looseObject({ outcome: z.string() }).parse(event).outcome === 'Pending'
          ? thrown('TypeError')
          : { status: 'off', reason: '', error: '', message: '' },
    },
    [...pulled, 'StartPipeline', 'Report PipelineStarted', 'PipelineStarted'],
  ],
];

const failing: readonly [string, Functions, readonly string[], string, string?][] = [
  [
    'a wrong signature ends in Rejected, and nothing is recorded',
    { validate: () => thrown('Rejected') },
    ['Validate', 'Rejected'],
    'Rejected',
  ],
  [
    'a payload of another shape ends in Malformed',
    { validate: () => thrown('Malformed') },
    ['Validate', 'Malformed'],
    'Malformed',
  ],
  [
    'a build that fails ends in PullFailed, by the name that the report found',
    {},
    [...start, 'ReportPending', 'Pull', 'Diagnose Pull', 'Pull again?', 'Report PullFailed', 'PullFailed'],
    'OwnName',
    'FAILED',
  ],
  [
    'a build of which nobody can say why it failed ends in PullFailed',
    { diagnose: () => thrown('TypeError') },
    [...start, 'ReportPending', 'Pull', 'Diagnose Pull', 'Report PullFailed', 'PullFailed'],
    'OwnName',
    'FAILED',
  ],
  [
    'an outcome that cannot be reported fails the execution, whose end is recorded',
    { report: () => thrown('TypeError') },
    [...pulled, 'StartPipeline', 'Report PipelineStarted'],
    'TypeError',
  ],
  [
    'an artifact that is gone ends in PublishFailed',
    { publish: () => thrown('ArtifactMissing') },
    [...start, 'ReportPending', 'Pull', 'Publish', 'Report PublishFailed', 'PublishFailed'],
    'OwnName',
  ],
  [
    'a retirement that fails ends in PublishFailed',
    { validate: () => validated({ route: 'retire' }), retire: () => thrown('ArtifactMissing') },
    [...start, 'ConfirmGone', 'Retire', 'Report PublishFailed', 'PublishFailed'],
    'OwnName',
  ],
  [
    'a pipeline that does not exist ends in PipelineFailed',
    { 'start-pipeline': () => thrown('PipelineMissing') },
    [...pulled, 'StartPipeline', 'Report PipelineFailed', 'PipelineFailed'],
    'OwnName',
  ],
  [
    'a failure keeps its first error when its report fails too',
    { 'start-pipeline': () => thrown('PipelineMissing'), report: () => thrown('TypeError') },
    [...pulled, 'StartPipeline', 'Report PipelineFailed', 'PipelineFailed'],
    'PipelineMissing',
  ],
];

describe('the delivery machine', () => {
  it.each(succeeding)('%s', async (_title, functions, path) => {
    expect(await run(functions)).toMatchObject({ status: 'SUCCEEDED', path });
  });

  it.each(failing)('%s', async (_title, functions, path, error, buildStatus) => {
    expect(await run(functions, buildStatus)).toMatchObject({ status: 'FAILED', path, error });
  });

  it.each([
    ['pull', 'Pull', [...start, 'ReportPending'], ['Publish', 'Published?']],
    ['retire', 'ConfirmGone', start, ['Retire', 'Retired?']],
  ])('builds again what may pass, for the route %s: %s', async (route, build, before, after) => {
    const again = ['Diagnose', 'again?', 'Rest before'].map((word) =>
      word === 'again?' ? `${build} again?` : `${word} ${build}`,
    );
    const told: unknown[] = [];
    const { status, path, started } = await run(
      {
        validate: () => validated({ route }, { pipeline: undefined }),
        diagnose: (event) => {
          told.push(event);
          return diagnosis({ again: true, seconds: 0, attempts: told.length });
        },
        publish: published('Published'),
      },
      'FAILED FAILED SUCCEEDED',
    );
    expect(status).toBe('SUCCEEDED');
    expect(started).toHaveLength(3);
    expect(path.slice(0, -2)).toEqual([...before, build, ...again, build, ...again, build, ...after]);
    expect(told).toMatchObject([
      { state: { pullError: { Error: 'States.TaskFailed' } } },
      { state: { pullError: { Error: 'States.TaskFailed' }, error: { attempts: 1 } } },
    ]);
  });

  it('tells Diagnose that the delivery gave way to a newer one since the failure before', async () => {
    const told: unknown[] = [];
    let looks = 0;
    await run(
      {
        diagnose: (event) => {
          told.push(diagnoseSchema.parse(event).state);
          return diagnosis({ again: true, seconds: 0 });
        },
        publish: () => published(looks++ === 0 ? 'Behind' : 'Superseded')(),
      },
      'FAILED SUCCEEDED FAILED SUCCEEDED',
    );
    expect(told).toMatchObject([
      {},
      { pull: { token: 'value of HOOKLINE_TOKEN' }, error: { attempts: 1, more: { pulled: '' } } },
    ]);
    expect(told[0]).not.toHaveProperty('pull');
  });

  it('takes the answer of a Diagnose of the release before, which knows less', async () => {
    const { mergeSince: _, pulled: __, ...former } = diagnosis({ again: true, seconds: 0 });
    let looks = 0;
    const diagnose = () => (looks++ === 0 ? former : { ...former, again: false });
    await run({ diagnose }, 'FAILED FAILED');
  });

  it('tells Diagnose how often it has asked of this build', async () => {
    const retries: unknown[] = [];
    await run(
      {
        diagnose: (event) => {
          retries.push(z.looseObject({ retries: z.number() }).parse(event).retries);
          return retries.length === 1 ? thrown('ThrottlingException') : diagnosis();
        },
      },
      'FAILED',
    );
    expect(retries).toEqual([0, 1]);
  });

  it('builds again when CodeBuild takes no build for now, and waits as Diagnose says', async () => {
    const operations = builds(['SUCCEEDED']).operations;
    let refused = 0;
    const { run: once } = await setUp(
      hurried,
      {
        ...working,
        diagnose: (event) => {
          expect(event).toMatchObject({
            state: { pullError: { Error: 'CodeBuild.AccountLimitExceededException' } },
          });
          return diagnosis({ Error: 'BuildLimit', again: true, seconds: 1 });
        },
      },
      {
        ...operations,
        StartBuild: (input) => {
          // the one retry of the hurried machine, and then Diagnose
          refused += 1;
          if (refused < 3)
            throw new AwsError('AccountLimitExceededException', 'Cannot have more than 300 builds in queue');
          return operations.StartBuild(input);
        },
      },
    );
    expect(await once({})).toMatchObject({ status: 'SUCCEEDED' });
    expect(refused).toBe(3);
  });

  it('enters ten states at most from a push to PipelineStarted', async () => {
    expect((await run({})).path).toHaveLength(10);
  });

  it('hands the build the delivery and how to pull it and nothing else, and the pull what the build exported, by name', async () => {
    const { started, output } = await run({
      validate: () => validated({}, { pull: { submodules: true, lfs: true, git: true, compute: 'ec2' } }),
    });
    expect(started).toMatchObject([
      {
        projectName: 'hookline-pull-ec2',
        environmentVariablesOverride: [
          { name: 'HOOKLINE_DELIVERY', type: 'PLAINTEXT', value: JSON.stringify(validated().delivery) },
          {
            name: 'HOOKLINE_PULL',
            type: 'PLAINTEXT',
            value: '{"submodules":true,"lfs":true,"git":true,"compute":"ec2"}',
          },
          { name: 'HOOKLINE_ASKED', type: 'PLAINTEXT', value: '{"values":[],"paths":["src/**"]}' },
        ],
      },
    ]);
    expect(output.pull).toEqual({
      outcome: 'value of HOOKLINE_OUTCOME',
      token: 'value of HOOKLINE_TOKEN',
      commit: 'value of HOOKLINE_COMMIT',
      tip: 'value of HOOKLINE_TIP',
      key: 'value of HOOKLINE_KEY',
      versionId: 'value of HOOKLINE_VERSION_ID',
      tipKey: 'value of HOOKLINE_TIP_KEY',
      bytes: 'value of HOOKLINE_BYTES',
      content: ['value of HOOKLINE_CONTENT'],
      reason: ['value of HOOKLINE_REASON'],
      subject: ['value of HOOKLINE_SUBJECT'],
      message: ['value of HOOKLINE_MESSAGE'],
      author: ['value of HOOKLINE_AUTHOR'],
      time: ['value of HOOKLINE_TIME'],
      files: ['value of HOOKLINE_FILES'],
      changed: ['value of HOOKLINE_CHANGED'],
    });
  });

  it('tells each step the execution and everything known so far', async () => {
    const told: Record<string, unknown> = {};
    const { path } = await run({
      'start-pipeline': (event) => {
        Object.assign(told, event);
        return { name: 'deploy', executionId: 'e-1' };
      },
    });
    expect(path).toContain('StartPipeline');
    expect(told).toMatchObject({
      executionArn: expect.stringMatching(/:execution:m:/),
      state: { ...validated(), claim: { outcome: 'Claimed' }, publish: { outcome: 'Published' } },
    });
  });

  it('hides no failure of a step that has no outcome of its own', async () => {
    const { status, error, path } = await run({ claim: () => thrown('Misconfigured') });
    expect({ status, error, path }).toEqual({
      status: 'FAILED',
      error: 'Misconfigured',
      path: ['Validate', 'Claim'],
    });
  });
});

describe('with the functions and the builds of the release before, as after a rollback', () => {
  const { asked: _, values: __, reason: ___, ...before } = validated();
  // What that release's build exports is what its machine reads.
  const exports = Object.keys(previous.pull).map(
    (name) => `HOOKLINE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  );

  it.each([
    ['pull', pulled.slice(start.length), ['StartPipeline', 'Report PipelineStarted', 'PipelineStarted']],
    ['retire', ['ConfirmGone', 'Retire', 'Retired?'], ['Report RefRetired', 'RefRetired']],
  ])('a delivery of the route %s ends as ever, after one state more', async (route, pulls, ends) => {
    const validate = () => ({ ...before, route });
    const { status, path, started, error, cause } = await run({ validate }, 'SUCCEEDED', {}, exports);
    expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
    expect(path).toEqual([...start, 'Asks nothing', 'Route', ...pulls, ...ends]);
    expect(started).toMatchObject([{ environmentVariablesOverride: [{}, {}, { value: '{}' }] }]);
  });

  it('what a step is told of the build is read, with nothing where the build has exported nothing', async () => {
    const told: unknown[] = [];
    const publish: Functions[string] = (event) => {
      told.push(z.object({ state: z.object({ pull: z.looseObject({}) }) }).parse(event).state.pull);
      return published('Published', true)();
    };
    await run({ publish });
    await run({ publish, validate: () => before }, 'SUCCEEDED', {}, exports);
    const [now, then] = told.map((pull) => pullResultSchema.omit({ outcome: true, token: true }).parse(pull));
    const later = {
      content: '',
      reason: '',
      subject: '',
      message: '',
      author: '',
      time: '',
      files: '',
      changed: '',
    };
    expect(then).toEqual({ ...now, ...later });
    expect(now).toMatchObject({ content: 'value of HOOKLINE_CONTENT', subject: 'value of HOOKLINE_SUBJECT' });
  });
});

describe('a report', () => {
  it('is told how often it was tried, as it gives up the commit status in the end', async () => {
    const told: unknown[] = [];
    const report: Functions[string] = (event) => {
      const { outcome, retries } = z.looseObject({ outcome: z.string(), retries: z.number() }).parse(event);
      told.push([outcome, retries]);
      if (outcome !== 'Pending' && retries === 0) return thrown('HostUnreachable');
      return { status: 'written', reason: '', error: '', message: '' };
    };
    expect(await run({ report })).toMatchObject({ status: 'SUCCEEDED' });
    expect(told).toEqual([
      ['Pending', 0],
      ['PipelineStarted', 0],
      ['PipelineStarted', 1],
    ]);
  });

  it('has more tries than those by which a commit status is told again', () => {
    for (const name of ['Report Published', 'Report PullFailed']) {
      const ofAll = machine.States[name]?.Retry?.find(
        ({ ErrorEquals }) => String(ErrorEquals) === 'States.ALL',
      );
      expect(ofAll?.MaxAttempts).toBeGreaterThan(STATUS_RETRIES);
    }
  });

  it('ends before the time of its step is up, though it begins the last commit status as late as it may', () => {
    // The token of an App by two requests, and the status, each within 20 s.
    expect(REPORT_SECONDS).toBeGreaterThan(STATUSES_SECONDS + 3 * 20);
    expect(STEP_SECONDS).toBeGreaterThan(REPORT_SECONDS);
  });
});

it('an input as large as there may be is validated, and refused by its name', async () => {
  const input = { body: 'x'.repeat(262_144 - '{"body":""}'.length) };
  expect(await run({}, 'SUCCEEDED', input)).toMatchObject({ status: 'SUCCEEDED' });
  for (const name of ['Rejected', 'Malformed'])
    expect(await run({ validate: () => thrown(name) }, 'SUCCEEDED', input)).toMatchObject({
      path: ['Validate', name],
      error: name,
    });
});

it('a step that was cut off is tried again for longer than its lock and than a lease of the ref last', () => {
  const seconds = ({
    IntervalSeconds,
    MaxAttempts,
    BackoffRate,
    JitterStrategy,
  }: typeof inProgressRetry & { JitterStrategy?: string }) => {
    expect({ BackoffRate, JitterStrategy }).toEqual({ BackoffRate: 1, JitterStrategy: undefined });
    return IntervalSeconds * MaxAttempts;
  };
  expect(seconds(inProgressRetry)).toBeGreaterThan(START_SECONDS);
  expect(LEASE_MS).toBeGreaterThan(START_SECONDS * 1000);
});

it('a delivery of a host that was just added is validated again when the settings can be newer', async () => {
  expect(settingsOldRetry).toMatchObject({ BackoffRate: 1 });
  expect(settingsOldRetry.IntervalSeconds * 1000).toBeGreaterThan(READ_AGAIN_MS + CLOCK_MS);
  let attempts = 0;
  const validate = () => (attempts++ === 0 ? thrown('SettingsOld') : validated({ route: 'ping' }));
  expect(await run({ validate, claim: claimed('Pong') })).toMatchObject({
    status: 'SUCCEEDED',
    path: [...start, 'Pong'],
  });
});

it('an execution may take nine hours: two pulls, what lies between them, a teardown, and the rest', () => {
  expect(machine.TimeoutSeconds).toBe(9 * 3600);
});

describe('the end of a branch', () => {
  const endedBy = (outcome: string) =>
    run({ validate: () => validated({ route: 'retire' }, OWN), 'take-down': () => ended(outcome) });
  const path = [...start, 'ConfirmGone', 'Retire', 'Retired?', 'TakeDown', 'TakenDown?'];

  it.each([
    ['PipelineDeleted', 'PipelineDeleted'],
    ['PipelineStarted', 'PipelineStarted'],
    ['Unchanged', 'Unchanged'],
    ['Superseded', 'Superseded'],
    ['Ignored', 'Ignored'],
    ['RefRetired', 'RefRetired'],
  ])('of which TakeDown says %s ends in %s', async (outcome, state) => {
    expect(await endedBy(outcome)).toMatchObject({
      status: 'SUCCEEDED',
      path: [...path, `Report ${state}`, state],
    });
  });

  it('whose teardown fails ends in TeardownFailed, by the name that the report found', async () => {
    const functions = {
      validate: () => validated({ route: 'retire' }, OWN),
      'take-down': () => thrown('TeardownFailed'),
    };
    expect(await run(functions)).toMatchObject({
      ...{ status: 'FAILED', error: 'OwnName' },
      path: [...path.slice(0, -1), 'Report TeardownFailed', 'TeardownFailed'],
    });
  });

  it('waits for as long as TakeDown says, and calls it with what it has said', async () => {
    const told: unknown[] = [];
    await run({
      validate: () => validated({ route: 'retire' }, OWN),
      'take-down': (event) => {
        told.push(event);
        return ended(told.length === 1 ? 'Runs' : 'PipelineDeleted');
      },
    });
    expect(told[1]).toMatchObject({ state: { pipeline: ended('Runs') } });
  });
});

describe('a step is tried again for longer than', () => {
  const retrierSchema = z.looseObject({
    ErrorEquals: z.array(z.string()),
    IntervalSeconds: z.number(),
    MaxAttempts: z.number(),
    BackoffRate: z.number(),
    MaxDelaySeconds: z.number().optional(),
    JitterStrategy: z.string().optional(),
  });
  const retrierOf = (state: string, error: string) =>
    z
      .array(retrierSchema)
      .parse(machine.States[state]?.Retry)
      .find(({ ErrorEquals }) => ErrorEquals.includes(error));

  /** The seconds from the first try to the last, in the mean: full jitter halves a wait. */
  function waited(state: string, error: string): number {
    const retrier = retrierOf(state, error);
    if (!retrier) return 0;
    const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
    const waits = Array.from({ length: MaxAttempts }, (_, tried) =>
      Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds),
    );
    return waits.reduce((all, one) => all + one, 0) / (retrier.JitterStrategy === 'FULL' ? 2 : 1);
  }

  const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');
  const isBuild = ([, { Resource }]: (typeof tasks)[number]) => String(Resource).includes(':codebuild:');
  const reports = tasks.filter(([name]) => name.startsWith('Report '));

  it.each([
    [
      'an outage of Lambda or of what a function calls: eight minutes',
      tasks.filter((task) => !isBuild(task)),
      'Lambda.ServiceException',
      480,
    ],
    ['an outage of whatever a report needs: ten minutes', reports, 'States.ALL', 600],
    [
      'CodeBuild has no place for a build: three and a half minutes',
      tasks.filter(isBuild),
      'CodeBuild.AccountLimitExceededException',
      210,
    ],
    ['the host of an approval is away: four minutes', [['Approve']], 'HostUnreachable', 240],
    ['the settings cannot be read: 40 seconds', [['Validate']], 'SettingsOld', 40],
    [
      'a lease of its ref lasts, when another delivery starts its pipeline',
      [['StartPipeline'], ['TakeDown']],
      'RefBusy',
      LEASE_MS / 1000 + 1,
    ],
  ])('%s', (_, states, error, seconds) => {
    expect(states).not.toHaveLength(0);
    for (const [name = ''] of states) expect([name, waited(name, error) >= seconds]).toEqual([name, true]);
  });

  it('a teardown of its branch is waited for: by five minutes, without jitter', () => {
    expect(waited('StartPipeline', 'TeardownRuns')).toBe(TEARDOWN_WAIT_SECONDS + 5 * 60);
    expect(retrierOf('StartPipeline', 'TeardownRuns')?.JitterStrategy).toBeUndefined();
  });

  it('a newer delivery of its ref is pulled, again and again: six hours, of which jitter halves the waits', () => {
    const { MaxDelaySeconds = 0, MaxAttempts = 0 } = retrierOf('Publish', 'NewerUnderWay') ?? {};
    expect((MaxDelaySeconds * MaxAttempts) / 2).toBe(6 * 3600);
  });
});

it('no task runs without a limit: a build has two hours, a copy what Lambda gives, a check a minute, another step two', () => {
  const limits: Readonly<Record<string, number>> = {
    ...{ Validate: 60, Pull: 2 * 3600, ConfirmGone: 2 * 3600 },
    ...{ Publish: COPY_SECONDS + 10, Retire: COPY_SECONDS + 10 },
  };
  for (const [name, { Type, TimeoutSeconds }] of Object.entries(machine.States))
    if (Type === 'Task') expect([name, TimeoutSeconds]).toEqual([name, limits[name] ?? STEP_SECONDS]);
  expect(STEP_SECONDS).toBe(120);
});
