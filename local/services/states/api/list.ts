import * as z from 'zod';
import { paging, placeOf, tokenOf } from '../page.ts';
import { seconds } from '../seconds.ts';
import { type Execution, machineOf, type Tables } from '../tables.ts';
import { summary } from './describe.ts';

export const executionsSchema = z.strictObject({
  stateMachineArn: z.string(),
  statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
  redriveFilter: z.enum(['REDRIVEN', 'NOT_REDRIVEN']).optional(),
  ...paging,
});
export const machinesSchema = z.strictObject(paging);

type ExecutionsInput = z.infer<typeof executionsSchema>;

/** The machine's executions, newest first. */
export function listExecutions(
  tables: Tables,
  { stateMachineArn, maxResults, nextToken, ...filters }: ExecutionsInput,
): object {
  machineOf(tables, stateMachineArn);
  const [time = Number.MAX_SAFE_INTEGER, name = ''] = nextToken === undefined ? [] : placeOf(nextToken);
  const range = { start: [stateMachineArn, time, name], end: [stateMachineArn, 0], reverse: true };
  const executions: object[] = [];
  for (const { value } of tables.byMachine.entries(range)) {
    const execution = tables.executions.get(value);
    if (!execution || !passes(execution, filters)) continue;
    if (executions.length === maxResults)
      return { executions, nextToken: tokenOf([execution.startDate, execution.name]) };
    executions.push(summary(execution));
  }
  return { executions };
}

function passes(
  { status, redriveCount }: Execution,
  { statusFilter, redriveFilter }: Pick<ExecutionsInput, 'statusFilter' | 'redriveFilter'>,
): boolean {
  if (statusFilter !== undefined && status !== statusFilter) return false;
  return redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === redriveCount > 0;
}

/** The template's machines, by name. */
export function listMachines(
  tables: Tables,
  { maxResults, nextToken }: z.infer<typeof machinesSchema>,
): object {
  const [after = ''] = nextToken === undefined ? [] : placeOf(nextToken);
  const rest = [...tables.live.values()]
    .filter(({ name }) => name > String(after))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = rest.slice(0, maxResults);
  const last = shown.at(-1);
  return {
    stateMachines: shown.map(({ arn, name, type, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: seconds(creationDate),
    })),
    ...(last && rest.length > shown.length && { nextToken: tokenOf([last.name]) }),
  };
}
