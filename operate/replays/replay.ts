import {
  CancelReplayCommand,
  DescribeReplayCommand,
  IllegalStatusException,
  ListReplaysCommand,
  type Replay,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { ruleOfArn } from '../../events/bus-event.ts';
import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, deliveryPages } from '../deliveries/index.ts';
import { busArn, rulesNamed } from '../rules/index.ts';
import { describeArchive } from './archive.ts';

/** A span of time, ISO: from inclusive, to exclusive. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The progress of a replay. */
export interface ReplayProgress {
  readonly name: string;
  /** ISO time */
  readonly startedAt: string;
  /** STARTING, RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED */
  readonly state: string;
  readonly reason: string;
  /** from 0 to 1, by the time of the last event that was replayed */
  readonly done: number;
  readonly span: Span;
  /** the rules that get the events; an empty list stands for every rule */
  readonly rules: readonly string[];
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
    describeArchive(connection),
  ]);
  const name = `${connection.outputs.busName}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await connection.events.send(
    new StartReplayCommand({
      ReplayName: name,
      EventSourceArn: archive.arn,
      EventStartTime: new Date(span.from),
      EventEndTime: new Date(span.to),
      Destination: { Arn: bus, ...(names.length === 0 ? {} : { FilterArns: rules.map(({ arn }) => arn) }) },
    }),
  );
  return name;
}

/** @throws for a text that is not a time, and for an end before the beginning */
export function checkSpan({ from, to }: Span): void {
  for (const time of [from, to])
    if (Number.isNaN(Date.parse(time)))
      throw new Error(`${JSON.stringify(time)} is not a time: write it as 2026-01-31T09:00:00Z`);
  if (Date.parse(from) >= Date.parse(to))
    throw new Error(`the replay would end at ${to}, before it begins at ${from}`);
}

export async function describeReplay({ events }: Connection, name: string): Promise<ReplayProgress> {
  const found = await events.send(new DescribeReplayCommand({ ReplayName: name }));
  return progressOf(
    found,
    (found.Destination?.FilterArns ?? []).flatMap((arn) => ruleOfArn(arn) ?? []),
  );
}

/** A replay in the list of replays, which does not name the rules. */
export type PastReplay = Omit<ReplayProgress, 'rules'>;

// EventBridge keeps the replays of 90 days, which may be more than anyone reads.
const MAX_LISTED = 200;

/** The replays of the archive, the newest first. */
export async function listReplays(connection: Connection): Promise<readonly PastReplay[]> {
  const { arn: EventSourceArn } = await describeArchive(connection);
  const found: Replay[] = [];
  let NextToken: string | undefined;
  do {
    const page = await connection.events.send(
      new ListReplaysCommand({ EventSourceArn, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.Replays ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found
    .toSorted((a, b) => startOf(b) - startOf(a))
    .slice(0, MAX_LISTED)
    .map((replay) => {
      const { rules: _, ...past } = progressOf(replay, []);
      return past;
    });
}

const startOf = ({ ReplayStartTime }: Replay): number => ReplayStartTime?.getTime() ?? 0;

function progressOf(found: Replay, rules: readonly string[]): ReplayProgress {
  const [from, to] = [found.EventStartTime ?? new Date(0), found.EventEndTime ?? new Date(0)];
  const last = found.EventLastReplayedTime?.getTime() ?? from.getTime();
  const length = to.getTime() - from.getTime();
  const done = found.State === 'COMPLETED' || length <= 0 ? 1 : (last - from.getTime()) / length;
  return {
    name: found.ReplayName ?? '',
    startedAt: (found.ReplayStartTime ?? new Date(0)).toISOString(),
    state: found.State ?? '',
    reason: found.StateReason ?? '',
    done: Math.min(1, Math.max(0, done)),
    span: { from: from.toISOString(), to: to.toISOString() },
    rules,
  };
}

/** Cancels a replay, unless it has ended already. The events that it has put on the bus are still delivered. */
export async function cancelReplay({ events }: Connection, name: string): Promise<void> {
  await events.send(new CancelReplayCommand({ ReplayName: name })).catch((error: unknown) => {
    if (!(error instanceof IllegalStatusException)) throw error;
  });
}

/** The executions that a replay of a span, or redeliveries, have caused, newest first. */
export async function executionsOfReplay(
  connection: Connection,
  name: string,
  { from }: Pick<Span, 'from'>,
): Promise<DeliveryRow[]> {
  const rows: DeliveryRow[] = [];
  for await (const page of deliveryPages(connection, { filter: { replayName: name }, since: from }))
    rows.push(...page);
  return rows;
}
