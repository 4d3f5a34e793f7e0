import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Connection } from '../connection/connection.ts';
import { DAY_MS, KEPT_DAYS } from '../days.ts';
import { historyOf, type Step, stepsOf, type TimelineEvent, timelineOf } from './history.ts';
import { type DeliveryRow, rowSchema } from './index.ts';
import { newestPosition, recordedPage, type TablePosition } from './recorded-deliveries.ts';
import { runsOf } from './runs.ts';
import { unmatchedById, unmatchedOf } from './unmatched.ts';
import { rowOfExecution, unrecordedDeliveries } from './unrecorded-deliveries.ts';

/** One delivery for one rule: its record, and the execution that holds it state by state. */
export interface DeliveryDetail {
  readonly row: DeliveryRow;
  readonly execution: Execution;
  readonly steps: readonly Step[];
  readonly timeline: readonly TimelineEvent[];
}

export interface Execution {
  readonly arn: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly input: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/**
 * Finds a delivery by its key, by its execution's ARN, or by the first characters of the git host's id: the newest
 * match, and of a delivery that ran several times the last run.
 * @throws without a match, and when the characters begin several ids of that time
 */
export async function findDelivery(connection: Connection, id: string): Promise<DeliveryRow> {
  if (id === '') throw new Error('the id is empty: "hookline deliveries list" shows the ids');
  const byKey = (await deliveryOf(connection, id)) ?? (await unmatchedById(connection, id))?.row;
  if (byKey) return byKey;
  const rows = await newestOf(connection, id);
  const ids = new Set(rows.map(({ deliveryId }) => deliveryId));
  if (ids.size > 1)
    throw new Error(
      `the id ${id} begins ${ids.size} deliveries: ${[...ids].slice(0, 5).join(', ')}; write more of it`,
    );
  const [last] = rows;
  if (last) return last;
  throw new Error(`no delivery ${id}: "hookline deliveries list" shows the ids`);
}

/**
 * The runs of the delivery with this id, the last first; otherwise the rows of the newest page of the table with ids that
 * begin with `id`. Without such a page, the newest delivery that no rule took or that was never claimed: anybody may send
 * such a delivery, under any id.
 */
async function newestOf(connection: Connection, id: string): Promise<readonly DeliveryRow[]> {
  const runs = await runsOf(connection, id);
  if (runs.length > 0) return runs;
  const since = new Date(Date.now() - KEPT_DAYS * DAY_MS).toISOString();
  const query = { filter: { deliveryId: `${id}*` }, since, limit: 50, reads: 1 };
  for (let from: TablePosition | undefined = newestPosition(); from; ) {
    const page = await recordedPage(connection, { ...query, from });
    if (page.rows.length > 0) return page.rows;
    from = page.next;
  }
  const noRule = await unmatchedOf(connection, id, since);
  if (noRule) return [noRule];
  for await (const { row } of unrecordedDeliveries(connection, { from: undefined, since, skip: new Set() }))
    if (row.deliveryId.startsWith(id)) return [row];
  return [];
}

async function deliveryOf(connection: Connection, id: string): Promise<DeliveryRow | undefined> {
  return id.startsWith(executionPrefix(connection)) ? byExecution(connection, id) : recordOf(connection, id);
}

async function recordOf({ dynamo, outputs }: Connection, id: string): Promise<DeliveryRow | undefined> {
  const { Item } = await dynamo.send(new GetCommand({ TableName: outputs.deliveriesTable, Key: { id } }));
  return Item && rowSchema.parse(Item);
}

/** The delivery of an execution: its record, or the row that is made of the execution when it was never claimed. */
async function byExecution(connection: Connection, executionArn: string): Promise<DeliveryRow | undefined> {
  const found = await rowOfExecution(connection, executionArn);
  if (!found) return undefined;
  const row = await recordOf(connection, found.key);
  return row?.executionArn === executionArn ? row : found.row;
}

/** The beginning of the ARN of every execution of the machine. */
const executionPrefix = ({ outputs }: Connection): string =>
  `${outputs.stateMachineArn.replace(':stateMachine:', ':execution:')}:`;

/** @throws for a delivery that no rule has taken */
export function hasExecution({ executionArn, deliveryId }: DeliveryRow): void {
  if (executionArn === '')
    throw new Error(
      `no rule has taken the delivery ${deliveryId}, so that nothing of it runs: add a rule for it, and replay its time`,
    );
}

/** A delivery with its execution, state by state. @throws when its execution's history has expired */
export async function describeDelivery(connection: Connection, row: DeliveryRow): Promise<DeliveryDetail> {
  hasExecution(row);
  const [execution, events] = await Promise.all([
    describeExecution(connection, row.executionArn),
    historyOf(connection, row.executionArn),
  ]);
  return { row, execution, steps: stepsOf(events), timeline: timelineOf(events) };
}

export async function describeExecution({ sfn }: Connection, executionArn: string): Promise<Execution> {
  const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return {
    arn: executionArn,
    status: found.status ?? '',
    startedAt: (found.startDate ?? new Date(0)).toISOString(),
    endedAt: found.stopDate?.toISOString(),
    input: found.input ?? '{}',
    output: found.output,
    error: found.error,
    cause: found.cause,
  };
}
