import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { describeArchive } from '../../operate/replays/archive.ts';
import { forecast } from '../../operate/replays/forecast.ts';
import {
  cancelReplay,
  describeReplay,
  listReplays,
  type PastReplay,
  type ReplayProgress,
  startReplay,
} from '../../operate/replays/replay.ts';
import { histogram, tally } from '../../operate/replays/tally.ts';
import type { ArchiveAnswer, Forecast, HistogramAnswer, Progress, ReplayAnswer } from '../api.ts';
import { LINES_TYPE, lineStream } from './line-stream.ts';
import type { ConsoleOptions } from './options.ts';

const time = z.iso.datetime({ offset: true });
const span = { from: time, to: time };
const histogramSchema = z.object({ ...span, parts: z.coerce.number().int().min(1).max(500) });
const replaySchema = z.object({ ...span, rules: z.array(z.string().min(1)) });
const nameSchema = z.object({ name: z.string().min(1) });

export function replayRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.get('/archive', async (): Promise<ArchiveAnswer> => {
    const { arn: _, ...archive } = await describeArchive(await connection());
    return archive;
  });
  app.get('/replays/histogram', async ({ query }): Promise<HistogramAnswer> => {
    const { parts, ...wanted } = histogramSchema.parse(query);
    const { records, more } = await tally(await connection(), wanted);
    return { counts: histogram(records, wanted, parts), more };
  });
  app.post('/replays/forecast', async ({ body }, reply) => {
    const { rules, ...wanted } = replaySchema.parse(body);
    const on = await connection();
    const lines = lineStream<Progress, Forecast>((write, signal) =>
      forecast(on, wanted, rules, (done, all) => write({ done, all }), signal),
    );
    return reply.type(LINES_TYPE).send(lines);
  });
  app.get('/replays', async (): Promise<readonly PastReplay[]> => listReplays(await connection()));
  app.post('/replays', async ({ body }): Promise<ReplayAnswer> => {
    const { rules, ...wanted } = replaySchema.parse(body);
    return { name: await startReplay(await connection(), wanted, rules) };
  });
  app.get('/replays/:name', async ({ params }): Promise<ReplayProgress> => {
    return describeReplay(await connection(), nameSchema.parse(params).name);
  });
  app.post('/replays/:name/cancel', async ({ params }): Promise<object> => {
    await cancelReplay(await connection(), nameSchema.parse(params).name);
    return {};
  });
}
