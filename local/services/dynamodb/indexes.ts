import db, { type Write } from 'dynalite/db/index.js';
import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import { type Disk, indexSpace, itemSpace, within } from './disk.ts';
import type { Index, Table } from './table.ts';

const CHUNK = 1000;
const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Empties the global indexes that the table no longer has and fills those that it has not had.
 * Done again from the start when it was cut off, as the table's record is written after it.
 */
export async function changeIndexes(disk: Disk, before: Table | undefined, table: Table): Promise<void> {
  const had = before?.GlobalSecondaryIndexes ?? [];
  const has = table.GlobalSecondaryIndexes ?? [];
  const isIn = (indexes: readonly Index[]) => (index: Index) =>
    indexes.some(({ IndexName }) => IndexName === index.IndexName);
  for (const index of had) if (!isIn(has)(index)) await empty(disk, table, index);
  for (const index of has) if (!isIn(had)(index)) await fill(disk, table, index);
}

async function empty(disk: Disk, table: Table, { IndexName }: Index): Promise<void> {
  const out = chunks(disk);
  for await (const key of disk.keys(within(indexSpace('global', table.TableName, IndexName))))
    await out.add({ type: 'del', key });
  await out.end();
}

async function fill(disk: Disk, table: Table, index: Index): Promise<void> {
  await empty(disk, table, index);
  const space = indexSpace('global', table.TableName, index.IndexName);
  const out = chunks(disk);
  for await (const value of disk.values(within(itemSpace(table.TableName)))) {
    const item = itemSchema.parse(value);
    mustFit(table, index, item);
    for (const row of db.getIndexActions([index], undefined, item, table).puts)
      await out.add({ type: 'put', key: space + row.key, value: row.item });
  }
  await out.end();
}

/** AWS leaves such an item out of the index until it changes; here it would be refused at its next change. */
function mustFit(table: Table, index: Index, item: z.infer<typeof itemSchema>): void {
  for (const { AttributeName } of index.KeySchema) {
    const type = table.AttributeDefinitions.find((known) => known.AttributeName === AttributeName);
    const value = item[AttributeName];
    if (value && type && !Object.hasOwn(value, type.AttributeType))
      throw unsupported(
        `the new index ${index.IndexName} of ${table.TableName} while an item has ${AttributeName} ${JSON.stringify(value)}, not of type ${type.AttributeType}; change or delete the item first`,
      );
  }
}

function chunks(disk: Disk) {
  let writes: Write[] = [];
  const end = async (): Promise<void> => {
    const full = writes;
    writes = [];
    if (full.length > 0) await disk.write(full);
  };
  return {
    end,
    add: async (write: Write): Promise<void> => {
      writes.push(write);
      if (writes.length >= CHUNK) await end();
    },
  };
}
