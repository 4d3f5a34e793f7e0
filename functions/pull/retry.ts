import { setTimeout as wait } from 'node:timers/promises';
import { GitFailure } from './git-failure.ts';
import { progress } from './log.ts';

/** Seconds between tries: longer outages are the machine's to retry, with a new build. */
const pauses = [1, 4];
/** A build that waits costs what one costs that works: a host that asks for more seconds ends the pull. */
const longestPause = 120;
/**
 * A build on Lambda compute has 15 min, and one whose time is up is not begun again: a try that begins later might not come
 * to its end. The machine begins a new build after the failure.
 */
const latestTryMs = 9 * 60_000;
const began = Date.now();

/** Runs `attempt` again after a failure that may pass, three times in all, and not before the host wants it. */
export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GitFailure && error.transient)) throw error;
      const seconds = Math.max(pause, error.retryAfter ?? 0);
      if (seconds > longestPause || Date.now() + seconds * 1000 > began + latestTryMs) throw error;
      progress(`again in ${seconds} s: ${error.message}`);
      await wait(seconds * 1000);
    }
  }
  return attempt();
}
