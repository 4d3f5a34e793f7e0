import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { EXPORT_FORMATS, exportDeliveries } from '../../operate/deliveries/export.ts';
import { filterOfText } from '../../operate/deliveries/index.ts';
import { shownSchema } from './deliveries.ts';
import type { ConsoleOptions } from './options.ts';

const TYPES = { jsonl: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const;

const querySchema = shownSchema.extend({ format: z.enum(EXPORT_FORMATS) });

/** All that a list shows, as a file that is written while it is read. */
export function exportRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.get('/export', async ({ query }, reply) => {
    const { format, since, took, hide, ...filter } = querySchema.parse(query);
    const shown = { filter: filterOfText(filter), since, hide, took: took * 1000 };
    const text = exportDeliveries(await connection(), shown, format);
    return reply.type(TYPES[format]).send(Readable.from(text));
  });
}
