import type { RouteOptions } from '../../events/decision.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, deliveryPages, eventTimeOf } from '../deliveries/index.ts';
import { type KnownEvent, keptEventOf } from '../deliveries/known-event.ts';
import { DESCRIBED_AT_ONCE } from '../deliveries/unrecorded-deliveries.ts';
import { type DeployedRule, rulesNamed } from '../rules/index.ts';
import { routeOptionsOf } from '../rules/route-options.ts';
import { readEvent, verdictOf } from '../rules/verdict.ts';
import { type AskedPatterns, askedPatterns } from './asked-patterns.ts';
import { mayIgnore, recordedEvent } from './recorded-event.ts';
import { checkSpan, type Span } from './replay.ts';
import { isWithin } from './tally.ts';

/** The forecast of a replay of a span, made of the deliveries on record. */
export interface Forecast {
  /** distinct deliveries of the span */
  readonly deliveries: number;
  /** how many of them each rule would match */
  readonly matches: Readonly<Record<string, number>>;
  /** how many of those that it matches each rule would ignore, by its path filter or the event */
  readonly ignored: Readonly<Record<string, number>>;
  /**
   * deliveries that cannot be examined: too large for an execution's input, of an execution that has expired, or taken by no
   * rule and not known well enough
   */
  readonly unknown: number;
}

/** A rule with the options that decide each delivery's route. */
interface ForecastRule extends DeployedRule {
  /** undefined for a rule that was deployed without its options */
  readonly options: RouteOptions | undefined;
}

/**
 * Counts the deliveries that a replay would bring to each rule. The archive itself cannot be read, so EventBridge is
 * asked, for each delivery on record, which patterns match it: by the record where that decides, by the event otherwise. Of a delivery that no rule took, the record has what most
 * patterns look at, and not what a path filter looks at.
 */
export async function forecast(
  connection: Connection,
  span: Span,
  names: readonly string[],
  progress: (done: number, all: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Forecast> {
  checkSpan(span);
  const rules = await forecastRules(connection, names);
  const rows = await deliveriesIn(connection, span, signal);
  const matches = Object.fromEntries(rules.map(({ name }) => [name, 0]));
  const ignored = { ...matches };
  let unknown = 0;
  const asked = askedPatterns(connection);
  const left = rows.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const row of left) {
      const found = await matchingOf(connection, row, rules, asked);
      signal?.throwIfAborted();
      if (!found) unknown += 1;
      for (const { rule, isIgnored } of found ?? []) {
        matches[rule] = (matches[rule] ?? 0) + 1;
        if (isIgnored) ignored[rule] = (ignored[rule] ?? 0) + 1;
      }
      done += 1;
      progress(done, rows.length);
    }
  };
  await Promise.all(Array.from({ length: DESCRIBED_AT_ONCE }, work));
  return { deliveries: rows.length, matches, ignored, unknown };
}

async function forecastRules(connection: Connection, names: readonly string[]): Promise<ForecastRule[]> {
  const rules = await rulesNamed(connection, names);
  return Promise.all(
    rules.map(async (rule) => ({ ...rule, options: await routeOptionsOf(connection, rule) })),
  );
}

/** A row for each delivery of a span, however many rules and replays took it. */
async function deliveriesIn(
  connection: Connection,
  span: Span,
  signal?: AbortSignal,
): Promise<DeliveryRow[]> {
  const found = new Map<string, DeliveryRow>();
  for await (const rows of deliveryPages(connection, { since: span.from })) {
    signal?.throwIfAborted();
    for (const row of rows)
      if (isWithin(eventTimeOf(row), span)) found.set(`${row.host}#${row.deliveryId}`, row);
  }
  return [...found.values()];
}

interface Matching {
  readonly rule: string;
  readonly isIgnored: boolean;
}

/** @returns undefined where some rule's match depends on what is not known of the event */
async function matchingOf(
  connection: Connection,
  row: DeliveryRow,
  rules: readonly ForecastRule[],
  asked: AskedPatterns,
): Promise<Matching[] | undefined> {
  const matching = await matchingByRecord(row, rules, asked);
  if (matching) return matching;
  const known = await keptEventOf(connection, row);
  const taking = known && (await takingOf(known, rules, asked));
  if (!taking) return undefined;
  const read = known.knows ? undefined : readEvent(known.event);
  return taking.map(({ name, options }) => ({
    rule: name,
    isIgnored:
      options !== undefined && read !== undefined && verdictOf(options, read).next === outcomes.ignored,
  }));
}

/** The same by the record alone; undefined where the record does not decide. */
async function matchingByRecord(
  row: DeliveryRow,
  rules: readonly ForecastRule[],
  asked: AskedPatterns,
): Promise<Matching[] | undefined> {
  const recorded = recordedEvent(row);
  const taking = recorded && (await takingOf(recorded, rules, asked));
  if (!taking || taking.some(({ options }) => mayIgnore(options))) return undefined;
  return taking.map(({ name }) => ({ rule: name, isIgnored: false }));
}

/** The rules whose match takes an event; undefined where that depends on what is not known of it. */
async function takingOf(
  known: KnownEvent,
  rules: readonly ForecastRule[],
  asked: AskedPatterns,
): Promise<ForecastRule[] | undefined> {
  const matches = await Promise.all(rules.map(({ match }) => asked(match, known)));
  return matches.includes(undefined) ? undefined : rules.filter((_, index) => matches[index]);
}
