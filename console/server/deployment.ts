import type { FastifyInstance } from 'fastify';
import type { DeploymentAnswer } from '../api.ts';
import type { ConsoleParts } from './index.ts';

export function deploymentRoutes(app: FastifyInstance, { connection, local }: ConsoleParts): void {
  app.get('/deployment', async (): Promise<DeploymentAnswer> => {
    const { stackName, webhookUrl, archiveName } = (await connection()).outputs;
    return { stackName, local, webhookUrl, archiveName };
  });
}
