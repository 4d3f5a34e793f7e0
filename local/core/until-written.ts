import { setTimeout as wait } from 'node:timers/promises';
import { StateNotWritten } from './not-written.ts';

/** How long what could not be written waits for room, in ms. */
export const AGAIN_MS = 1000;

export interface Patience {
  /** ends the waiting: what is not written then is left to the next start */
  readonly stopping: AbortSignal;
  /** hears of the first failure */
  readonly failed: (error: StateNotWritten) => void;
}

/**
 * Writes again until the state folder takes it, as a full disk gets room again.
 * @throws any other failure, and StateNotWritten once it is stopping
 */
export async function untilWritten(
  write: () => Promise<unknown>,
  { stopping, failed }: Patience,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof StateNotWritten) || stopping.aborted) throw error;
      if (tries === 1) failed(error);
      await wait(AGAIN_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
