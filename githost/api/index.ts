import type { FastifyInstance } from 'fastify';
import { readCredential } from '../credential.ts';
import { SERVER_VERSION } from '../webhook/request.ts';
import { deliveryRoutes } from './deliveries.ts';
import { answerError, notFound } from './exchange.ts';
import { hookRoutes } from './hooks.ts';
import type { ApiParts } from './parts.ts';
import { repositoryRoutes } from './repositories.ts';
import { statusRoutes } from './statuses.ts';

/** The part of GitHub's REST API that Hookline and its operators use. */
export function apiRoutes(scope: FastifyInstance, parts: ApiParts): void {
  const meta = `${scope.prefix}/meta`;
  scope.setErrorHandler((error, _request, reply) => answerError(error, reply));
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('X-GitHub-Enterprise-Version', SERVER_VERSION);
    const caller = readCredential(request.headers.authorization, parts.token);
    // As GitHub does with what a token may not see: it is not there.
    if (typeof caller === 'string' && request.routeOptions.url !== meta) throw notFound();
  });
  scope.get('/meta', async () => ({
    verifiable_password_authentication: false,
    installed_version: SERVER_VERSION,
  }));
  repositoryRoutes(scope, parts);
  statusRoutes(scope, parts);
  hookRoutes(scope, parts);
  deliveryRoutes(scope, parts);
  scope.all('/*', async () => {
    throw notFound();
  });
}
