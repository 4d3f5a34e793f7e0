import { errors } from './errors.ts';
import { reportState } from './outcome-states.ts';
import { outcomes } from './outcomes.ts';
import type { PipelineStarted, PublishResult } from './payloads.ts';
import { AGAIN_SECONDS } from './pull-again.ts';
import { PULL_TIMEOUT_SECONDS } from './pull-build.ts';
import { COPY_SECONDS, inProgressRetry, lambdaRetry, type States, step } from './states.ts';
import { teardownRetry } from './take-down.ts';

/** The functions of these states. */
export interface PublishParts {
  readonly publishArn: string;
  readonly startPipelineArn: string;
}

/** What Publish and Retire answer. */
export const PUBLISH_RESULT: readonly (keyof PublishResult)[] = [
  'outcome',
  'commit',
  'pointer',
  'startPipeline',
];
// Lambda ends a function that is over its time, and says so, before the step's own time is up.
export const COPY_STEP_SECONDS = COPY_SECONDS + 10;
const STARTED: readonly (keyof PipelineStarted)[] = ['name', 'executionId'];
const behind: PublishResult['outcome'] = 'Behind';

/**
 * Another delivery of the ref starts its pipeline. Its lease ends after 20 s, and many may wait for it, each at its own
 * moments: 40 × 2.5 s in the mean.
 */
export const refBusyRetry = {
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

/** Between the pull and the outcome: moves the pointer of the ref, and starts the pipeline. */
export function publishStates({ publishArn, startPipelineArn }: PublishParts): States {
  return {
    Publish: {
      ...step(publishArn, '$.publish', PUBLISH_RESULT, COPY_STEP_SECONDS),
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
      ...step(startPipelineArn, '$.pipeline', STARTED),
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
