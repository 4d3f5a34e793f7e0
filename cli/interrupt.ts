/** The exit code of an interrupted command, as shells have it. */
export const INTERRUPTED = 130;

/** Does `work`, and lets it end by itself when the person interrupts it, instead of ending the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  try {
    return await work(interrupted.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}
