import type { FastifyInstance } from 'fastify';
import { refusalOf } from '../apps/access.ts';
import { readCredential } from '../credential.ts';
import { userPayload } from '../payload/user.ts';
import { SERVER_VERSION } from '../webhook/request.ts';
import { type ApiContext, callerOf } from './api-context.ts';
import { appRoutes } from './apps.ts';
import { checkRunRoutes } from './check-runs.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { deliveryRoutes } from './deliveries.ts';
import { forkRoutes } from './forks.ts';
import { hookRoutes } from './hooks.ts';
import { issueRoutes } from './issues.ts';
import { pullRoutes } from './pulls.ts';
import { repositoryRoutes } from './repositories.ts';
import { ApiError, answerError, notFound, paramsOf } from './request-and-error.ts';
import { statusRoutes } from './statuses.ts';

/** The part of GitHub's REST API that Hookline and its operators use. */
export function apiRoutes(scope: FastifyInstance, context: ApiContext): void {
  const meta = `${scope.prefix}/meta`;
  scope.setErrorHandler((error, _request, reply) => answerError(error, reply));
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('X-GitHub-Enterprise-Version', SERVER_VERSION);
    const caller = readCredential(request.headers.authorization, context.identify);
    if (request.routeOptions.url === meta) return;
    const path = new URL(request.url, 'http://host').pathname.slice(scope.prefix.length);
    const ofApp = /^\/app(\/|$)|\/installation$/.test(path);
    if (caller === 'wrong' && ofApp) throw new ApiError(401, 'A JSON web token could not be decoded');
    // GitHub also answers so for a resource that a token may not see.
    if (typeof caller === 'string') throw notFound();
    const refused = caller.access && refusalOf(caller.access, request.method, path);
    if (refused === 404) throw notFound();
    if (refused === 403) throw new ApiError(403, 'Resource not accessible by integration');
    if (caller.app && !ofApp)
      throw new ApiError(403, 'A JSON web token is for the App itself: ask for the token of an installation');
  });
  scope.addHook('preHandler', async (request) => {
    // git takes no such name, and no program such an argument.
    if (Object.values(paramsOf(request)).some((part) => part.includes('\0'))) throw notFound();
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
  appRoutes(scope, context);
  repositoryRoutes(scope, context);
  statusRoutes(scope, context);
  checkRunRoutes(scope, context);
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
