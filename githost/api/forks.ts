import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { repositoryPayload } from '../payload/repository.ts';
import { DEFAULT_BRANCH } from '../repositories.ts';
import { type ApiContext, callerOf, repositoryOf } from './api-context.ts';
import { bodyOf, validationError } from './request-and-error.ts';

const forkSchema = z.looseObject({ organization: z.string().optional(), name: z.string().optional() });

/** Forks: a copy of a repository that belongs to the caller, or to the owner that is named. */
export function forkRoutes(scope: FastifyInstance, context: ApiContext): void {
  const { repositories, addresses } = context;
  scope.post('/repos/:owner/:repo/forks', async (request, reply) => {
    const parent = repositoryOf(context, request);
    const { organization, name = parent.name } = await bodyOf(request, forkSchema, 'Fork');
    const owner = organization ?? callerOf(context, request);
    const fork = repositories.named(owner, name);
    if (!fork || owner === parent.owner)
      throw validationError('Fork', `${owner}/${name} cannot be a fork of ${parent.fullName}: name an owner`);
    await repositories.fork(parent, fork);
    const payload = repositoryPayload(fork, repositories.times(fork), DEFAULT_BRANCH, addresses());
    return reply.code(202).send({ ...payload, fork: true });
  });
}
