/** Work that must not overlap: one at a time for each key, in the order it was asked for. */
export interface Turns {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** resolves when nothing runs or waits any more */
  idle(): Promise<void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    run: (key, work) => {
      const before = last.get(key) ?? Promise.resolve();
      const turn = before.then(work, work);
      last.set(key, turn);
      const forget = (): void => void (last.get(key) === turn && last.delete(key));
      turn.then(forget, forget);
      return turn;
    },
    idle: async () => {
      while (last.size > 0) await Promise.allSettled(last.values());
    },
  };
}
