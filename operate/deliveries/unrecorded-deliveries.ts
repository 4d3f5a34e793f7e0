import { DescribeExecutionCommand, type ExecutionListItem, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { headersSchema, webhookSchema } from '../../events/bus-event.ts';
import { deliverySchema } from '../../events/delivery.ts';
import { originSchema, recordedName } from '../../events/raw-input.ts';
import { REFUSED } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { messageOf } from '../format.ts';
import { type DeliveryRow, rowSchema } from './row.ts';

/** A delivery that ended before it was claimed, and the token of the page of executions that it stands on. */
export interface Unrecorded {
  readonly row: DeliveryRow;
  readonly token: string | undefined;
}

const PAGE = 100;
/** How many executions are described at once: Step Functions throttles these calls. */
export const DESCRIBED_AT_ONCE = 10;

/**
 * Deliveries that failed before they were claimed, newest first: a wrong signature and an unreadable payload leave no
 * record (I6), only their execution.
 * @param from the token of the page to begin with
 * @param skip executions that are known to have a record
 */
export async function* unrecordedDeliveries(
  connection: Connection,
  { from, since, skip }: { from: string | undefined; since: string; skip: ReadonlySet<string> },
): AsyncGenerator<Unrecorded> {
  let token = from;
  do {
    const { executions = [], nextToken } = await connection.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: connection.outputs.stateMachineArn,
        statusFilter: 'FAILED',
        maxResults: PAGE,
        ...(token ? { nextToken: token } : {}),
      }),
    );
    const wanted = executions.filter((execution) => startedAt(execution) >= Date.parse(since));
    for (let at = 0; at < wanted.length; at += DESCRIBED_AT_ONCE) {
      const some = wanted
        .slice(at, at + DESCRIBED_AT_ONCE)
        .filter(({ executionArn = '' }) => !skip.has(executionArn));
      const rows = await Promise.all(some.map((execution) => rowOf(connection, execution)));
      for (const row of rows) if (row) yield { row, token };
    }
    if (wanted.length < executions.length) return;
    token = nextToken;
  } while (token);
}

const startedAt = ({ startDate }: ExecutionListItem): number => startDate?.getTime() ?? 0;

// A failed execution does not change any more, and the console asks for its list again and again.
const cachedRows = new WeakMap<Connection, Map<string, DeliveryRow | undefined>>();
const MAX_CACHED_ROWS = 10_000;

async function rowOf(connection: Connection, execution: ExecutionListItem): Promise<DeliveryRow | undefined> {
  const rows = cachedRows.get(connection) ?? new Map<string, DeliveryRow | undefined>();
  cachedRows.set(connection, rows);
  const { executionArn = '' } = execution;
  if (!rows.has(executionArn)) {
    if (rows.size >= MAX_CACHED_ROWS) rows.clear();
    rows.set(executionArn, await readRow(connection, executionArn));
  }
  return rows.get(executionArn);
}

const startedSchema = originSchema
  .pick({ rule: true, options: true })
  .extend({ replayName: z.string().default('') });
const fromRule = startedSchema.extend({
  host: webhookSchema.shape.host,
  headers: headersSchema.pick({ event: true, delivery: true }),
});
const fromPipe = z.tuple([
  startedSchema.extend({
    overflow: z.object({ delivery: deliverySchema.pick({ host: true, id: true, event: true }).optional() }),
  }),
]);
// The function of the Pipe hands on no name of what it refuses.
const NO_NAMES = { host: '', id: '', event: '' };

const inputSchema = z.union([
  fromRule.transform(({ host, headers: { event, delivery: id }, ...started }) => ({
    ...started,
    delivery: { host, id, event },
    verified: false,
  })),
  fromPipe.transform(([{ overflow, ...started }]) => ({
    ...started,
    delivery: overflow.delivery ?? NO_NAMES,
    verified: overflow.delivery !== undefined,
  })),
]);

/** Whether nothing of a delivery was verified, by its outcome, which is its error's name too. */
export const isRefused = (outcome: string): boolean => REFUSED.some((name) => name === outcome);

/** A failed execution as a row; undefined when the delivery has a record, and for what is no delivery. */
async function readRow(connection: Connection, executionArn: string): Promise<DeliveryRow | undefined> {
  const found = await rowOfExecution(connection, executionArn);
  if (!found) return undefined;
  const recorded = !isRefused(found.row.error) && (await hasRecord(connection, found.key));
  return recorded ? undefined : found.row;
}

/** An execution as a row, and the key under which its delivery has a record once it is claimed. */
export async function rowOfExecution(
  { sfn }: Connection,
  executionArn: string,
): Promise<{ readonly key: string; readonly row: DeliveryRow } | undefined> {
  const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const input = inputSchema.safeParse(JSON.parse(found.input ?? 'null'));
  if (!input.success) return undefined;
  const { rule, options, replayName, verified } = input.data;
  const { host, id, event } = input.data.delivery;
  const error = found.error ?? '';
  const row = rowSchema.parse({
    id: executionArn,
    executionArn,
    rule,
    replayName,
    host,
    event,
    deliveryId: id,
    receivedAt: iso(found.startDate),
    updatedAt: iso(found.stopDate ?? found.startDate),
    outcome: error,
    error,
    message: messageOf(found.cause ?? ''),
    verified,
  });
  return { key: `${recordedName({ rule, options })}#${host}#${id}#${replayName}`, row };
}

async function hasRecord({ dynamo, outputs }: Connection, id: string): Promise<boolean> {
  const { Item } = await dynamo.send(
    new GetCommand({ TableName: outputs.deliveriesTable, Key: { id }, ProjectionExpression: 'id' }),
  );
  return Item !== undefined;
}

const iso = (time: Date | undefined): string => (time ?? new Date(0)).toISOString();
