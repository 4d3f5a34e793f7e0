import { errors } from '../functions/shared/errors.ts';
import { PULL_TIMEOUT_SECONDS, pullBuild } from './pull-build.ts';
import { delivered, failed, inProgressRetry, lambdaRetry, report, type States, succeed } from './states.ts';

/** What the definition refers to. */
export interface MachineParts {
  readonly validateArn: string;
  readonly claimArn: string;
  readonly publishArn: string;
  readonly retireArn: string;
  readonly startPipelineArn: string;
  readonly reportArn: string;
  /** the pull projects are `<prefix>-lambda` and `<prefix>-ec2` */
  readonly pullProjectPrefix: string;
}

const MACHINE_TIMEOUT_SECONDS = PULL_TIMEOUT_SECONDS + 60 * 60;

// The members of `PublishResult`.
const PUBLISHED = ['outcome', 'commit', 'pointer', 'startPipeline'];

/** The outcomes that anybody who finds the door can bring about: nothing is verified or recorded of them. */
export const REFUSED = [errors.rejected, errors.malformed] as const;

/**
 * The delivery machine in the Amazon States Language, JSONPath. Its outcomes are states, so the picture alone says
 * what happened. From a push to `PipelineStarted` it enters ten states.
 */
export function deliveryMachine(parts: MachineParts): object {
  return {
    Comment: 'One delivery of a git host, for one rule',
    StartAt: 'Validate',
    TimeoutSeconds: MACHINE_TIMEOUT_SECONDS,
    States: {
      ...entry(parts),
      ...pulling(parts),
      ...publishing(parts),
      ...retiring(parts),
      ...outcomes(parts),
    },
  };
}

function entry(parts: MachineParts): States {
  return {
    // An input may be as large as a state takes: what the function gets is that input and nothing around it, and what a
    // catcher hands on is the error alone.
    Validate: {
      Type: 'Task',
      Comment: 'Checks the signature over the raw bytes and the shape of the payload',
      Resource: parts.validateArn,
      TimeoutSeconds: 60,
      Retry: [lambdaRetry],
      Catch: REFUSED.map((name) => ({ ErrorEquals: [name], Next: name })),
      Next: 'Claim',
    },
    Claim: {
      ...delivered(parts.claimArn, '$.claim', ['outcome', 'executionArn']),
      Comment:
        'Takes the delivery for this execution; one that was done or is running elsewhere is a duplicate',
      Next: 'Route',
    },
    Route: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.claim.outcome', StringEquals: 'Duplicate', Next: 'Duplicate' },
        { Variable: '$.claim.outcome', StringEquals: 'Unchanged', Next: 'Report Unchanged' },
        { Variable: '$.route', StringEquals: 'ping', Next: 'Report Pong' },
        { Variable: '$.route', StringEquals: 'ignored', Next: 'Report Ignored' },
        { Variable: '$.route', StringEquals: 'retire', Next: 'ConfirmGone' },
        { Variable: '$.rule.status', BooleanEquals: true, Next: 'ReportPending' },
      ],
      Default: 'Pull',
    },
  };
}

function pulling(parts: MachineParts): States {
  return {
    ReportPending: report(parts.reportArn, 'Pending', 'Pull'),
    Pull: {
      ...pullBuild(parts.pullProjectPrefix),
      Comment: 'Streams the delivered commit to S3',
      Next: 'Publish',
    },
  };
}

// Another delivery of the ref starts its pipeline. Its lease ends after 20 s, and many may wait for it, each at its own
// moments: 40 × 2.5 s in the mean.
const refBusyRetry = {
  ErrorEquals: [errors.refBusy],
  IntervalSeconds: 5,
  MaxAttempts: 40,
  BackoffRate: 1,
  JitterStrategy: 'FULL',
};

function publishing(parts: MachineParts): States {
  return {
    Publish: {
      ...delivered(parts.publishArn, '$.publish', PUBLISHED),
      Comment: 'Moves the pointer of the ref, never back',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Report PublishFailed' }],
      Next: 'Published?',
    },
    'Published?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.publish.outcome', StringEquals: 'RefGone', Next: 'Report RefGone' },
        {
          And: [
            { Variable: '$.publish.startPipeline', BooleanEquals: true },
            { Variable: '$.rule.pipeline', IsPresent: true },
          ],
          Next: 'StartPipeline',
        },
        { Variable: '$.publish.outcome', StringEquals: 'Published', Next: 'Report Published' },
      ],
      Default: 'Report Superseded',
    },
    StartPipeline: {
      ...delivered(parts.startPipelineArn, '$.pipeline', ['name', 'executionId']),
      Comment: 'Starts the pipeline on exactly the object version that was pulled',
      Retry: [lambdaRetry, inProgressRetry, refBusyRetry],
      Catch: [
        { ErrorEquals: [errors.superseded], ResultPath: '$.error', Next: 'Report Superseded' },
        { ErrorEquals: [errors.unchanged], ResultPath: '$.error', Next: 'Report Unchanged' },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Report PipelineFailed' },
      ],
      Next: 'Report PipelineStarted',
    },
  };
}

function retiring(parts: MachineParts): States {
  return {
    ConfirmGone: {
      ...pullBuild(parts.pullProjectPrefix),
      Comment: 'A deleted ref may be there again',
      Next: 'Retire',
    },
    Retire: {
      ...delivered(parts.retireArn, '$.publish', PUBLISHED),
      Comment: 'Removes the pointer of a ref that is gone; its versions stay',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Report PublishFailed' }],
      Next: 'Retired?',
    },
    'Retired?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.publish.outcome', StringEquals: 'RefRetired', Next: 'Report RefRetired' }],
      Default: 'Report Superseded',
    },
  };
}

/** Every outcome, and before it the report that records it. */
function outcomes({ reportArn }: MachineParts): States {
  return {
    ...succeed(reportArn, 'Pong', 'A ping: the webhook is set up'),
    ...succeed(reportArn, 'Ignored', 'No route takes this event'),
    ...succeed(reportArn, 'Unchanged', 'The commit was built before: nothing is started again'),
    ...succeed(
      reportArn,
      'Superseded',
      'A newer delivery of the rule is built: the artifact exists, its pipeline is not started',
    ),
    ...succeed(reportArn, 'RefGone', 'The ref was deleted before the pull'),
    ...succeed(reportArn, 'RefRetired', 'The deletion is done'),
    ...succeed(reportArn, 'Published', 'The artifact is in S3; the rule names no pipeline'),
    ...succeed(reportArn, 'PipelineStarted', 'The pipeline runs on the artifact'),
    ...failed(reportArn, errors.pullFailed),
    ...failed(reportArn, 'PublishFailed'),
    ...failed(reportArn, 'PipelineFailed'),
    // The record belongs to the execution that did the work.
    Duplicate: { Type: 'Succeed', Comment: 'Done before, or running elsewhere' },
    // Nothing is recorded of what is not verified.
    ...Object.fromEntries(
      REFUSED.map((name) => [name, { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' }]),
    ),
  };
}
