import type { FastifyInstance } from 'fastify';
import type { DeploymentAnswer } from '../api.ts';
import type { ConsoleOptions } from './options.ts';

export function deploymentRoutes(app: FastifyInstance, { connection, local }: ConsoleOptions): void {
  app.get('/deployment', async (): Promise<DeploymentAnswer> => {
    const { stackName, webhookUrl, archiveName } = (await connection()).outputs;
    return { stackName, local, webhookUrl, archiveName };
  });
}
