import { unpackText } from '../../core/packed-text.ts';
import { startSweeper } from '../../core/sweeper.ts';
import type { Archive, State } from './tables.ts';

const DAY = 24 * 3_600_000;
const BATCH = 500;

/**
 * Takes events out of the archives that keep them for days, now and every hour.
 * @returns what stops it
 */
export function startRetention(state: State): () => Promise<void> {
  return startSweeper({
    sweep: async (stopping) => {
      for (const archive of state.archives.values()) {
        if (archive.retentionDays === 0) continue;
        let more = true;
        while (more && !stopping.aborted) more = (await sweepBatch(state, archive)) === BATCH;
      }
    },
    onError: (error) => state.cloud.warn(`the archives could not be swept of old events: ${String(error)}`),
  });
}

/** @returns how many events it took out */
function sweepBatch({ archived, holdings, cloud }: State, archive: Archive): Promise<number> {
  const end = Date.now() - archive.retentionDays * DAY;
  return cloud.store.transaction(() => {
    const old = [...archived.entries({ start: [archive.name], end: [archive.name, end], limit: BATCH })];
    const bytes = old.reduce((sum, { value }) => sum + Buffer.byteLength(unpackText(value)), 0);
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
