import { packText, unpackText } from '../../core/packed-text.ts';
import type { Key } from '../../core/store.ts';
import { type LogBatch, type LogEvent, type Position, position, type Tables } from './tables.ts';

/** An event of a group, at its position among all of them. */
export interface PlacedEvent extends LogEvent {
  readonly at: Position;
}

/** Which events of a group, or of one of its streams: from a position on, and before another. */
export interface Span {
  readonly group: string;
  readonly stream?: string;
  readonly from: Position;
  readonly to: Position;
  /** the newest first */
  readonly reverse: boolean;
}

interface Timed {
  readonly timestamp: number;
  readonly message: string;
}

// Whoever reads from a time on looks at batches that begin this much before it.
export const LONGEST_MS = 1000;
// A page of a few events unpacks no more than that.
const MOST_EVENTS = 200;

/** Parts the events of a call, which are in the order of their times, into those that become a row each. */
export function batchesOf<E extends Timed>(events: readonly E[]): [E, ...E[]][] {
  const batches: [E, ...E[]][] = [];
  for (const event of events) {
    const last = batches.at(-1);
    const fits = last && last.length < MOST_EVENTS && event.timestamp - last[0].timestamp <= LONGEST_MS;
    if (fits) last.push(event);
    else batches.push([event]);
  }
  return batches;
}

/** What a row has of its events. The first has the row's position, and each other one the next number. */
export function packed(
  stream: string,
  ingestionTime: number,
  events: readonly [Timed, ...Timed[]],
): LogBatch {
  const rows = events.map(({ timestamp, message }) => [timestamp - events[0].timestamp, message]);
  return { stream, ingestionTime, events: packText(JSON.stringify(rows)) };
}

/** The events of a span in their order, the streams of a group interleaved. */
export function* eventsOf(tables: Tables, span: Span): Generator<PlacedEvent> {
  const { from, to, reverse } = span;
  for (const event of interleaved(rowsOf(tables, span), reverse)) {
    const [isBefore, isAfter] = [compare(event.at, from) < 0, compare(event.at, to) >= 0];
    if (reverse ? isBefore : isAfter) return;
    if (!isBefore && !isAfter) yield event;
  }
}

interface Row {
  readonly at: Position;
  readonly value: LogBatch | LogEvent;
}

function* rowsOf(tables: Tables, { group, stream, from, to, reverse }: Span): Generator<Row> {
  const prefix = stream === undefined ? [group] : [group, stream];
  const ends: [Key, Key] = [
    [...prefix, Math.max(0, from[0] - LONGEST_MS)],
    [...prefix, ...to],
  ];
  const [start, end] = reverse ? [ends[1], ends[0]] : ends;
  const table = stream === undefined ? tables.events : tables.byStream;
  for (const { key } of table.entries({ start, end, reverse })) {
    const at = position(key, prefix.length);
    const value = tables.events.get([group, ...at]);
    if (value) yield { at, value };
  }
}

/** Batches come by their first events: what may stand behind a later batch's waits for that batch. */
function* interleaved(rows: Iterable<Row>, reverse: boolean): Generator<PlacedEvent> {
  // The next one stands last.
  const waiting: PlacedEvent[] = [];
  for (const { at, value } of rows) {
    const waits = (next: Position): boolean =>
      reverse ? next[0] <= at[0] + LONGEST_MS : compare(next, at) >= 0;
    for (let next = waiting.at(-1); next && !waits(next.at); next = waiting.at(-1)) {
      waiting.pop();
      yield next;
    }
    for (const event of unpacked(at, value)) insert(waiting, event, reverse);
  }
  yield* waiting.reverse();
}

/** Puts an event behind those that come after it. */
function insert(waiting: PlacedEvent[], event: PlacedEvent, reverse: boolean): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(event.at, waiting[middle]?.at ?? event.at);
    if (reverse ? order > 0 : order < 0) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, event);
}

function unpacked([timestamp, sequence]: Position, value: LogBatch | LogEvent): PlacedEvent[] {
  // Of an earlier version, one event a row.
  if (!('events' in value)) return [{ ...value, at: [timestamp, sequence] }];
  const { stream, ingestionTime, events } = value;
  const rows: [number, string][] = JSON.parse(unpackText(events));
  return rows.map(([after, message], index) => ({
    ...{ stream, ingestionTime, message },
    at: [timestamp + after, sequence + index],
  }));
}

const compare = (a: Position, b: Position): number => a[0] - b[0] || a[1] - b[1];
