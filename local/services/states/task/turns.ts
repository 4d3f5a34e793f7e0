import { unlessAborted } from '../engine/signals.ts';

/** At most `max` at once for each key; who comes later waits in line. */
export class Turns {
  private readonly busy = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly max: number) {}

  /** Resolves when it is this one's turn, with what ends the turn. Throws the signal's reason. */
  async take(key: string, signal: AbortSignal): Promise<() => void> {
    const turn = this.turn(key);
    try {
      await unlessAborted(turn, signal);
    } catch (error) {
      void turn.then(() => this.leave(key));
      throw error;
    }
    return () => this.leave(key);
  }

  private turn(key: string): Promise<void> {
    const busy = this.busy.get(key) ?? 0;
    if (busy < this.max) {
      this.busy.set(key, busy + 1);
      return Promise.resolve();
    }
    const line = this.waiting.get(key) ?? [];
    this.waiting.set(key, line);
    return new Promise((resolve) => line.push(resolve));
  }

  /** The one who leaves hands over its place, so that nobody overtakes the line. */
  private leave(key: string): void {
    const next = this.waiting.get(key)?.shift();
    if (next) next();
    else this.busy.set(key, (this.busy.get(key) ?? 1) - 1);
  }
}
