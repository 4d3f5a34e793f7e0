import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { repositoryOf } from '../../operate/repositories/repository.ts';
import type { RepositoryAnswer } from '../api.ts';
import type { ConsoleOptions } from './options.ts';

const paramsSchema = z.object({ host: z.string().min(1), '*': z.string().min(1) });

export function repositoryRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  app.get('/repositories/:host/*', async ({ params }): Promise<RepositoryAnswer> => {
    const { host, '*': repository } = paramsSchema.parse(params);
    return repositoryOf(await connection(), { host, repository });
  });
}
