import type { FastifyInstance } from 'fastify';
import { listOwnPipelines } from '../../operate/pipelines/pipelines.ts';
import type { PipelinesAnswer } from '../api.ts';
import type { ConsoleOptions } from './options.ts';

export function pipelineRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.get('/pipelines', async (): Promise<PipelinesAnswer> => listOwnPipelines(await connection()));
}
