import { setTimeout as wait } from 'node:timers/promises';
import type { GrantObserver } from '../../../local/index.ts';
import type { Granted } from './granted.ts';
import { STEPS } from './steps/index.ts';
import { DEPLOYMENT, QUIET_MS } from './track.ts';
import { startTrial, type Trial } from './trial.ts';

// The time in which a step shows that it ends well all the same, after a call was denied: Step Functions repeats some
// denied calls for many minutes.
const GRACE_MS = 3000;
// Many times what the longest step takes.
const STEP_MS = 300_000;

/**
 * Tries one step on a Hookline that lacks one grant.
 * @returns how it failed; undefined when nobody missed the grant
 */
export async function missed(assembly: string, granted: Granted, step: string): Promise<string | undefined> {
  const denied: string[] = [];
  const observer: GrantObserver = {
    counts: (grant) => !granted.covers(grant),
    denied: ({ principal, action, resource }) => void denied.push(`${principal} ${action} ${resource}`),
  };
  let trial: Trial;
  try {
    trial = await startTrial(assembly, observer);
  } catch (error) {
    return `${DEPLOYMENT}: ${messageOf(error)}`;
  }
  try {
    if (step === DEPLOYMENT) return undefined;
    const failure = await failureOf(trial, step, denied);
    if (failure !== undefined) return `${step}: ${failure}`;
    const [first] = denied;
    return first && `${step}: it ended well, but ${first} was denied`;
  } finally {
    await trial.close();
  }
}

async function failureOf(trial: Trial, step: string, denied: readonly string[]): Promise<string | undefined> {
  const found = STEPS.find(({ name }) => name === step);
  if (!found)
    throw new Error(`there is no step ${step}: take one of ${STEPS.map(({ name }) => name).join(', ')}`);
  const over = new AbortController();
  const run = found
    .run(trial)
    .then(() => wait(QUIET_MS))
    .then(() => undefined, messageOf);
  const late = patience(denied, over.signal);
  return Promise.race([run, late]).finally(() => over.abort());
}

/** Ends some time after the first call was denied, or when a step takes far too long. */
async function patience(denied: readonly string[], signal: AbortSignal): Promise<string> {
  const EVERY_MS = 100;
  const ends = Date.now() + STEP_MS;
  while (denied.length === 0 && Date.now() < ends && !signal.aborted) await wait(EVERY_MS);
  if (!signal.aborted) await wait(GRACE_MS, undefined, { signal }).catch(() => undefined);
  return `it did not come to its end, as ${denied[0] ?? 'nothing'} was denied`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
