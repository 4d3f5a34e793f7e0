import { lambdaErrors, sdkErrors } from './service-errors.ts';

/** How long a step of a function may take. */
export const STEP_SECONDS = 120;
/** A function that copies an artifact may take so long, the most that Lambda gives: 5 GiB at 6 MB/s. */
export const COPY_SECONDS = 900;

/** StartPipeline may take so long: two tables and two calls of CodePipeline. Its lease of a ref (20 s) is longer. */
export const START_SECONDS = 15;
/** Report and whoever else writes commit statuses may take so long: none is begun after STATUSES_SECONDS, and the last one may take 60 s, by three calls of an App of up to 20 s each. */
export const REPORT_SECONDS = 90;

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
 * The retry of a step that is done once, whose earlier attempt was cut off: the record of this attempt ends with the
 * time that its function had (START_SECONDS). 15 × 3 s, without jitter, is longer.
 */
export const inProgressRetry = {
  ErrorEquals: ['IdempotencyAlreadyInProgressError'],
  IntervalSeconds: 3,
  MaxAttempts: 15,
  BackoffRate: 1,
};

/**
 * A step whose function gets the machine's `$`. The named members of the function's answer stand at `resultPath`.
 * @param seconds that the step may take
 */
export function step(
  functionArn: string,
  resultPath: string,
  members: readonly string[],
  seconds = STEP_SECONDS,
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
    TimeoutSeconds: seconds,
    Retry: [lambdaRetry],
  };
}
