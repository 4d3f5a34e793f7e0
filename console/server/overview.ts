import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { overviewOf } from '../../operate/overview/overview.ts';
import { timeOfText } from '../../operate/time-text.ts';
import type { OverviewAnswer } from '../api.ts';
import type { ConsoleOptions } from './options.ts';

const querySchema = z.object({ since: z.string().min(1) });

export function overviewRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.get('/overview', async ({ query }): Promise<OverviewAnswer> => {
    const { since } = querySchema.parse(query);
    return overviewOf(await connection(), { since: timeOfText(since) });
  });
}
