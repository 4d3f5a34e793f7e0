import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hookPayload } from '../payload/hook.ts';
import type { Hook } from '../webhook/hooks.ts';
import { ping } from '../webhook/ping.ts';
import { type ApiContext, addressOf, repositoryOf } from './api-context.ts';
import { changedSettings, changeSchema, newHookSchema, newSettings } from './hook-settings.ts';
import { page } from './paging.ts';
import { bodyOf, notFound, paramsOf, validationError } from './request-and-error.ts';

/** Hooks of repositories and of owners. */
export function hookRoutes(scope: FastifyInstance, context: ApiContext): void {
  for (const path of ['/repos/:owner/:repo/hooks', '/orgs/:org/hooks']) routes(scope, context, path);
}

function routes(scope: FastifyInstance, context: ApiContext, path: string): void {
  const { hooks } = context;
  scope.get(path, async (request, reply) => {
    const all = hooks.of(scopeOf(context, request)).map((hook) => hookAnswer(context, hook));
    return page(all, request, reply, addressOf(context, request, scope.prefix));
  });
  scope.post(path, async (request, reply) => {
    const of = scopeOf(context, request);
    const settings = newSettings(await bodyOf(request, newHookSchema, 'Hook'));
    const overlaps = ({ url, events }: Hook): boolean =>
      url === settings.url &&
      [...events, ...settings.events].some(
        (event) => event === '*' || (events.includes(event) && settings.events.includes(event)),
      );
    if (hooks.of(of).some(overlaps))
      throw validationError(
        'Hook',
        `Hook already exists on this ${of.startsWith('orgs/') ? 'organization' : 'repository'}`,
      );
    const hook = hooks.add(of, settings);
    await pingOf(context, hook);
    const payload = hookAnswer(context, hook);
    return reply.code(201).header('location', payload.url).send(payload);
  });
  scope.get(`${path}/:id`, async (request) => hookAnswer(context, hookOf(context, request)));
  scope.patch(`${path}/:id`, async (request) => {
    const { id } = hookOf(context, request);
    const wanted = await bodyOf(request, changeSchema, 'Hook');
    return hookAnswer(context, hooks.change(id, changedSettings(hookOf(context, request), wanted)));
  });
  scope.delete(`${path}/:id`, async (request, reply) => {
    hooks.remove(hookOf(context, request).id);
    return reply.code(204).send();
  });
  scope.post(`${path}/:id/pings`, async (request, reply) => {
    await pingOf(context, hookOf(context, request));
    return reply.code(204).send();
  });
}

/** The scope that the path names; a repository must be there, an owner is there before its first repository. */
function scopeOf(context: ApiContext, request: FastifyRequest): string {
  const { org } = paramsOf(request);
  if (org === undefined) return `repos/${repositoryOf(context, request).fullName}`;
  // The repository's name does not matter: only the owner's name is checked.
  if (!context.repositories.named(org, 'any')) throw notFound();
  return `orgs/${org}`;
}

/** The hook that the path names. */
export function hookOf(context: ApiContext, request: FastifyRequest): Hook {
  const of = scopeOf(context, request);
  const hook = context.hooks.get(Number(paramsOf(request).id));
  if (hook?.scope !== of) throw notFound();
  return hook;
}

const pingOf = ({ dispatcher, repositories, addresses }: ApiContext, hook: Hook): Promise<void> =>
  ping({ dispatcher, repositories, addresses: addresses(), login: 'hookline' }, hook);

function hookAnswer({ addresses, deliveries }: ApiContext, hook: Hook) {
  const last = deliveries.all().findLast(({ hookId, statusCode }) => hookId === hook.id && statusCode !== 0);
  const last_response = last
    ? { code: last.statusCode, status: last.statusCode < 300 ? 'active' : 'error', message: last.status }
    : { code: null, status: 'unused', message: null };
  return { ...hookPayload(hook, addresses()), last_response };
}
