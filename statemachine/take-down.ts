import { errors } from './errors.ts';
import { reportState } from './outcome-states.ts';
import { outcomes } from './outcomes.ts';
import type { TakenDown } from './payloads.ts';
import { lambdaRetry, type States, step } from './states.ts';

/** How long a teardown pipeline may take. */
export const TEARDOWN_SECONDS = 2 * 60 * 60;

/** How long it is waited for: a little more. Then nobody waits for a teardown that nobody looks after. */
export const TEARDOWN_WAIT_SECONDS = TEARDOWN_SECONDS + 10 * 60;

/** How long TakeDown may take: it reads tables and makes some calls of CodePipeline. Its lease of a ref (20 s) is longer. */
export const TAKE_DOWN_SECONDS = 15;

const TAKEN_DOWN: readonly (keyof TakenDown)[] = ['name', 'executionId', 'outcome', 'seconds', 'since'];

const ENDS: readonly TakenDown['outcome'][] = [
  outcomes.pipelineDeleted,
  outcomes.pipelineStarted,
  outcomes.unchanged,
  outcomes.superseded,
  outcomes.ignored,
];

/** Whether a rule has something to take down: a pipeline for each branch, or a pipeline for the end. */
export const takesDown = (end: 'on-delete' | 'on-close') => ({
  Or: [
    { Variable: '$.rule.pipeline.each', IsPresent: true },
    { Variable: `$.rule['${end}']`, IsPresent: true },
  ],
});

/** The retry of a start that waits for the teardown of the same branch: until nobody waits for it any more, and a little more. */
export const teardownRetry = {
  ErrorEquals: [errors.teardownRuns],
  IntervalSeconds: 30,
  MaxAttempts: Math.ceil((TEARDOWN_WAIT_SECONDS + 5 * 60) / 30),
  BackoffRate: 1,
};

/** Runs the teardown of a branch or a request, waits for its end, and deletes the pipeline. */
export function takeDownStates(takeDownArn: string, refBusyRetry: object): States {
  return {
    TakeDown: {
      ...step(takeDownArn, '$.pipeline', TAKEN_DOWN),
      Comment: 'Runs the teardown of a branch or a request, and deletes its pipeline',
      Retry: [lambdaRetry, refBusyRetry],
      Catch: [
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.teardownFailed) },
      ],
      Next: 'TakenDown?',
    },
    'TakenDown?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.pipeline.outcome', StringEquals: 'Runs', Next: 'Wait for teardown' },
        ...ENDS.map((outcome) => ({
          Variable: '$.pipeline.outcome',
          StringEquals: outcome,
          Next: reportState(outcome as (typeof outcomes)[keyof typeof outcomes]),
        })),
      ],
      Default: reportState(outcomes.refRetired),
    },
    'Wait for teardown': { Type: 'Wait', SecondsPath: '$.pipeline.seconds', Next: 'TakeDown' },
  };
}
