import { createHash } from 'node:crypto';
import { packText, unpackText } from '../../core/packed-text.ts';
import { unfolded } from './fold.ts';
import { type JsonObject, parseJson } from './payload/json.ts';
import type { HistoryEvent, Kept, KeptEvent, KeptPosition, Position, Tables } from './tables.ts';

// A name is about as long.
const SHORTEST = 100;

/** Keeps a text of an execution, inside of a transaction: what a state gets is what the state before gave, and stands once. */
export function keepText({ texts }: Tables, arn: string, text: string): Kept {
  if (text.length < SHORTEST) return text;
  const name = createHash('sha256').update(text).digest('base64url');
  if (texts.get([arn, name]) === undefined) void texts.put([arn, name], packText(text));
  return { text: name };
}

export function textOf(tables: Tables, arn: string, kept: Kept): string {
  if (typeof kept === 'string') return kept;
  const packed = tables.texts.get([arn, kept.text]);
  const text = packed === undefined ? unfolded(tables, arn)?.texts[kept.text] : unpackText(packed);
  if (text === undefined) throw new Error(`the store has no text ${kept.text} of ${arn}`);
  return text;
}

/** Keeps an event, inside of a transaction. */
export function keepEvent(tables: Tables, arn: string, event: HistoryEvent): void {
  void tables.history.put([arn, event.id], keptEvent(tables, arn, event));
}

function keptEvent(tables: Tables, arn: string, { details, ...event }: HistoryEvent): KeptEvent {
  if (!details) return event;
  const [short, texts]: [JsonObject, Record<string, Kept>] = [{}, {}];
  for (const [member, value] of Object.entries(details)) {
    const kept = typeof value === 'string' ? keepText(tables, arn, value) : undefined;
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
  const rows = tables.history.under([arn], { reverse, after: after === undefined ? undefined : [after] });
  for (const { value } of rows) yield eventOf(value, read);
}

function eventOf({ texts, ...event }: KeptEvent, read: (kept: Kept) => string): HistoryEvent {
  if (!texts) return event;
  const long = Object.entries(texts).map(([member, kept]) => [member, read(kept)]);
  return { ...event, details: { ...event.details, ...Object.fromEntries(long) } };
}

/** Keeps the position of a running execution, inside of a transaction. */
export function keepPosition(tables: Tables, arn: string, { input, ...position }: Position): void {
  void tables.positions.put(arn, { ...position, text: keepText(tables, arn, JSON.stringify(input)) });
}

export function positionOf(tables: Tables, arn: string, kept: KeptPosition | Position): Position {
  // Of an earlier version, with the input itself.
  if (!('text' in kept)) return kept;
  const { text, ...position } = kept;
  return { ...position, input: parseJson(textOf(tables, arn, text)) };
}
