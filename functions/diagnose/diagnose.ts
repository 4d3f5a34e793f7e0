import * as z from 'zod';
import { errors } from '../../statemachine/errors.ts';
import type { Diagnosis } from '../../statemachine/payloads.ts';
import { AGAIN_SECONDS, MERGE_SECONDS } from '../../statemachine/pull-again.ts';
import { codeBuildErrors } from '../../statemachine/service-errors.ts';
import { mayPass } from '../shared/may-pass.ts';
import { retryAfterIn } from '../shared/retry-after-text.ts';
import { type Failure, failureOf } from './failure.ts';

export const diagnoseSchema = z.object({
  /** how often the machine has asked of this build before; one of the release before does not say */
  retries: z.number().optional(),
  state: z.object({
    pullError: z.object({ Error: z.string(), Cause: z.string().default('') }),
    /** the last build that succeeded: this delivery gave way to a newer one then */
    pull: z.object({ token: z.string() }).optional(),
    /** the diagnosis of the last build that failed */
    error: z
      .object({
        attempts: z.number(),
        since: z.iso.datetime(),
        /** the function's whole answer; a machine or a function of the release before has nothing of this */
        more: z.object({ mergeSince: z.string().optional(), pulled: z.string().optional() }).default({}),
      })
      .optional(),
  }),
});

export type DiagnoseInput = z.infer<typeof diagnoseSchema>;

// 15 + 30 + 60 + 120 + 240 + 480 s, then 600 s each: some 17 builds in two hours.
const FIRST_SECONDS = 15;
const LONGEST_SECONDS = 600;
/** A place in CodeBuild's queue is soon free again: who waits for one asks more often. */
const LONGEST_FOR_PLACE_SECONDS = 120;
/** A host that asks for more is asked after so long all the same: GitHub counts its limits by the hour. */
const LONGEST_REST_SECONDS = 60 * 60;

/**
 * A build's log that cannot be read is asked for again so often: 2 + 4 + 8 + 16 + 32 + 60 × 3 s at most, some 4 min, and 2
 * in the mean. The machine has more retries, so that the last answer is without the log.
 */
export const LOG_RETRIES = 8;

/**
 * Why a build failed, by its own name and words, and whether and when the delivery is pulled again. Throws an error of AWS
 * while the machine asks again for a log that cannot be read.
 */
export async function diagnose({
  retries = LOG_RETRIES,
  state: { pullError, pull, error: last },
}: DiagnoseInput): Promise<Diagnosis> {
  const failure = await failureOf(pullError, retries < LOG_RETRIES);
  const pulled = pull?.token ?? '';
  // What failed before the delivery gave way to a newer one, which may be hours ago, counts no more.
  const error = last?.more.pulled === undefined || last.more.pulled === pulled ? last : undefined;
  const now = new Date().toISOString();
  const since = error?.since ?? now;
  const attempts = (error?.attempts ?? 0) + 1;
  const isMerge = failure.error === errors.mergeMissing;
  // A machine of the release before has one clock for all: the other would begin anew each time.
  const mergeSince = (error?.more.mergeSince ?? error?.since) || (isMerge ? now : '');
  const [begun, limit] = isMerge ? [mergeSince, MERGE_SECONDS] : [since, AGAIN_SECONDS];
  const inTime = Date.parse(now) < Date.parse(begun) + limit * 1000;
  return {
    Error: failure.error,
    Cause:
      attempts > 1 ? `${failure.message}; it was built ${attempts} times since ${since}` : failure.message,
    again: inTime && isBuiltAgain(failure),
    seconds: waitAfter(attempts, failure),
    attempts,
    since,
    mergeSince,
    pulled,
  };
}

function isBuiltAgain({ error, message }: Failure): boolean {
  // A quota of 0 stays 0 until somebody raises it.
  if (error === errors.buildLimit) return !/more than 0 builds/.test(message);
  if (mayPass({ name: error, message })) return true;
  // A missing grant bears the service's name too.
  return codeBuildErrors.some((name) => name === error) && !/not authorized|AccessDenied/i.test(message);
}

/** Whole seconds, as Step Functions wants them, and not the same for the many that failed at once. */
function waitAfter(attempts: number, { error, message }: Failure): number {
  const longest = error === errors.buildLimit ? LONGEST_FOR_PLACE_SECONDS : LONGEST_SECONDS;
  const backoff = Math.min(FIRST_SECONDS * 2 ** (attempts - 1), longest);
  const rest = Math.min(retryAfterIn(message), LONGEST_REST_SECONDS);
  return rest + Math.ceil(backoff * (0.5 + Math.random() / 2));
}
