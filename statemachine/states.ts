import type { Outcome, PENDING } from './outcomes.ts';

/** A function's step may take so long. */
export const STEP_SECONDS = 120;

export type States = Record<string, Record<string, unknown>>;

/**
 * What is none of a function's own errors: Lambda's, and those of a function that was cut off. Each may be called again,
 * for every step is idempotent. At most 2 + 4 + 8 + 16 + 32 + 60 s, some 2 min.
 */
export const lambdaRetry = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    // it ran out of time or memory, or its process ended: which of the names shows depends on how
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'States.Timeout',
    // an earlier attempt was cut off and its record has not ended
    'IdempotencyAlreadyInProgressError',
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** The state that records an outcome, in front of the outcome itself. */
export const reportState = (outcome: Outcome): string => `Report ${outcome}`;

/** A function that gets the delivery as far as it has come; these members of its answer stand at `resultPath`. */
export function delivered(
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

/** Records an outcome and writes the commit status; a report that fails does not fail the delivery. */
export function report(
  reportArn: string,
  outcome: Outcome | typeof PENDING,
  next: string,
): Record<string, unknown> {
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
    Retry: [lambdaRetry],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.reportError', Next: next }],
    Next: next,
  };
}

export function succeed(reportArn: string, outcome: Outcome, comment: string): States {
  return {
    [reportState(outcome)]: report(reportArn, outcome, outcome),
    [outcome]: { Type: 'Succeed', Comment: comment },
  };
}

/** A failure keeps the error that led here at `$.error`; the report gives it its own name. */
export function failed(reportArn: string, outcome: Outcome): States {
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
    },
    [outcome]: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}
