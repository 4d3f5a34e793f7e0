/**
 * Those outside who wait for an answer: a git host at the door, a person at the console or the command. For as long as they
 * come, what the runtime does for itself is done a few pieces at a time.
 */
export interface Foreground {
  /** says that somebody has come */
  arrive(): void;
  /** how many pieces of one kind of work may run at once, of the `most` that may when nobody waits */
  room(most: number): number;
  /** calls back each time that nobody has come for a while, and there is room for all again */
  onQuiet(listener: () => void): void;
}

// A flood has another by then.
const QUIET_MS = 250;
// Enough for the functions of these executions to keep two processors at work.
const FEW = 4;

export function foreground(): Foreground {
  const listeners: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  const look = (): void => {
    const left = last + QUIET_MS - performance.now();
    timer = left > 0 ? setTimeout(look, left).unref() : undefined;
    if (!timer) for (const listener of listeners) listener();
  };
  return {
    arrive: () => {
      last = performance.now();
      timer ??= setTimeout(look, QUIET_MS).unref();
    },
    room: (most) => (timer ? Math.min(FEW, most) : most),
    onQuiet: (listener) => void listeners.push(listener),
  };
}
