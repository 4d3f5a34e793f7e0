import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { userPayload } from '../payload/user.ts';
import { addCollaborator, permissionOf, removeCollaborator } from '../permissions.ts';
import { type ApiContext, repositoryOf } from './api-context.ts';
import { bodyOf, paramsOf } from './request-and-error.ts';

// GitHub's words beside this host's own.
const WORDS = { pull: 'read', push: 'write', read: 'read', write: 'write', admin: 'admin' } as const;

const collaboratorSchema = z.looseObject({
  permission: z.enum(['pull', 'push', 'read', 'write', 'admin']).default('push'),
});

/** Who may do what in a repository, and the forks of it. */
export function collaboratorRoutes(scope: FastifyInstance, context: ApiContext): void {
  const path = '/repos/:owner/:repo/collaborators/:user';
  scope.put(path, async (request, reply) => {
    const repository = repositoryOf(context, request);
    const { permission } = await bodyOf(request, collaboratorSchema, 'Collaborator');
    addCollaborator(repository, paramsOf(request).user ?? '', WORDS[permission]);
    return reply.code(204).send();
  });
  scope.delete(path, async (request, reply) => {
    removeCollaborator(repositoryOf(context, request), paramsOf(request).user ?? '');
    return reply.code(204).send();
  });
  scope.get(`${path}/permission`, async (request) => {
    const { user = '' } = paramsOf(request);
    const permission = permissionOf(repositoryOf(context, request), user);
    return { permission, role_name: permission, user: userPayload(user, context.addresses()) };
  });
}
