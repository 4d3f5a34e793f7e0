import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ExecutionAlreadyExists, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { QUIET } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { groupBy } from '../group.ts';
import { newRedeliveryName, redeliver } from './actions.ts';
import { fillOutcomes, hasTaken, isRunning } from './fill-outcomes.ts';
import { type InVain, partInVain } from './in-vain.ts';
import { boundsOf, deliveryPages } from './list.ts';
import { type DeliveryFilter, type DeliveryRow, eventTimeOf, passes } from './row.ts';

/** Which deliveries run again. */
export interface ManyQuery {
  readonly filter: DeliveryFilter;
  /** the oldest time wanted, ISO */
  readonly since?: string | undefined;
  /** the newest time wanted, ISO */
  readonly until?: string | undefined;
  /** leaves out what needs nobody's attention, as a list does that hides it */
  readonly hide?: boolean | undefined;
  /** the shortest time, in ms, that the delivery took */
  readonly took?: number | undefined;
  /** also what would end as before */
  readonly force?: boolean | undefined;
}

/** What would run again, and under which name. */
export interface RedeliveryPlan {
  /** the replay name of all of these redeliveries; the same name again goes on with them */
  readonly replayName: string;
  /** oldest first, each delivery once for each of its rules */
  readonly rows: readonly DeliveryRow[];
  /** what passes the query and is left out, as it would end as before; oldest first */
  readonly inVain: readonly InVain[];
  /** how many the same name has started before */
  readonly started: number;
}

/** What became of a plan. */
export interface Redelivered {
  readonly started: number;
  /** deliveries whose execution is not kept any more, so that nothing can run again */
  readonly expired: readonly DeliveryRow[];
  /** how many were left when it was interrupted */
  readonly left: number;
}

/**
 * As many as the door takes by default, which is what the parts behind it are laid out for.
 * Step Functions starts far more: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const STARTS_A_SECOND = 10;

/**
 * The deliveries of which the last run passes a query: one that has been run again since, and ended well, is left out, as
 * is one that runs, and by default one that would end as before. What no rule took has nothing that could run again.
 * @param replayName of redeliveries that go on: what they have started is left out too
 * @throws for a time that is none, and for an unknown outcome
 */
export async function planRedeliveries(
  connection: Connection,
  { filter, hide = false, took = 0, force = false, ...span }: ManyQuery,
  replayName = newRedeliveryName(),
): Promise<RedeliveryPlan> {
  const { since, until } = boundsOf(span);
  // A later run may have another outcome, another end of its pipeline, and always has another replay name.
  const { outcome: _, pipelineStatus: __, replayName: ___, ...alike } = filter;
  const found: DeliveryRow[] = [];
  // What runs again since then stands after the span.
  for await (const page of deliveryPages(connection, { filter: alike, since }))
    found.push(...page.filter(({ executionArn }) => executionArn !== ''));
  const all = [...groupBy(found, keyOf).values()].filter((of) => of.some((row) => isUntil(row, until)));
  const isStarted = (of: readonly DeliveryRow[]): boolean => of.some((row) => row.replayName === replayName);
  const last = all.filter((of) => !isStarted(of)).map(lastOf);
  const rows = (await fillOutcomes(connection, last)).filter(
    (row) =>
      !isRunning(row) && passes(row, filter) && !(hide && QUIET.includes(row.outcome)) && hasTaken(row, took),
  );
  // A list is newest first, also among those of one moment.
  const oldestFirst = rows
    .toReversed()
    .toSorted((a, b) => Date.parse(eventTimeOf(a)) - Date.parse(eventTimeOf(b)));
  return {
    replayName,
    ...(force ? { rows: oldestFirst, inVain: [] } : await partInVain(connection, oldestFirst)),
    started: all.filter(isStarted).length,
  };
}

/** A delivery for a rule, whichever of its runs. What ended before its id was read is known by its execution alone. */
const keyOf = ({ rule, host, deliveryId, executionArn }: DeliveryRow): string =>
  deliveryId === '' ? executionArn : `${rule}#${host}#${deliveryId}`;

/** Both are texts as the table has them. */
const isUntil = ({ receivedAt }: DeliveryRow, until: string | undefined): boolean =>
  until === undefined || receivedAt <= until;

function lastOf(rows: readonly DeliveryRow[]): DeliveryRow {
  const start = ({ claimedAt, updatedAt }: DeliveryRow): number => Date.parse(claimedAt || updatedAt);
  return rows.reduce((last, row) => (start(row) > start(last) ? row : last));
}

/**
 * Runs a plan: each delivery again from the beginning, with its rule as it is now, and so many a second. The name of each
 * execution is made of the delivery and the replay name, so that the same plan again starts nothing twice.
 * @param progress called with how many are dealt with, and of how many
 * @throws when Step Functions does not start one; the same name goes on from there
 */
export async function redeliverMany(
  connection: Connection,
  { rows, replayName }: RedeliveryPlan,
  progress: (done: number, all: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Redelivered> {
  const expired: DeliveryRow[] = [];
  const begin = Date.now();
  for (const [done, row] of rows.entries()) {
    await wait(begin + (done * 1000) / STARTS_A_SECOND - Date.now());
    if (signal?.aborted) return { started: done - expired.length, expired, left: rows.length - done };
    if (!(await startOnce(connection, row, replayName))) expired.push(row);
    progress(done + 1, rows.length);
  }
  return { started: rows.length - expired.length, expired, left: 0 };
}

/** @returns whether it is started; false for a delivery whose execution, with its input, is not kept any more */
async function startOnce(connection: Connection, row: DeliveryRow, replayName: string): Promise<boolean> {
  const name = createHash('sha256')
    .update(`${replayName} ${keyOf(row)}`)
    .digest('hex');
  try {
    await redeliver(connection, row, { replayName, name });
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return false;
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
  return true;
}
