import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { answerErrors, readJson } from './answers.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deploymentRoutes } from './deployment.ts';
import { exportRoutes } from './export.ts';
import { guardHost, guardToken } from './guard.ts';
import { machineRoutes } from './machine.ts';
import type { ConsoleOptions } from './options.ts';
import { overviewRoutes } from './overview.ts';
import { pageRoutes } from './page.ts';
import { pipelineRoutes } from './pipelines.ts';
import { redeliveryRoutes } from './redeliveries.ts';
import { replayRoutes } from './replays.ts';
import { repositoryRoutes } from './repositories.ts';
import { ruleRoutes } from './rules.ts';
import { answerUnchanged } from './unchanged.ts';

/** The path below which the console is served. */
export const CONSOLE_PATH = '/console';

/** Serves the console below its path. The console uses nothing but AWS's APIs. */
export function mountConsole(app: FastifyInstance, options: ConsoleOptions): void {
  const shared: ConsoleOptions = { ...options, connection: sharedResult(options.connection) };
  app.register(
    async (scope) => {
      guardHost(scope);
      answerErrors(scope);
      scope.register(fastifyStatic, { root: '/', serve: false, preCompressed: true });
      pageRoutes(scope, shared);
      scope.register(async (api) => apiRoutes(api, shared), { prefix: '/api' });
    },
    { prefix: CONSOLE_PATH },
  );
}

function apiRoutes(api: FastifyInstance, options: ConsoleOptions): void {
  guardToken(api, options.token);
  readJson(api);
  answerUnchanged(api);
  deploymentRoutes(api, options);
  deliveryRoutes(api, options);
  exportRoutes(api, options);
  overviewRoutes(api, options);
  pipelineRoutes(api, options);
  redeliveryRoutes(api, options);
  machineRoutes(api, options);
  replayRoutes(api, options);
  repositoryRoutes(api, options);
  ruleRoutes(api, options);
  // Otherwise the page would be the answer at an address that no route has.
  api.get('/*', (_request, reply) => reply.callNotFound());
}

/**
 * A function that calls `ask` once and shares the result with every caller. A failure is not kept: the next call asks
 * again.
 */
function sharedResult<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
