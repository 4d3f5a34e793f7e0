import * as z from 'zod';
import { errors } from '../../statemachine/errors.ts';
import type { Diagnosis } from '../../statemachine/payloads.ts';
import { AGAIN_SECONDS, MERGE_SECONDS, PASSING } from '../../statemachine/pull-again.ts';
import { codeBuildErrors, sdkErrors } from '../../statemachine/service-errors.ts';
import { retryAfterIn } from '../shared/retry-after-text.ts';
import { type Failure, failureOf } from './failure.ts';

export const diagnoseSchema = z.object({
  state: z.object({
    pullError: z.object({ Error: z.string(), Cause: z.string().default('') }),
    /** the diagnosis of the build before this one */
    error: z.object({ attempts: z.number(), since: z.iso.datetime() }).optional(),
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

/** Why a build failed, by its own name and words, and whether and when the delivery is pulled again. */
export async function diagnose({ state: { pullError, error } }: DiagnoseInput): Promise<Diagnosis> {
  const failure = await failureOf(pullError);
  const now = Date.now();
  const since = error?.since ?? new Date(now).toISOString();
  const attempts = (error?.attempts ?? 0) + 1;
  const limit = failure.error === errors.mergeMissing ? MERGE_SECONDS : AGAIN_SECONDS;
  const inTime = now < Date.parse(since) + limit * 1000;
  return {
    Error: failure.error,
    Cause:
      attempts > 1 ? `${failure.message}; it was built ${attempts} times since ${since}` : failure.message,
    again: inTime && mayPass(failure),
    seconds: waitAfter(attempts, failure),
    attempts,
    since,
  };
}

function mayPass({ error, message }: Failure): boolean {
  // A quota of 0 stays 0 until somebody raises it.
  if (error === errors.buildLimit) return !/more than 0 builds/.test(message);
  if (error === errors.pullFailed) return sdkErrors.some((name) => message.startsWith(`${name}: `));
  if (PASSING.includes(error)) return true;
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
