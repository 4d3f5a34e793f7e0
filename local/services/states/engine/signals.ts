/** The reason for which all work ends with the process: nothing is recorded, and the next start goes on. */
export class Halt extends Error {
  override readonly name = 'Halt';
}

/** The reason for which the siblings of a failed branch end. */
export class SiblingFailed extends Error {
  override readonly name = 'SiblingFailed';
}

/** The promise's result, unless the signal comes first: then its reason is thrown. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

// setTimeout takes no more than 2^31 - 1 milliseconds and fires at once beyond.
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits until this time, in milliseconds since 1970; throws the signal's reason. */
export async function pauseUntil(time: number, signal: AbortSignal): Promise<void> {
  for (let left = time - Date.now(); left > 0; left = time - Date.now()) {
    let timer: NodeJS.Timeout | undefined;
    const rung = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(left, LONGEST_TIMER));
    });
    await unlessAborted(rung, signal).finally(() => clearTimeout(timer));
  }
  signal.throwIfAborted();
}

/** Runs `work` with a signal of its own, which also ends with the outer one. */
export async function within<T>(
  outer: AbortSignal,
  work: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer.reason);
  if (outer.aborted) stop();
  outer.addEventListener('abort', stop, { once: true });
  try {
    return await work(controller);
  } finally {
    outer.removeEventListener('abort', stop);
  }
}

const DONE = 'done';

/** Runs `work`, whose signal ends with this reason when the seconds have passed. */
export function withTimeout<T>(
  outer: AbortSignal,
  deadline: number | undefined,
  reason: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (deadline === undefined) return work(outer);
  return within(outer, async (controller) => {
    const clock = new AbortController();
    pauseUntil(deadline, clock.signal).then(
      () => controller.abort(reason()),
      () => undefined,
    );
    // Without a reason, Node makes an error with its stack.
    return work(controller.signal).finally(() => clock.abort(DONE));
  });
}
