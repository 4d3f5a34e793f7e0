import type { Outcome, PENDING } from './outcomes.ts';
import { lambdaErrors, sdkErrors } from './service-errors.ts';

/** How long a step of a function may take. */
export const STEP_SECONDS = 120;

/** StartPipeline may take so long: two tables and two calls of CodePipeline. Its lease of a ref (20 s) is longer. */
export const START_SECONDS = 15;
/** Report may take so long: its call of the git host waits up to 20 s. */
export const REPORT_SECONDS = 30;

export type States = Record<string, Record<string, unknown>>;

/**
 * The retry for errors that are not a function's own: Lambda's, those of a function that was cut off, and those of AWS
 * that a function met. Each may be called again, for every step is idempotent. With full jitter a wait is half as long
 * in the mean: at most 2 + 4 + 8 + 16 + 32 + 60 × 15 s, some 16 min, and 8 in the mean.
 */
export const lambdaRetry = {
  ErrorEquals: [...lambdaErrors, ...sdkErrors],
  IntervalSeconds: 2,
  MaxAttempts: 20,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/**
 * The retry for every error of a report: an outcome is not given up at once. At most 10 + 20 + 40 + 80 + 160 + 300 × 3
 * s, some 20 min.
 */
const reportRetry = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 10,
  MaxAttempts: 8,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
};

/**
 * The retry of a step that is done once, whose earlier attempt was cut off: the record of this attempt ends with the
 * time that its function had, 30 s at most (REPORT_SECONDS). 15 × 3 s, without jitter, is longer.
 */
export const inProgressRetry = {
  ErrorEquals: ['IdempotencyAlreadyInProgressError'],
  IntervalSeconds: 3,
  MaxAttempts: 15,
  BackoffRate: 1,
};

/** The state that records an outcome, in front of the outcome itself. */
export const reportState = (outcome: Outcome): string => `Report ${outcome}`;

/** A step whose function gets the machine's `$`. The named members of the function's answer stand at `resultPath`. */
export function step(
  functionArn: string,
  resultPath: string,
  members: readonly string[],
): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: functionArn,
      Payload: { 'state.$': '$', 'executionArn.$': '$$.Execution.Id' },
    },
    ResultSelector: Object.fromEntries(members.map((name) => [`${name}.$`, `$.Payload.${name}`])),
    ResultPath: resultPath,
    TimeoutSeconds: STEP_SECONDS,
    Retry: [lambdaRetry],
  };
}

/** Records an outcome and writes the commit status. */
function report(reportArn: string, outcome: Outcome | typeof PENDING, next: string): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: reportArn,
      Payload: { outcome, 'state.$': '$', 'executionArn.$': '$$.Execution.Id' },
    },
    ResultSelector: { 'status.$': '$.Payload.status', 'reason.$': '$.Payload.reason' },
    ResultPath: '$.report',
    TimeoutSeconds: STEP_SECONDS,
    Retry: [lambdaRetry, inProgressRetry],
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
export function successStates(reportArn: string, outcome: Outcome, comment: string): States {
  return {
    [reportState(outcome)]: {
      ...report(reportArn, outcome, outcome),
      Retry: [lambdaRetry, inProgressRetry, reportRetry],
    },
    [outcome]: { Type: 'Succeed', Comment: comment },
  };
}

/** A failure keeps the error that led here at `$.error`, also when its report fails; the report gives it its own name. */
export function failureStates(reportArn: string, outcome: Outcome): States {
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
      Retry: [lambdaRetry, inProgressRetry, reportRetry],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.reportError', Next: outcome }],
    },
    [outcome]: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}
