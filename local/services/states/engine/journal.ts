import { KnownTexts } from '../known-texts.ts';
import type { JsonObject } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import { eventsIn, type HistoryEvent, type Position, type Tables } from '../tables.ts';
import { keepEvents, keepPosition } from '../texts.ts';

type NewEvent = Omit<HistoryEvent, 'id' | 'timestamp'>;

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: events of an execution's history */
export const MAX_EVENTS = 25_000;

// Some 30 states: they take a few milliseconds, and one fsync for all of them costs each next to nothing.
const MAX_PENDING = 100;

/** The history has no room for another event but the last, so that the execution ends. No catcher takes this error. */
export class HistoryFull extends StateError {
  constructor() {
    super('States.Runtime', `the execution reached the maximum number of history events (${MAX_EVENTS})`);
  }
}

/**
 * Writes an execution's history and position as they come about.
 *
 * All writes of one turn of the event loop land in one transaction: a state's exit and the next state's entry are on
 * disk together or not at all, and a short chain of states without work costs one fsync.
 */
export class Journal {
  /** the texts that this line of writes has read, or has written to the disk */
  readonly known = new KnownTexts();
  private lastId: number;
  private events: HistoryEvent[] = [];
  private position: { readonly of: Position; readonly text: string | undefined } | undefined;
  private pending: ((texts: KnownTexts) => void)[] = [];
  private scheduled = false;
  private inLine = false;
  private tail: Promise<void> = Promise.resolve();
  private failure: unknown;

  constructor(
    private readonly tables: Tables,
    private readonly arn: string,
  ) {
    const [last] = tables.history.under([arn], { reverse: true, limit: 1 });
    this.lastId = (last && eventsIn(last.value).at(-1)?.id) ?? 0;
  }

  /** The event before the next one. */
  get last(): number {
    return this.lastId;
  }

  /**
   * Adds an event and gives its id.
   * @throws HistoryFull where only the execution's last event has room
   */
  add(event: NewEvent): number {
    if (this.lastId >= MAX_EVENTS - 1) throw new HistoryFull();
    return this.append(event);
  }

  /** Adds the execution's last event, for which there is always room. */
  end(event: NewEvent): void {
    this.append(event);
  }

  private append(event: NewEvent): number {
    this.lastId += 1;
    this.events.push({ ...event, id: this.lastId, timestamp: Date.now() });
    this.schedule();
    return this.lastId;
  }

  /** Records where the execution stands. @param text its input as JSON, where the caller has it */
  move(position: Position, text?: string): void {
    this.position = { of: position, text };
    this.schedule();
  }

  /** Writes more, after the events and the position so far. @param work gets the texts that stand by then */
  write(work: (texts: KnownTexts) => void): void {
    this.pending.push(work);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  /**
   * Waits for the disk when much is to be written. A machine that never waits for a task, a timer or a build would
   * otherwise keep the process from everything else, and its history in memory.
   */
  async keepPace(): Promise<void> {
    if (this.events.length >= MAX_PENDING) await this.flushed();
  }

  /** Resolves when all that was written is on disk. @throws StateNotWritten, from then on each time */
  async flushed(): Promise<void> {
    this.flush();
    await this.tail;
    if (this.failure !== undefined) throw this.failure;
  }

  private flush(): void {
    this.scheduled = false;
    const isEmpty = this.events.length === 0 && !this.position && this.pending.length === 0;
    if (isEmpty || this.inLine) return;
    this.inLine = true;
    this.tail = this.tail
      .then(() => this.commit())
      .catch((error: unknown) => {
        this.failure ??= error;
      });
  }

  /** What follows a write that failed is not written: the history would have a gap. */
  private async commit(): Promise<void> {
    this.inLine = false;
    const { tables, arn, known, events, position, pending } = this;
    [this.events, this.position, this.pending] = [[], undefined, []];
    if (this.failure !== undefined) return;
    const texts = new KnownTexts(known);
    const kept = position && { ...position, text: position.text ?? JSON.stringify(position.of.input) };
    await tables.store.transaction(() => {
      keepEvents(tables, arn, events, texts);
      if (kept) keepPosition(tables, arn, kept.of, kept.text, texts);
      for (const write of pending) write(texts);
    });
    known.addAll(texts);
  }
}

/** An event's details, under the name of the member that the API has for the event's type. */
export function eventDetails(member: string, details: JsonObject): { member: string; details: JsonObject } {
  return { member, details };
}

// No payload is too large for a history here: a payload over the limit has failed its state before.
export const inputDetails = { truncated: false };
export const outputDetails = { truncated: false };
