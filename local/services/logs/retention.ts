import type { Cloud } from '../../core/cloud.ts';
import { dropEvent, position, type Tables } from './tables.ts';

const DAY = 24 * 60 * 60 * 1000;
const SWEEP_EVERY = 60 * 60 * 1000;
// One transaction holds the store's only write lock, so a sweep of a large group goes in steps.
const STEP = 5_000;

/** Drops what is past its group's retention, now and every hour. Returns what ends the sweeping. */
export async function startSweeping(cloud: Cloud, tables: Tables): Promise<() => void> {
  await sweep(tables);
  const timer = setInterval(() => {
    sweep(tables).catch((error) => cloud.warn(`old log events could not be removed: ${String(error)}`));
  }, SWEEP_EVERY);
  timer.unref();
  return () => clearInterval(timer);
}

async function sweep(tables: Tables): Promise<void> {
  for (const { value } of [...tables.groups.entries()]) {
    if (value.retentionInDays === undefined) continue;
    const before = Date.now() - value.retentionInDays * DAY;
    while ((await dropBefore(tables, value.logGroupName, before)) === STEP);
  }
}

function dropBefore(tables: Tables, group: string, before: number): Promise<number> {
  return tables.store.transaction(() => {
    const old = [...tables.events.entries({ start: [group, 0], end: [group, before], limit: STEP })];
    for (const { key, value } of old) dropEvent(tables, group, value.stream, position(key, 1));
    return old.length;
  });
}
