import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { allows, type Permissions } from '../apps/access.ts';
import type { KnownApp } from '../apps/apps.ts';
import { numberOf } from '../payload/ids.ts';
import { APP_SCOPE, type Hook } from '../webhook/hooks.ts';
import { type ApiContext, credentialOf, repositoryOf } from './api-context.ts';
import { ApiError, bodyOf, notFound, paramsOf, validationError } from './request-and-error.ts';

const permissions = z.record(z.string(), z.enum(['read', 'write']));
// As a manifest has them; GitHub knows the manifest by the code.
const manifestSchema = z.looseObject({
  name: z.string().min(1).default('hookline'),
  hook_attributes: z.looseObject({ url: z.url({ protocol: /^https?$/ }) }).optional(),
  default_events: z.array(z.string()).default(['*']),
  default_permissions: permissions.default({
    contents: 'read',
    statuses: 'write',
    checks: 'write',
    pull_requests: 'read',
  }),
});
const wantedSchema = z.looseObject({
  repositories: z.array(z.string()).optional(),
  permissions: permissions.optional(),
});

/** Apps: made by a manifest, and installed for every owner; each asks for tokens of its installations. */
export function appRoutes(scope: FastifyInstance, context: ApiContext): void {
  const { apps, repositories } = context;
  scope.post('/app-manifests/:code/conversions', async (request, reply) => {
    appOnly(context, request, false);
    const wanted = await bodyOf(request, manifestSchema, 'App');
    const { name, default_permissions, hook_attributes: hook, default_events: events } = wanted;
    const { app, privateKey } = apps.create({ slug: name, permissions: default_permissions });
    const secret = randomBytes(20).toString('hex');
    const { url } = hook ?? {};
    if (url !== undefined)
      context.hooks.add(`${APP_SCOPE}${app.id}`, { url, secret, events, active: true, contentType: 'json' });
    return reply.code(201).send({ ...appAnswer(app), pem: privateKey, webhook_secret: secret });
  });
  scope.get('/app/hook/config', async (request) => {
    const { url } = appHookOf(context, request);
    return { url, content_type: 'json', insecure_ssl: '0', secret: '********' };
  });
  scope.get('/app', async (request) => appAnswer(appOnly(context, request)));
  scope.get('/repos/:owner/:repo/installation', async (request) =>
    installationAnswer(appOnly(context, request), repositoryOf(context, request).owner),
  );
  scope.post('/app/installations/:id/access_tokens', async (request, reply) => {
    const app = appOnly(context, request);
    const owner = repositories
      .all()
      .map((each) => each.owner)
      .find((each) => String(installationId(app, each)) === paramsOf(request).id);
    if (owner === undefined) throw notFound();
    const wanted = await bodyOf(request, wantedSchema, 'Installation');
    const granted = wanted.permissions ?? app.permissions;
    for (const [name, access] of Object.entries(granted))
      if (!allows(app, name, access))
        throw validationError(
          'Installation',
          'The permissions requested are not granted to this installation.',
        );
    if (wanted.repositories?.some((name) => !repositories.find(owner, name)))
      throw validationError('Installation', 'There is at least one repository that does not exist.');
    const minted = apps.mint({
      app: { id: app.id, slug: app.slug },
      owner,
      repositories: wanted.repositories,
      permissions: { metadata: 'read', ...granted },
    });
    return reply.code(201).send({
      token: minted.token,
      expires_at: new Date(minted.expires).toISOString(),
      permissions: minted.permissions,
      repository_selection: wanted.repositories ? 'selected' : 'all',
    });
  });
}

/** The App that has named itself. @param named whether one must have; the host's own token makes Apps */
function appOnly(context: ApiContext, request: FastifyRequest, named: false): undefined;
function appOnly(context: ApiContext, request: FastifyRequest): KnownApp;
function appOnly(context: ApiContext, request: FastifyRequest, named = true): KnownApp | undefined {
  const { app, access } = credentialOf(context, request);
  if (named === (app === undefined) || access)
    throw new ApiError(401, 'A JSON web token could not be decoded');
  return app;
}

/** The hook of the App that has named itself. */
export function appHookOf(context: ApiContext, request: FastifyRequest): Hook {
  const [hook] = context.hooks.of(`${APP_SCOPE}${appOnly(context, request).id}`);
  if (!hook) throw notFound();
  return hook;
}

const appAnswer = ({
  id,
  slug,
  permissions,
}: KnownApp): { permissions: Permissions; [name: string]: unknown } => ({
  ...{ id, slug, name: slug, permissions },
});

const installationId = ({ id }: KnownApp, owner: string): number =>
  numberOf('installation', `${id} ${owner}`);

const installationAnswer = (app: KnownApp, owner: string) => ({
  id: installationId(app, owner),
  app_id: app.id,
  app_slug: app.slug,
  account: { login: owner },
  repository_selection: 'all',
  permissions: app.permissions,
  suspended_at: null,
});
