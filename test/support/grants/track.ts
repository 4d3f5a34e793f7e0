import { setTimeout as wait } from 'node:timers/promises';
import type { Grant, GrantObserver } from '../../../local/index.ts';
import { type Granted, grantedBy } from './granted.ts';
import { STEPS } from './steps/index.ts';
import { startTrial } from './trial.ts';

/** What became of a grant while everything was tried. */
export interface Tracked {
  readonly granted: Granted;
  readonly used: boolean;
  /** the first step in which it was the only grant that let some call through; the deployment, if there is no other */
  readonly neededBy: string | undefined;
}

/** The step of those grants that the deployment itself needs. */
export const DEPLOYMENT = 'deployment';

/** Longer than a function or a build keeps its log lines back. */
export const QUIET_MS = 600;

/**
 * Tries everything once, with every grant.
 * @throws when a step does not come to its end, or a call is denied
 */
export async function track(assembly: string): Promise<Tracked[]> {
  const seen = new Map<string, { readonly grant: Grant; neededBy: Set<string> }>();
  const denied: string[] = [];
  let step = DEPLOYMENT;
  const observer: GrantObserver = {
    denied: ({ principal, action, resource }) => void denied.push(`${principal} ${action} ${resource}`),
    allowed: (_request, grants) => {
      const all = new Map(grants.map((grant) => [keyOf(grant), grant]));
      for (const [key, grant] of all) {
        const known = seen.get(key) ?? { grant, neededBy: new Set() };
        seen.set(key, known);
        if (all.size === 1) known.neededBy.add(step);
      }
    },
  };
  const trial = await startTrial(assembly, observer);
  try {
    for (const { name, run } of STEPS) {
      step = name;
      await within(run(trial));
      await wait(QUIET_MS);
      if (denied.length > 0) throw new Error(`denied: ${denied.join(', ')}`);
    }
    return grantedBy(trial.runtime).map((granted) => {
      const uses = [...seen.values()].filter(({ grant }) => granted.covers(grant));
      const steps = uses.flatMap((use) => [...use.neededBy]);
      // A deployment may end well without what the runtime begins with, such as the reading of a queue.
      const neededBy = steps.find((each) => each !== DEPLOYMENT) ?? steps[0];
      return { granted, used: uses.length > 0, neededBy };
    });
  } catch (cause) {
    throw new Error(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    await trial.close();
  }
}

// Many times what the longest step takes on a machine that does something else besides.
const STEP_MS = 600_000;

/** @throws when the step has not come to its end in time */
async function within(run: Promise<void>): Promise<void> {
  const late = new AbortController();
  const end = wait(STEP_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('it did not come to its end');
  });
  end.catch(() => undefined);
  await Promise.race([run, end]).finally(() => late.abort());
}

const keyOf = ({ policy, statement, action, resource }: Grant): string =>
  // AWS's own policies are one grant each.
  policy.startsWith('arn:aws:iam::aws:') ? policy : `${policy} ${statement} ${action} ${resource}`;
