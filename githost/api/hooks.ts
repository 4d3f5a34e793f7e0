import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hookPayload } from '../payload/hook.ts';
import type { Hook } from '../webhook/hooks.ts';
import { ping } from '../webhook/ping.ts';
import { type ApiParts, addressOf, repositoryOf } from './api-context.ts';
import { bodyOf, invalid, notFound, paramsOf } from './exchange.ts';
import { changedSettings, changeSchema, newHookSchema, newSettings } from './hook-settings.ts';
import { page } from './paging.ts';

/** Hooks of repositories and of owners. */
export function hookRoutes(scope: FastifyInstance, parts: ApiParts): void {
  for (const path of ['/repos/:owner/:repo/hooks', '/orgs/:org/hooks']) routes(scope, parts, path);
}

function routes(scope: FastifyInstance, parts: ApiParts, path: string): void {
  const { hooks } = parts;
  scope.get(path, async (request, reply) => {
    const all = hooks.of(scopeOf(parts, request)).map((hook) => answer(parts, hook));
    return page(all, request, reply, addressOf(parts, request, scope.prefix));
  });
  scope.post(path, async (request, reply) => {
    const of = scopeOf(parts, request);
    const settings = newSettings(await bodyOf(request, newHookSchema, 'Hook'));
    const overlaps = ({ url, events }: Hook): boolean =>
      url === settings.url &&
      [...events, ...settings.events].some(
        (event) => event === '*' || (events.includes(event) && settings.events.includes(event)),
      );
    if (hooks.of(of).some(overlaps))
      throw invalid(
        'Hook',
        `Hook already exists on this ${of.startsWith('orgs/') ? 'organization' : 'repository'}`,
      );
    const hook = hooks.add(of, settings);
    await pingOf(parts, hook);
    const payload = answer(parts, hook);
    return reply.code(201).header('location', payload.url).send(payload);
  });
  scope.get(`${path}/:id`, async (request) => answer(parts, hookOf(parts, request)));
  scope.patch(`${path}/:id`, async (request) => {
    const { id } = hookOf(parts, request);
    const wanted = await bodyOf(request, changeSchema, 'Hook');
    return answer(parts, hooks.change(id, changedSettings(hookOf(parts, request), wanted)));
  });
  scope.delete(`${path}/:id`, async (request, reply) => {
    hooks.remove(hookOf(parts, request).id);
    return reply.code(204).send();
  });
  scope.post(`${path}/:id/pings`, async (request, reply) => {
    await pingOf(parts, hookOf(parts, request));
    return reply.code(204).send();
  });
}

/** The scope that the path names; a repository must be there, an owner is there before its first repository. */
function scopeOf(parts: ApiParts, request: FastifyRequest): string {
  const { org } = paramsOf(request);
  if (org === undefined) return `repos/${repositoryOf(parts, request).fullName}`;
  // Any name will do for the repository: the owner's is what is looked at.
  if (!parts.repositories.named(org, 'any')) throw notFound();
  return `orgs/${org}`;
}

/** The hook that the path names. */
export function hookOf(parts: ApiParts, request: FastifyRequest): Hook {
  const of = scopeOf(parts, request);
  const hook = parts.hooks.get(Number(paramsOf(request).id));
  if (hook?.scope !== of) throw notFound();
  return hook;
}

const pingOf = ({ dispatcher, repositories, addresses }: ApiParts, hook: Hook): Promise<void> =>
  ping({ dispatcher, repositories, addresses: addresses(), login: 'hookline' }, hook);

function answer({ addresses, deliveries }: ApiParts, hook: Hook) {
  const last = deliveries.all().findLast(({ hookId, statusCode }) => hookId === hook.id && statusCode !== 0);
  const last_response = last
    ? { code: last.statusCode, status: last.statusCode < 300 ? 'active' : 'error', message: last.status }
    : { code: null, status: 'unused', message: null };
  return { ...hookPayload(hook, addresses()), last_response };
}
