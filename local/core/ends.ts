/**
 * The ends of work that another service of this process waits for. Who waits for hours in line would otherwise ask every moment
 * again; whoever nobody tells asks from time to time all the same.
 */
export interface Ends {
  /** says that this has ended, and that a question about it is answered so */
  tell(id: string): void;
  /** listens from now on, until it is closed */
  watch(id: string): Watch;
}

export interface Watch {
  /** resolves when an end was told of since the last wait, or when it is time to ask again; throws the signal's reason */
  wait(signal: AbortSignal): Promise<void>;
  close(): void;
}

// Asked after 50 ms at first and then at a tenth of the age, so that waiting adds a tenth at most where nobody tells.
const FIRST_MS = 50;
const LONGEST_MS = 30_000;

export function ends(): Ends {
  const listeners = new Map<string, Set<() => void>>();
  return {
    tell: (id) => {
      for (const listener of listeners.get(id) ?? []) listener();
    },
    watch: (id) => {
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all);
      const { wait, told } = waiting();
      all.add(told);
      return {
        wait,
        close: () => {
          all.delete(told);
          if (all.size === 0) listeners.delete(id);
        },
      };
    },
  };
}

function waiting(): { readonly wait: Watch['wait']; readonly told: () => void } {
  const since = Date.now();
  let isTold = false;
  let wake: (() => void) | undefined;
  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const timer = setTimeout(() => leave(resolve), intervalAt(Date.now() - since));
      const stop = (): void => leave(() => reject(signal.reason));
      const leave = (settle: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        isTold = false;
        wake = undefined;
        settle();
      };
      signal.addEventListener('abort', stop, { once: true });
      wake = () => leave(resolve);
      if (isTold) leave(resolve);
    });
  const told = (): void => {
    isTold = true;
    wake?.();
  };
  return { wait, told };
}

const intervalAt = (age: number): number => Math.min(LONGEST_MS, Math.max(FIRST_MS, age / 10));
