import type { FastifyInstance } from 'fastify';
import { readCredential } from '../credential.ts';
import { userPayload } from '../payload/user.ts';
import { SERVER_VERSION } from '../webhook/request.ts';
import { type ApiContext, callerOf } from './api-context.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { deliveryRoutes } from './deliveries.ts';
import { forkRoutes } from './forks.ts';
import { hookRoutes } from './hooks.ts';
import { issueRoutes } from './issues.ts';
import { pullRoutes } from './pulls.ts';
import { repositoryRoutes } from './repositories.ts';
import { answerError, notFound } from './request-and-error.ts';
import { statusRoutes } from './statuses.ts';

/** The part of GitHub's REST API that Hookline and its operators use. */
export function apiRoutes(scope: FastifyInstance, context: ApiContext): void {
  const meta = `${scope.prefix}/meta`;
  scope.setErrorHandler((error, _request, reply) => answerError(error, reply));
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('X-GitHub-Enterprise-Version', SERVER_VERSION);
    const caller = readCredential(request.headers.authorization, context.token);
    // GitHub also answers so for a resource that a token may not see.
    if (typeof caller === 'string' && request.routeOptions.url !== meta) throw notFound();
  });
  scope.get('/meta', async () => ({
    verifiable_password_authentication: false,
    installed_version: SERVER_VERSION,
  }));
  // Programs try a token here. GitHub names its scopes in the header, and this host's one token may do everything.
  scope.get('/rate_limit', async (_request, reply) => {
    reply.header('X-OAuth-Scopes', 'admin:org_hook, admin:repo_hook, repo');
    return { resources: {}, rate: { limit: 5000, used: 0, remaining: 5000, reset: 0 } };
  });
  scope.get('/user', async (request) => userPayload(callerOf(context, request), context.addresses()));
  repositoryRoutes(scope, context);
  statusRoutes(scope, context);
  pullRoutes(scope, context);
  issueRoutes(scope, context);
  forkRoutes(scope, context);
  collaboratorRoutes(scope, context);
  hookRoutes(scope, context);
  deliveryRoutes(scope, context);
  scope.all('/*', async () => {
    throw notFound();
  });
}
