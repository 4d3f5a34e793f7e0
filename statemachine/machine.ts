import { routeSchema } from '../events/decision.ts';
import { approvalStates, WITH_STATUS } from './approval.ts';
import { errors } from './errors.ts';
import { announce, outcomeStates, reportState, takeDownOutcomeStates } from './outcome-states.ts';
import { outcomes, PENDING, REFUSED } from './outcomes.ts';
import type { Claimed, PipelineStarted, PublishResult } from './payloads.ts';
import { AGAIN_SECONDS } from './pull-again.ts';
import { PULL_TIMEOUT_SECONDS } from './pull-build.ts';
import { type BuildParts, buildStates } from './repeated-build.ts';
import { settingsOldRetry } from './settings-old.ts';
import { inProgressRetry, lambdaRetry, type States, step } from './states.ts';
import { TEARDOWN_SECONDS, takeDownStates, takesDown, teardownRetry } from './take-down.ts';

/** What the definition refers to. */
export interface MachineParts extends BuildParts {
  readonly validateArn: string;
  readonly claimArn: string;
  readonly publishArn: string;
  readonly retireArn: string;
  readonly startPipelineArn: string;
  readonly reportArn: string;
  /** where a rule has a pipeline for each branch, or one for the end */
  readonly takeDownArn?: string | undefined;
  /** where a rule builds what comes from forks */
  readonly approveArn?: string | undefined;
}

// A pull, the time in which it is begun again, and the last pull of those; a teardown, an hour for all the rest: 9 h.
const MACHINE_TIMEOUT_SECONDS =
  PULL_TIMEOUT_SECONDS + AGAIN_SECONDS + PULL_TIMEOUT_SECONDS + TEARDOWN_SECONDS + 60 * 60;

const CLAIMED: readonly (keyof Claimed)[] = ['outcome', 'executionArn'];
const STARTED: readonly (keyof PipelineStarted)[] = ['name', 'executionId'];
const PUBLISH_RESULT: readonly (keyof PublishResult)[] = ['outcome', 'commit', 'pointer', 'startPipeline'];
const route = routeSchema.enum;
const CLOSED = { Variable: '$.route', StringEquals: route.close };
const OF_REQUEST = [
  { Variable: '$.delivery.ref', IsPresent: true },
  { Variable: '$.delivery.ref', StringMatches: 'refs/pull/*' },
];
const behind: PublishResult['outcome'] = 'Behind';

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
      ...entryStates(parts),
      ...pullStates(parts),
      ...publishStates(parts),
      ...retireStates(parts),
      ...endStates(parts),
      ...outcomeStates(parts.reportArn),
    },
  };
}

/** The end of a branch or a request, where a rule has something to take down then. */
function endStates({ takeDownArn, reportArn }: MachineParts): States {
  if (takeDownArn === undefined) return {};
  return { ...takeDownStates(takeDownArn, refBusyRetry), ...takeDownOutcomeStates(reportArn) };
}

function entryStates(parts: MachineParts): States {
  return {
    // What fails Validate or Claim otherwise fails the execution, whose end is recorded.
    // An input may be as large as a state takes: what the function gets is that input and nothing around it, and what a
    // catcher hands on is the error alone.
    Validate: {
      Type: 'Task',
      Comment: 'Checks the signature over the raw bytes and the shape of the payload',
      Resource: parts.validateArn,
      TimeoutSeconds: 60,
      Retry: [lambdaRetry, settingsOldRetry],
      Catch: REFUSED.map((name) => ({ ErrorEquals: [name], Next: name })),
      Next: 'Claim',
    },
    Claim: {
      ...step(parts.claimArn, '$.claim', CLAIMED),
      Comment:
        'Takes the delivery for this execution; one that was done or is running elsewhere is a duplicate',
      Next: 'Route',
    },
    Route: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.claim.outcome', StringEquals: outcomes.duplicate, Next: outcomes.duplicate },
        {
          Variable: '$.claim.outcome',
          StringEquals: outcomes.unchanged,
          Next: reportState(outcomes.unchanged),
        },
        { Variable: '$.route', StringEquals: route.ping, Next: reportState(outcomes.pong) },
        { Variable: '$.route', StringEquals: route.ignored, Next: reportState(outcomes.ignored) },
        // The host keeps the refs of a request, so that nobody looks whether they are gone.
        { And: [CLOSED, ...OF_REQUEST], Next: 'Retire' },
        ...ifTakenDown(parts, CLOSED, 'on-close'),
        { ...CLOSED, Next: reportState(outcomes.ignored) },
        {
          Variable: '$.route',
          StringEquals: route.approve,
          // A rule that builds nothing from forks any more took it.
          Next: parts.approveArn === undefined ? reportState(outcomes.ignored) : 'Approve',
        },
        { Variable: '$.route', StringEquals: route.retire, Next: 'ConfirmGone' },
        WITH_STATUS,
      ],
      Default: 'Pull',
    },
    ...(parts.approveArn === undefined ? {} : approvalStates(parts.approveArn)),
  };
}

