import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { Connection } from './connection.ts';
import { type DeliveryRow, listDeliveries } from './deliveries.ts';
import { eventOf } from './event.ts';
import { busArn, type DeployedRule, matchesDetail, rulesNamed } from './rules.ts';

/** A span of time, ISO: from inclusive, to exclusive. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** How far a replay is. */
export interface ReplayProgress {
  readonly name: string;
  /** STARTING, RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED */
  readonly state: string;
  readonly reason: string;
  /** from 0 to 1, by the time of the last event that was replayed */
  readonly done: number;
  readonly span: Span;
}

/**
 * Replays archived events to the bus, to the chosen rules only.
 * @param names the rules; all of them when empty
 * @returns the replay's name, which is part of each delivery's key (I3)
 */
export async function startReplay(
  connection: Connection,
  span: Span,
  names: readonly string[],
): Promise<string> {
  checkSpan(span);
  const [rules, bus, archive] = await Promise.all([
    rulesNamed(connection, names),
    busArn(connection),
    connection.events.send(new DescribeArchiveCommand({ ArchiveName: connection.outputs.archiveName })),
  ]);
  const name = `hookline-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await connection.events.send(
    new StartReplayCommand({
      ReplayName: name,
      EventSourceArn: archive.ArchiveArn,
      EventStartTime: new Date(span.from),
      EventEndTime: new Date(span.to),
      Destination: { Arn: bus, ...(names.length === 0 ? {} : { FilterArns: rules.map(({ arn }) => arn) }) },
    }),
  );
  return name;
}

function checkSpan({ from, to }: Span): void {
  for (const time of [from, to])
    if (Number.isNaN(Date.parse(time)))
      throw new Error(`${JSON.stringify(time)} is no time: write it as 2026-01-31T09:00:00Z`);
  if (Date.parse(from) >= Date.parse(to))
    throw new Error(`the replay would end at ${to}, before it begins at ${from}`);
}

export async function describeReplay({ events }: Connection, name: string): Promise<ReplayProgress> {
  const found = await events.send(new DescribeReplayCommand({ ReplayName: name }));
  const [from, to] = [found.EventStartTime ?? new Date(0), found.EventEndTime ?? new Date(0)];
  const last = found.EventLastReplayedTime?.getTime() ?? from.getTime();
  const length = to.getTime() - from.getTime();
  const done = found.State === 'COMPLETED' || length <= 0 ? 1 : (last - from.getTime()) / length;
  return {
    name,
    state: found.State ?? '',
    reason: found.StateReason ?? '',
    done: Math.min(1, Math.max(0, done)),
    span: { from: from.toISOString(), to: to.toISOString() },
  };
}

/** Stops a replay; what it has put on the bus runs on. */
export async function cancelReplay({ events }: Connection, name: string): Promise<void> {
  await events.send(new CancelReplayCommand({ ReplayName: name }));
}

/** The executions that a replay has caused, newest first. */
export async function replayed(connection: Connection, name: string): Promise<readonly DeliveryRow[]> {
  return (await listDeliveries(connection, { filter: { replayName: name }, limit: 1000 })).rows;
}

/** What a replay of a span would do, from the deliveries on record. */
export interface Forecast {
  /** distinct deliveries of the span */
  readonly deliveries: number;
  /** how many of them each rule would take */
  readonly matches: Readonly<Record<string, number>>;
  /** deliveries too large for an execution's input, which cannot be looked into */
  readonly unknown: number;
}

/**
 * Counts what a replay would match. The archive itself cannot be read, so each delivery that some rule has taken is
 * asked of EventBridge with the rule's pattern; what no rule took then is not on record.
 */
export async function forecast(
  connection: Connection,
  span: Span,
  names: readonly string[],
  progress: (done: number, all: number) => void = () => undefined,
): Promise<Forecast> {
  checkSpan(span);
  const rules = await rulesNamed(connection, names);
  const rows = await deliveriesIn(connection, span);
  const matches = Object.fromEntries(rules.map(({ name }) => [name, 0]));
  let unknown = 0;
  for (const [index, row] of rows.entries()) {
    const found = await matchingRules(connection, row, rules);
    if (!found) unknown += 1;
    for (const name of found ?? []) matches[name] = (matches[name] ?? 0) + 1;
    progress(index + 1, rows.length);
  }
  return { deliveries: rows.length, matches, unknown };
}

/** A row for each delivery of a span, however many rules and replays took it. */
export async function deliveriesIn(connection: Connection, { from, to }: Span): Promise<DeliveryRow[]> {
  const found = new Map<string, DeliveryRow>();
  let cursor: string | undefined;
  do {
    const page = await listDeliveries(connection, { since: from, limit: 1000, cursor });
    for (const row of page.rows)
      if (row.receivedAt >= from && row.receivedAt < to) found.set(`${row.host}#${row.deliveryId}`, row);
    cursor = page.cursor;
  } while (cursor);
  return [...found.values()];
}

async function matchingRules(
  connection: Connection,
  row: DeliveryRow,
  rules: readonly DeployedRule[],
): Promise<string[] | undefined> {
  const event = await eventOf(connection, row);
  if (!event) return undefined;
  const asked = await Promise.all(rules.map(({ match }) => matchesDetail(connection, match, event)));
  return rules.filter((_, index) => asked[index]).map(({ name }) => name);
}
