import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import {
  type ReconcileReport,
  type ReconcileRequest,
  reconcileReportSchema,
} from '../../statemachine/reconcile.ts';
import type { Connection } from '../connection/connection.ts';

export type { ReconcileReport } from '../../statemachine/reconcile.ts';

export interface ReconcileOptions {
  /** only tells what would be done */
  readonly dryRun: boolean;
  /** called with how many repositories have been looked at */
  readonly progress?: (looked: number) => void;
}

const failureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Looks at every known repository now, where the schedule takes them one after the other and leaves a new push ten
 * minutes. A call of the function looks at some of them, so that it is called until all are done.
 * @throws when the deployment has no such function, and when the function fails
 */
export async function reconcileNow(
  connection: Connection,
  { dryRun, progress = () => undefined }: ReconcileOptions,
): Promise<ReconcileReport> {
  const all: ReconcileReport = { looked: 0, behind: [], failed: [], problems: [] };
  let after: string | undefined = '';
  while (after !== undefined) {
    const report = await call(connection, { by: 'operator', dryRun, after });
    all.looked += report.looked;
    all.behind.push(...report.behind);
    all.failed.push(...report.failed);
    all.problems.push(...report.problems);
    after = report.after;
    progress(all.looked);
  }
  // Each call may look at the webhooks of the same organisation; in a dry run it finds the same again.
  const failed = new Map(all.failed.map((each) => [`${each.of} ${each.deliveryId}`, each]));
  return { ...all, failed: [...failed.values()], problems: [...new Set(all.problems)] };
}

async function call({ lambda, outputs }: Connection, request: ReconcileRequest): Promise<ReconcileReport> {
  const { reconcileFunction: FunctionName } = outputs;
  if (FunctionName === undefined)
    throw new Error(
      `the stack ${outputs.stackName} has no reconcile: it is switched off by "reconcile": false in cdk.json, or the stack is an older one; deploy it again`,
    );
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }));
  const value: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  if (answer.FunctionError === undefined) return reconcileReportSchema.parse(value);
  const { errorType, errorMessage } = failureSchema.parse(value);
  throw new Error(`${errorType}: ${errorMessage}`);
}
