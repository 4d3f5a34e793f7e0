import type { JsonObject } from '../payload/json.ts';
import type { HistoryEvent, Position, Tables } from '../tables.ts';

/**
 * Writes an execution's history and position as they come about.
 *
 * What comes within one turn of the event loop lands in one transaction: a state's exit and the next one's entry
 * are on disk together or not at all, and a chain of pure states costs one fsync.
 */
export class Journal {
  private lastId: number;
  private pending: (() => void)[] = [];
  private scheduled = false;
  private tail: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    private readonly tables: Tables,
    private readonly arn: string,
  ) {
    const [last] = tables.history.under([arn], { reverse: true, limit: 1 });
    this.lastId = last?.value.id ?? 0;
  }

  /** The event before the next one. */
  get last(): number {
    return this.lastId;
  }

  /** Adds an event and gives its id. */
  add(event: Omit<HistoryEvent, 'id' | 'timestamp'>): number {
    this.lastId += 1;
    const whole: HistoryEvent = { ...event, id: this.lastId, timestamp: Date.now() };
    this.write(() => void this.tables.history.put([this.arn, whole.id], whole));
    return whole.id;
  }

  /** Records where the execution stands. */
  move(position: Position): void {
    this.write(() => void this.tables.positions.put(this.arn, position));
  }

  write(work: () => void): void {
    this.pending.push(work);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  /** When all that was written is on disk. */
  async flushed(): Promise<void> {
    this.flush();
    await this.tail;
    if (this.failure) throw this.failure;
  }

  private flush(): void {
    this.scheduled = false;
    if (this.pending.length === 0) return;
    const writes = this.pending;
    this.pending = [];
    const done = this.tables.store.transaction(() => {
      for (const write of writes) write();
    });
    this.tail = Promise.all([this.tail, done]).then(
      () => undefined,
      (error: unknown) => {
        this.failure = new Error(`could not write the history of ${this.arn}`, { cause: error });
      },
    );
  }
}

/** The member of an event and its content. */
export function detailed(member: string, details: JsonObject): { member: string; details: JsonObject } {
  return { member, details };
}

// Nothing is too large for a history here: what is over the limit has failed before.
export const inputDetails = { truncated: false };
export const outputDetails = { truncated: false };
