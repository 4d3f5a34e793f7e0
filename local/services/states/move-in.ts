import { placeOf, type Tables } from './tables.ts';

/** Notes the unsuccessful executions of a state folder from before these stood in a table of their own. */
export async function noteUnsuccessful(tables: Tables): Promise<void> {
  for (const _ of tables.unsuccessful.entries({ limit: 1 })) return;
  await tables.store.transaction(() => {
    for (const { key: arn } of tables.stopped.entries()) {
      const execution = tables.executions.get(arn);
      if (execution) void tables.unsuccessful.put(placeOf(execution), execution.arn);
    }
  });
}
