const HOUR = 3_600_000;

/** Work that a service does from time to time, such as dropping what is past its retention. */
export interface Sweep {
  /** sweeps once; the signal says that the service stops, and that a long sweep may end early */
  readonly sweep: (stopping: AbortSignal) => Promise<void>;
  /** hears of a sweep that failed; the next sweep comes at its time all the same */
  readonly onError: (error: unknown) => void;
  /** milliseconds from the end of one sweep to the next, an hour by default */
  readonly every?: number;
}

/**
 * Sweeps now and then every hour. A sweep begins only after the one before has ended, so two never overlap.
 * @returns what stops the sweeping; it resolves when the sweep under way has ended
 */
export function startSweeper({ sweep, onError, every = HOUR }: Sweep): () => Promise<void> {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let sweeping = sweepOnce();

  async function sweepOnce(): Promise<void> {
    try {
      await sweep(stopping.signal);
    } catch (error) {
      onError(error);
    }
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      sweeping = sweepOnce();
    }, every);
    // An idle process may end between two sweeps.
    timer.unref();
  }

  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await sweeping;
  };
}
