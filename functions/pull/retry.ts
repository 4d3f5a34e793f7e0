import { setTimeout as wait } from 'node:timers/promises';
import { GitFailure } from './git-failure.ts';
import { progress } from './log.ts';

/** 1 s and 4 s: longer outages are the machine's to retry, with a new build. */
const pauses = [1000, 4000];

/** Runs `attempt` again after a failure of the network, three times in all. */
export async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GitFailure && error.transient)) throw error;
      progress(`again in ${pause / 1000} s: ${error.message}`);
      await wait(pause);
    }
  }
  return attempt();
}
