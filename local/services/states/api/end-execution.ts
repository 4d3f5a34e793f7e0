import * as z from 'zod';
import { AwsError } from '../../../core/aws-error.ts';
import type { Executor } from '../engine/executor.ts';
import { eventDetails, Journal, MAX_EVENTS } from '../engine/journal.ts';
import { seconds } from '../seconds.ts';
import { type Execution, executionOf, placeOf, type Tables } from '../tables.ts';
import { keepEvents } from '../texts.ts';

export const stopSchema = z.strictObject({
  executionArn: z.string(),
  error: z.string().max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

/** Ends a running execution and what it waits for; an ended one stays as it is. */
export async function stopExecution(
  tables: Tables,
  executor: Executor,
  { executionArn, error, cause }: z.infer<typeof stopSchema>,
): Promise<object> {
  executionOf(tables, executionArn);
  await executor.stop(executionArn, error, cause);
  const { stopDate } = executionOf(tables, executionArn);
  if (stopDate === undefined) throw new Error(`${executionArn} could not be stopped`);
  return { stopDate: seconds(stopDate) };
}

export const redriveSchema = z.strictObject({
  executionArn: z.string(),
  clientToken: z.string().max(64).optional(),
});

/** Goes on with an unsuccessful execution at the state where it stopped, with that state's input. */
export async function redriveExecution(
  tables: Tables,
  executor: Executor,
  { executionArn, clientToken }: z.infer<typeof redriveSchema>,
): Promise<object> {
  const redriveDate = Date.now();
  const found = await tables.store.transaction(() => redrive(tables, executionArn, clientToken, redriveDate));
  if (found.isNew) executor.launch(executionArn);
  return { redriveDate: seconds(found.execution.redriveDate ?? redriveDate) };
}

interface Redriven {
  readonly execution: Execution;
  /** false for a repeated request */
  readonly isNew: boolean;
}

function redrive(tables: Tables, arn: string, token: string | undefined, redriveDate: number): Redriven {
  const execution = executionOf(tables, arn);
  if (token !== undefined && execution.redriveToken === token) return { execution, isNew: false };
  const refusal = redriveRefusal(tables, execution);
  if (refusal !== undefined) throw new AwsError('ExecutionNotRedrivable', `${refusal}: '${arn}'`);
  const stopped = tables.stopped.get(arn);
  if (!stopped) throw new Error(`the store does not know where ${arn} stopped`);
  const again = running(execution, redriveDate, token);
  // Neither the attempts nor the job of the failed run count.
  const { submitted: _, ...rest } = stopped;
  const position = { ...rest, attempts: [] };
  void tables.executions.put(arn, again);
  void tables.positions.put(arn, position);
  void tables.stopped.remove(arn);
  void tables.unsuccessful.remove(placeOf(again));
  addRedriven(tables, again);
  return { execution: again, isNew: true };
}

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
const REDRIVABLE_MS = 14 * 24 * 3_600_000;

/** Why an execution cannot be redriven, in the API's words; undefined if it can be. */
export function redriveRefusal(tables: Tables, { arn, status, stopDate }: Execution): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (stopDate !== undefined && Date.now() - stopDate > REDRIVABLE_MS)
    return 'Execution redrivable period exceeded';
  if (new Journal(tables, arn).last >= MAX_EVENTS - 1) return 'Execution history event limit exceeded';
  return undefined;
}

function running(execution: Execution, redriveDate: number, token: string | undefined): Execution {
  const { stopDate: _, error: __, cause: ___, ...rest } = execution;
  const redriven = { redriveCount: execution.redriveCount + 1, redriveDate };
  return { ...rest, status: 'RUNNING', ...redriven, ...(token !== undefined && { redriveToken: token }) };
}

function addRedriven(tables: Tables, { arn, redriveCount, redriveDate = 0 }: Execution): void {
  const { last } = new Journal(tables, arn);
  const redriven = {
    id: last + 1,
    previousEventId: last,
    timestamp: redriveDate,
    type: 'ExecutionRedriven',
    ...eventDetails('executionRedrivenEventDetails', { redriveCount }),
  };
  keepEvents(tables, arn, [redriven]);
}
