import { createHash } from 'node:crypto';
import { packText, unpackText } from '../../core/packed-text.ts';
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

export function textOf({ texts }: Tables, arn: string, kept: Kept): string {
  if (typeof kept === 'string') return kept;
  const packed = texts.get([arn, kept.text]);
  if (packed === undefined) throw new Error(`the store has no text ${kept.text} of ${arn}`);
  return unpackText(packed);
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

export function eventOf(tables: Tables, arn: string, { texts, ...event }: KeptEvent): HistoryEvent {
  if (!texts) return event;
  const long = Object.entries(texts).map(([member, kept]) => [member, textOf(tables, arn, kept)]);
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
