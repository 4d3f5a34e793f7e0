import type { Archive, State } from './tables.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BATCH = 500;

/**
 * Takes events out of the archives that keep them for days, now and every hour.
 * @returns what stops it
 */
export function startRetention(state: State): () => Promise<void> {
  let sweeping = sweep(state);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(state));
  }, HOUR);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}

async function sweep(state: State): Promise<void> {
  try {
    for (const archive of state.archives.values()) {
      if (archive.retentionDays > 0) while ((await sweepBatch(state, archive)) === BATCH);
    }
  } catch (error) {
    state.cloud.warn(`the archives could not be swept of old events: ${String(error)}`);
  }
}

function sweepBatch({ archived, holdings, cloud }: State, archive: Archive): Promise<number> {
  const end = Date.now() - archive.retentionDays * DAY;
  return cloud.store.transaction(() => {
    const old = [...archived.entries({ start: [archive.name], end: [archive.name, end], limit: BATCH })];
    const bytes = old.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    for (const { key } of old) void archived.remove(key);
    const holding = holdings.get(archive.name);
    if (holding && old.length > 0)
      void holdings.put(archive.name, {
        ...holding,
        count: holding.count - old.length,
        bytes: holding.bytes - bytes,
      });
    return old.length;
  });
}
