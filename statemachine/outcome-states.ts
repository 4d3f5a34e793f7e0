import { STATUS_RETRIES } from './commit-statuses.ts';
import { type Outcome, outcomes, type PENDING, REFUSED } from './outcomes.ts';
import { lambdaRetry, STEP_SECONDS, type States } from './states.ts';

/**
 * Whatever a report fails of: an outcome is not given up at once. At most 10 + 20 + 40 + 80 + 160 + 300 × 3 s, some 20 min. A
 * host that is away is asked again so too, and the last try ends without it.
 */
const reportRetry = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 10,
  MaxAttempts: STATUS_RETRIES + 1,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
};

/** The state that records an outcome, in front of the outcome itself. */
export const reportState = (outcome: Outcome): string => `Report ${outcome}`;

/** The outcomes of every machine, and before each the report that records it. */
export function outcomeStates(reportArn: string): States {
  return {
    ...successStates(reportArn, outcomes.ignored, 'No route takes this event'),
    ...successStates(reportArn, outcomes.unchanged, 'It was built before: nothing is started again'),
    ...successStates(
      reportArn,
      outcomes.superseded,
      'A newer delivery of the rule is built: the pipeline is not started on this one',
    ),
    ...successStates(reportArn, outcomes.refGone, 'The ref was deleted before the pull'),
    ...successStates(reportArn, outcomes.refRetired, 'The deletion is done'),
    ...successStates(reportArn, outcomes.published, 'The artifact is in S3; the rule names no pipeline'),
    ...successStates(reportArn, outcomes.pipelineStarted, 'The pipeline runs on the artifact'),
    ...failureStates(reportArn, outcomes.pullFailed),
    ...failureStates(reportArn, outcomes.publishFailed),
    ...failureStates(reportArn, outcomes.pipelineFailed),
    // Claim has recorded it.
    [outcomes.pong]: { Type: 'Succeed', Comment: 'A ping: the webhook is set up' },
    // The record belongs to the execution that did the work.
    [outcomes.duplicate]: { Type: 'Succeed', Comment: 'Done before, or running elsewhere' },
    // Nothing is recorded of what is not verified.
    ...Object.fromEntries(
      REFUSED.map((name) => [name, { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' }]),
    ),
  };
}

/** The same for what ends in the state TakeDown: AWS refuses a state that no other leads to. */
export function takeDownOutcomeStates(reportArn: string): States {
  return {
    ...successStates(
      reportArn,
      outcomes.pipelineDeleted,
      'The pipeline of the branch or the request is gone',
    ),
    ...failureStates(reportArn, outcomes.teardownFailed),
  };
}

/** Records an outcome and writes the commit status. */
function report(reportArn: string, outcome: Outcome | typeof PENDING, next: string): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: reportArn,
      Payload: {
        outcome,
        'state.$': '$',
        'executionArn.$': '$$.Execution.Id',
        'retries.$': '$$.State.RetryCount',
      },
    },
    ResultSelector: { 'status.$': '$.Payload.status', 'reason.$': '$.Payload.reason' },
    ResultPath: '$.report',
    TimeoutSeconds: STEP_SECONDS,
    Retry: [lambdaRetry],
    Next: next,
  };
}

/** Says on the commit's page that the delivery is under way; a report that fails does not fail the delivery. */
export function announce(reportArn: string, pending: typeof PENDING, next: string): Record<string, unknown> {
  return {
    ...report(reportArn, pending, next),
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.reportError', Next: next }],
  };
}

/** A report that fails for good fails the execution, whose end is then recorded: no outcome goes without a record. */
function successStates(reportArn: string, outcome: Outcome, comment: string): States {
  return {
    [reportState(outcome)]: {
      ...report(reportArn, outcome, outcome),
      Retry: [lambdaRetry, reportRetry],
    },
    [outcome]: { Type: 'Succeed', Comment: comment },
  };
}

/** A failure keeps the error that led here at `$.error`, also when its report fails; the report gives it its own name. */
function failureStates(reportArn: string, outcome: Outcome): States {
  return {
    [reportState(outcome)]: {
      ...report(reportArn, outcome, outcome),
      ResultSelector: {
        'Error.$': '$.Payload.error',
        'Cause.$': '$.Payload.message',
        'status.$': '$.Payload.status',
        'reason.$': '$.Payload.reason',
      },
      ResultPath: '$.error',
      Retry: [lambdaRetry, reportRetry],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.reportError', Next: outcome }],
    },
    [outcome]: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}
