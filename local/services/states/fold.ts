import { packText, unpackText } from '../../core/packed-text.ts';
import type { KnownTexts } from './known-texts.ts';
import { eventsIn, type KeptEvent, type Tables } from './tables.ts';

/** What an execution has in one row, once it has succeeded and nothing of it changes any more. */
export interface Folded {
  readonly events: readonly KeptEvent[];
  /** by the names under which its other rows know them */
  readonly texts: Readonly<Record<string, string>>;
}

// A longer history would take long to read for a page of it.
const MOST_EVENTS = 200;

/** Makes one row of the rows of a history and its texts, inside of the transaction that ends the execution. */
export function fold(tables: Tables, arn: string, known: KnownTexts): void {
  const history = [...tables.history.under([arn], { limit: MOST_EVENTS + 1 })];
  const events = history.flatMap(({ value }) => eventsIn(value));
  if (events.length > MOST_EVENTS) return;
  const texts = [...tables.texts.under([arn])];
  const folded: Folded = {
    events,
    texts: Object.fromEntries(
      texts.map(({ key, value }) => [key[1], known.texts.get(String(key[1])) ?? unpackText(value)]),
    ),
  };
  void tables.folded.put(arn, packText(JSON.stringify(folded)));
  for (const { key } of history) void tables.history.remove(key);
  for (const { key } of texts) void tables.texts.remove(key);
}

/** What was folded of an execution; undefined for one whose rows stand by themselves. */
export function unfolded({ folded }: Tables, arn: string): Folded | undefined {
  const packed = folded.get(arn);
  return packed === undefined ? undefined : JSON.parse(unpackText(packed));
}
