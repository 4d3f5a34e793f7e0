import { setTimeout as wait } from 'node:timers/promises';
import { errors, HooklineError } from '../shared/errors.ts';
import { submoduleOf } from './fetch-submodule.ts';
import { progress } from './log.ts';

/** Seconds between the tries at a host that does not have what it told of: a replica of it may be behind. */
export const REPLICA_PAUSES: readonly number[] = [1, 3];

/** Whether the delivery's own repository does not have a commit. */
export const isUnreachable = (error: unknown): error is HooklineError =>
  error instanceof HooklineError && error.name === errors.commitUnreachable && !submoduleOf(error);

/** Runs `attempt` again where the host does not have a commit, three times in all. */
export async function untilReachable<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of REPLICA_PAUSES) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      progress(`looking again in ${pause} s: ${error.message}`);
      await wait(pause * 1000);
    }
  }
  return attempt();
}
