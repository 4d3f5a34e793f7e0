import * as z from 'zod';
import { firstPage, pageOf } from '../../../core/paging.ts';
import { seconds } from '../seconds.ts';
import { type Execution, machineOf, type Tables } from '../tables.ts';
import { summary } from './describe.ts';
import { paging } from './paging.ts';

export const executionsSchema = z.strictObject({
  stateMachineArn: z.string(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
  redriveFilter: z.enum(['REDRIVEN', 'NOT_REDRIVEN']).optional(),
  ...paging(z.tuple([z.number(), z.string()])),
});
export const machinesSchema = z.strictObject(paging(z.string()));

type ExecutionsInput = z.infer<typeof executionsSchema>;
type Filters = Pick<ExecutionsInput, 'statusFilter' | 'redriveFilter'>;

/** The machine's executions, newest first. */
export function listExecutions(
  tables: Tables,
  { stateMachineArn, maxResults, nextToken, ...filters }: ExecutionsInput,
): object {
  machineOf(tables, stateMachineArn);
  const rest = executionsOf(tables, stateMachineArn, nextToken, filters);
  const { items, next } = firstPage(rest, ({ startDate, name }) => [startDate, name], maxResults);
  return { executions: items.map(summary), ...(next !== undefined && { nextToken: next }) };
}

function* executionsOf(
  tables: Tables,
  machineArn: string,
  after: ExecutionsInput['nextToken'],
  filters: Filters,
): Generator<Execution> {
  const { statusFilter: status } = filters;
  // Few end without success, and a page of them is not looked for among all.
  const isEverywhere = status === undefined || status === 'RUNNING' || status === 'SUCCEEDED';
  const table = isEverywhere ? tables.byMachine : tables.unsuccessful;
  for (const { value } of table.under([machineArn], { reverse: true, after })) {
    const execution = tables.executions.get(value);
    if (execution && passes(execution, filters)) yield execution;
  }
}

function passes({ status, redriveCount }: Execution, { statusFilter, redriveFilter }: Filters): boolean {
  if (statusFilter !== undefined && status !== statusFilter) return false;
  return redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === redriveCount > 0;
}

/** The template's machines, by name. */
export function listMachines(
  tables: Tables,
  { maxResults, nextToken }: z.infer<typeof machinesSchema>,
): object {
  const page = { limit: maxResults, after: nextToken };
  const { items, next } = pageOf(tables.live.values(), ({ name }) => name, page);
  return {
    stateMachines: items.map(({ arn, name, type, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: seconds(creationDate),
    })),
    ...(next !== undefined && { nextToken: next }),
  };
}
