import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../files.ts';

const summarySchema = z.object({
  /** the number of this attempt */
  id: z.number(),
  /** X-GitHub-Delivery: the same for every hook that hears of the event, and for a redelivery */
  guid: z.string(),
  hookId: z.number(),
  event: z.string(),
  /** `owner/name`; null for the ping of a hook that is not a repository's */
  repository: z.string().nullable(),
  redelivery: z.boolean(),
  /** ISO time at which it was made or, when it has been, sent */
  deliveredAt: z.string(),
  /** seconds */
  duration: z.number(),
  /** `pending` until it has been sent */
  status: z.string(),
  /** 0 without an answer */
  statusCode: z.number(),
});

/** One attempt to send an event to a hook. */
export type DeliverySummary = z.infer<typeof summarySchema>;

const messageSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });
const recordSchema = summarySchema.extend({
  url: z.string(),
  request: messageSchema,
  response: messageSchema,
});

/** An attempt with everything that was sent and answered, byte for byte. */
export type DeliveryRecord = z.infer<typeof recordSchema>;

export const PENDING = 'pending';

export interface Deliveries {
  /** oldest first */
  all(): readonly DeliverySummary[];
  /** on disk when it resolves */
  add(record: Omit<DeliveryRecord, 'id'>): Promise<DeliveryRecord>;
  /** undefined when the delivery is not kept any more */
  read(id: number): DeliveryRecord | undefined;
  /** records the result of an attempt */
  update(record: DeliveryRecord): Promise<void>;
}

/** The newest `kept` deliveries, and older ones that still wait, one file each. */
export function createDeliveries(directory: string, kept: number): Deliveries {
  const folder = join(directory, 'deliveries');
  mkdirSync(folder, { recursive: true });
  const pathOf = (id: number): string => join(folder, `${String(id).padStart(12, '0')}.json`);
  const summaries = readAll(folder);
  let next = (summaries.at(-1)?.id ?? 0) + 1;
  const removeOld = async (): Promise<void> => {
    const old = summaries.slice(0, -kept).filter(({ status }) => status !== PENDING);
    // All at once: what is added meanwhile removes the rest itself.
    for (const summary of old) summaries.splice(summaries.indexOf(summary), 1);
    await Promise.all(old.map(({ id }) => rm(pathOf(id), { force: true })));
  };
  return {
    all: () => summaries,
    add: async (wanted) => {
      const record = { ...wanted, id: next++ };
      await writeJson(pathOf(record.id), record);
      summaries.push(summarySchema.parse(record));
      // Two deliveries that are written at once may be added in the other order.
      summaries.sort((a, b) => a.id - b.id);
      await removeOld();
      return record;
    },
    read: (id) => {
      const json = readJson(pathOf(id));
      return json === undefined ? undefined : recordSchema.parse(json);
    },
    update: async (record) => {
      const place = (): number => summaries.findIndex(({ id }) => id === record.id);
      if (place() < 0) return;
      await writeJson(pathOf(record.id), record);
      // Others may have been added before it or removed meanwhile.
      const at = place();
      if (at >= 0) summaries[at] = summarySchema.parse(record);
    },
  };
}

function readAll(folder: string): DeliverySummary[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => summarySchema.parse(readJson(join(folder, name))));
}
