import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import db, { type Write } from 'dynalite/db/index.js';
import type { Store } from '../../core/store.ts';
import type { Rows } from './rows.ts';

const BATCH = 500;

/**
 * Takes over the tables that an earlier version has kept in LevelDB, and then removes its folder. A process that is killed
 * meanwhile begins again: nothing is written to the tables before this has ended.
 */
export async function moveIn(store: Store, rows: Rows): Promise<void> {
  const folder = store.folder('dynamodb');
  // The file by which LevelDB knows a folder as its own.
  if (!existsSync(join(folder, 'CURRENT'))) return;
  const level = db.create({ path: folder }).db;
  await level.open();
  let batch: Write[] = [];
  for await (const key of level.keys({})) {
    batch.push({ type: 'put', key, value: await level.get(key) });
    if (batch.length === BATCH) await rows.write(batch.splice(0));
  }
  if (batch.length > 0) await rows.write(batch);
  batch = [];
  await level.close();
  await rm(folder, { recursive: true });
}
