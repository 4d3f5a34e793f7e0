import { createHash } from 'node:crypto';
import { packText, unpackText } from '../../core/packed-text.ts';
import { unfolded } from './fold.ts';
import type { KnownTexts } from './known-texts.ts';
import { type JsonObject, parseJson } from './payload/json.ts';
import {
  eventsIn,
  type HistoryEvent,
  type Kept,
  type KeptEvent,
  type KeptPosition,
  type Position,
  type Tables,
} from './tables.ts';

// A name is about as long.
const SHORTEST = 100;

// A page of a history begins that much before its first event, so that the row of that event is among its rows.
const MOST_A_ROW = 100;

/** Keeps a text of an execution, inside of a transaction: what a state gets is what the state before gave, and stands once. */
export function keepText({ texts }: Tables, arn: string, text: string, known?: KnownTexts): Kept {
  if (text.length < SHORTEST) return text;
  const written = known?.names.get(text);
  if (written !== undefined) return { text: written };
  const name = createHash('sha256').update(text).digest('base64url');
  if (texts.get([arn, name]) === undefined) void texts.put([arn, name], packText(text));
  known?.add(name, text);
  return { text: name };
}

export function textOf(tables: Tables, arn: string, kept: Kept, known?: KnownTexts): string {
  if (typeof kept === 'string') return kept;
  const text = known?.texts.get(kept.text) ?? storedText(tables, arn, kept.text);
  known?.add(kept.text, text);
  return text;
}

function storedText(tables: Tables, arn: string, name: string): string {
  const packed = tables.texts.get([arn, name]);
  const text = packed === undefined ? unfolded(tables, arn)?.texts[name] : unpackText(packed);
  if (text === undefined) throw new Error(`the store has no text ${name} of ${arn}`);
  return text;
}

/** Keeps events that follow each other, inside of a transaction. */
export function keepEvents(
  tables: Tables,
  arn: string,
  events: readonly HistoryEvent[],
  known?: KnownTexts,
): void {
  for (let at = 0; at < events.length; at += MOST_A_ROW) {
    const row = events.slice(at, at + MOST_A_ROW).map((event) => keptEvent(tables, arn, event, known));
    if (row[0]) void tables.history.put([arn, row[0].id], row);
  }
}

function keptEvent(
  tables: Tables,
  arn: string,
  { details, ...event }: HistoryEvent,
  known: KnownTexts | undefined,
): KeptEvent {
  if (!details) return event;
  const [short, texts]: [JsonObject, Record<string, Kept>] = [{}, {}];
  for (const [member, value] of Object.entries(details)) {
    const kept = typeof value === 'string' ? keepText(tables, arn, value, known) : undefined;
    if (typeof kept === 'object') texts[member] = kept;
    else short[member] = value;
  }
  return { ...event, details: short, texts };
}

/** The events of an execution, in their order or from the last; after the one of this id. */
export function* eventsOf(
  tables: Tables,
  arn: string,
  { reverse, after }: { readonly reverse: boolean; readonly after: number | undefined },
): Generator<HistoryEvent> {
  const folded = unfolded(tables, arn);
  const read = (kept: Kept): string =>
    (typeof kept === 'object' && folded?.texts[kept.text]) || textOf(tables, arn, kept);
  if (folded) {
    const events = reverse ? folded.events.toReversed() : folded.events;
    const rest = events.slice(after === undefined ? 0 : events.findIndex(({ id }) => id === after) + 1);
    for (const event of rest) yield eventOf(event, read);
    return;
  }
  const isLeft = ({ id }: KeptEvent): boolean => after === undefined || (reverse ? id < after : id > after);
  for (const { value } of tables.history.under([arn], { reverse, after: firstRow(after, reverse) })) {
    const events = reverse ? eventsIn(value).toReversed() : eventsIn(value);
    for (const event of events) if (isLeft(event)) yield eventOf(event, read);
  }
}

/** The key before the first row with an event of the page. */
function firstRow(after: number | undefined, reverse: boolean): number[] | undefined {
  if (after === undefined) return undefined;
  return [reverse ? after : after - MOST_A_ROW];
}

function eventOf({ texts, ...event }: KeptEvent, read: (kept: Kept) => string): HistoryEvent {
  if (!texts) return event;
  const long = Object.entries(texts).map(([member, kept]) => [member, read(kept)]);
  return { ...event, details: { ...event.details, ...Object.fromEntries(long) } };
}

/** Keeps the position of a running execution, inside of a transaction. @param text its input as JSON */
export function keepPosition(
  tables: Tables,
  arn: string,
  { input: _, ...position }: Position,
  text: string,
  known?: KnownTexts,
): void {
  void tables.positions.put(arn, { ...position, text: keepText(tables, arn, text, known) });
}

export function positionOf(
  tables: Tables,
  arn: string,
  kept: KeptPosition | Position,
  known?: KnownTexts,
): Position {
  // Of an earlier version, with the input itself.
  if (!('text' in kept)) return kept;
  const { text, ...position } = kept;
  return { ...position, input: parseJson(textOf(tables, arn, text, known)) };
}
