import type { Outcome, PENDING } from './outcomes.ts';

/** How long a step of a function may take. */
export const STEP_SECONDS = 120;

export type States = Record<string, Record<string, unknown>>;

/**
 * Tries a step again after an error that its function did not throw: Lambda's own, and that of a function that was cut
 * off. Every step is idempotent. At most 2 + 4 + 8 + 16 + 32 + 60 s, some 2 min.
 */
export const lambdaRetry = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    // The function ran out of time or memory, or its process ended; the name depends on how.
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'States.Timeout',
    // An earlier attempt was cut off, and its idempotency record has not ended.
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

/** A step whose function gets the machine's `$`; these members of the function's answer stand at `resultPath`. */
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

export function successStates(reportArn: string, outcome: Outcome, comment: string): States {
  return {
    [reportState(outcome)]: report(reportArn, outcome, outcome),
    [outcome]: { Type: 'Succeed', Comment: comment },
  };
}

/** A failure keeps the error that led here at `$.error`; the report gives it its own name. */
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
    },
    [outcome]: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  };
}
