import type { Cloud } from '../../core/cloud.ts';
import { startSweeper } from '../../core/sweeper.ts';
import type { Tables } from './tables.ts';

// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: execution history retention time
const KEPT_MS = 90 * 24 * 3_600_000;
// One transaction holds the store's only write lock. Each execution has some twenty rows.
const BATCH = 100;

/**
 * Removes executions that ended 90 days ago, now and every hour.
 * @returns what stops it
 */
export function startRetention(cloud: Cloud, tables: Tables): () => Promise<void> {
  return startSweeper({
    sweep: async (stopping) => {
      const before = Date.now() - KEPT_MS;
      for (const { value } of [...tables.machines.entries()])
        while (!stopping.aborted && (await removeBatch(tables, value.arn, before)) === BATCH);
    },
    onError: (error) => cloud.warn(`old executions could not be removed: ${String(error)}`),
  });
}

/** @returns how many it removed */
function removeBatch(tables: Tables, machineArn: string, before: number): Promise<number> {
  return tables.store.transaction(() => {
    let removed = 0;
    for (const { key, value: arn } of tables.byMachine.entries({
      start: [machineArn],
      end: [machineArn, before],
    })) {
      const stopDate = tables.executions.get(arn)?.stopDate;
      // One that began before may run still, or may not have been over for so long.
      if (stopDate === undefined || stopDate > before) continue;
      remove(tables, arn);
      void tables.byMachine.remove(key);
      void tables.unsuccessful.remove(key);
      removed += 1;
      if (removed === BATCH) break;
    }
    return removed;
  });
}

function remove(tables: Tables, arn: string): void {
  for (const table of [tables.history, tables.texts])
    for (const { key } of [...table.under([arn])]) void table.remove(key);
  void tables.folded.remove(arn);
  void tables.executions.remove(arn);
  void tables.stopped.remove(arn);
}
