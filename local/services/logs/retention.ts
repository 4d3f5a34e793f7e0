import type { Cloud } from '../../core/cloud.ts';
import { startSweeper } from '../../core/sweeper.ts';
import { LONGEST_MS } from './batches.ts';
import { dropRow, position, type Tables } from './tables.ts';

const DAY = 24 * 3_600_000;
// One transaction holds the store's only write lock, so a sweep of a large group goes in batches.
const BATCH = 5_000;

/**
 * Drops events that are past their group's retention, now and every hour.
 * @returns what stops it
 */
export function startRetention(cloud: Cloud, tables: Tables): () => Promise<void> {
  return startSweeper({
    sweep: (stopping) => sweep(tables, stopping),
    onError: (error) => cloud.warn(`old log events could not be removed: ${String(error)}`),
  });
}

async function sweep(tables: Tables, stopping: AbortSignal): Promise<void> {
  for (const { value } of [...tables.groups.entries()]) {
    if (value.retentionInDays === undefined) continue;
    const before = Date.now() - value.retentionInDays * DAY;
    let more = true;
    while (more && !stopping.aborted) more = (await dropBefore(tables, value.logGroupName, before)) === BATCH;
  }
}

/** @returns how many rows of events it dropped */
function dropBefore(tables: Tables, group: string, before: number): Promise<number> {
  return tables.store.transaction(() => {
    // The last event of a row may be that much younger than its first.
    const end = [group, before - LONGEST_MS];
    const old = [...tables.events.entries({ start: [group, 0], end, limit: BATCH })];
    for (const { key, value } of old) dropRow(tables, group, value.stream, position(key, 1));
    return old.length;
  });
}