/** The choice of what is to be taken down, where a rule of the deployment asks for that. */
const ifTakenDown = (
  { takeDownArn }: MachineParts,
  condition: object,
  end: 'on-delete' | 'on-close',
): object[] => (takeDownArn === undefined ? [] : [{ And: [condition, takesDown(end)], Next: 'TakeDown' }]);

function pullStates(parts: MachineParts): States {
  return {
    ReportPending: announce(parts.reportArn, PENDING, 'Pull'),
    ...buildStates(parts, 'Pull', 'Streams the delivered commit to S3', 'Publish'),
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

// A newer delivery is pulled, which takes seconds, and where its host is away hours. Most looks are 30 s apart in the mean.
const newerRetry = {
  ErrorEquals: [errors.newerUnderWay],
  IntervalSeconds: 5,
  MaxAttempts: Math.ceil((PULL_TIMEOUT_SECONDS + AGAIN_SECONDS + PULL_TIMEOUT_SECONDS) / 30),
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

function publishStates(parts: MachineParts): States {
  return {
    Publish: {
      ...step(parts.publishArn, '$.publish', PUBLISH_RESULT),
      Comment: 'Moves the pointer of the ref, never back',
      Retry: [lambdaRetry, newerRetry],
      Catch: [
        {
          ErrorEquals: [errors.commitNotOnRef],
          ResultPath: '$.error',
          Next: reportState(outcomes.superseded),
        },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.publishFailed) },
      ],
      Next: 'Published?',
    },
    'Published?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.publish.outcome', StringEquals: behind, Next: 'Pull' },
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.ignored,
          Next: reportState(outcomes.ignored),
        },
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.refGone,
          Next: reportState(outcomes.refGone),
        },
        {
          And: [
            { Variable: '$.publish.startPipeline', BooleanEquals: true },
            { Variable: '$.rule.pipeline', IsPresent: true },
          ],
          Next: 'StartPipeline',
        },
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.published,
          Next: reportState(outcomes.published),
        },
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.unchanged,
          Next: reportState(outcomes.unchanged),
        },
      ],
      Default: reportState(outcomes.superseded),
    },
    StartPipeline: {
      ...step(parts.startPipelineArn, '$.pipeline', STARTED),
      Comment: 'Starts the pipeline on exactly the object version that was pulled',
      Retry: [lambdaRetry, inProgressRetry, refBusyRetry, teardownRetry],
      Catch: [
        { ErrorEquals: [errors.superseded], ResultPath: '$.error', Next: reportState(outcomes.superseded) },
        { ErrorEquals: [errors.unchanged], ResultPath: '$.error', Next: reportState(outcomes.unchanged) },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.pipelineFailed) },
      ],
      Next: reportState(outcomes.pipelineStarted),
    },
  };
}

function retireStates(parts: MachineParts): States {
  return {
    ...buildStates(parts, 'ConfirmGone', 'A deleted ref may be there again', 'Retire'),
    Retire: {
      ...step(parts.retireArn, '$.publish', PUBLISH_RESULT),
      Comment: 'Removes the pointer of a ref that is gone, or of a closed request; its versions stay',
      Catch: [
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.publishFailed) },
      ],
      Next: 'Retired?',
    },
    'Retired?': {
      Type: 'Choice',
      Choices: [
        ...ifTakenDown(parts, CLOSED, 'on-close'),
        {
          And: [CLOSED, { Variable: '$.publish.outcome', StringEquals: outcomes.ignored }],
          Next: reportState(outcomes.ignored),
        },
        {
          And: [CLOSED, { Variable: '$.publish.outcome', StringEquals: outcomes.refRetired }],
          Next: reportState(outcomes.refRetired),
        },
        ...ifTakenDown(
          parts,
          { Variable: '$.publish.outcome', StringEquals: outcomes.refRetired },
          'on-delete',
        ),
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.refRetired,
          Next: reportState(outcomes.refRetired),
        },
      ],
      Default: reportState(outcomes.superseded),
    },
  };
}
