import type { FastifyInstance } from 'fastify';
import { repositoryPayload } from '../payload/repository.ts';
import { readRefs } from '../push/refs.ts';
import { DEFAULT_BRANCH, type Repository } from '../repositories.ts';
import { type ApiContext, addressOf, repositoryOf } from './api-context.ts';
import { page } from './paging.ts';
import { ApiError, paramsOf } from './request-and-error.ts';

const HEADS = 'refs/heads/';

/** Repositories and their branches, to be read. */
export function repositoryRoutes(scope: FastifyInstance, context: ApiContext): void {
  const { git, repositories, addresses } = context;
  const branches = async (repository: Repository) =>
    [...(await readRefs(git, repository.folder))]
      .filter(([ref]) => ref.startsWith(HEADS))
      .map(([ref, sha]) => ({
        name: ref.slice(HEADS.length),
        commit: { sha, url: `${addresses().api}/repos/${repository.fullName}/commits/${sha}` },
        protected: false,
      }));
  scope.get('/repos/:owner/:repo', async (request) => {
    const repository = repositoryOf(context, request);
    return repositoryPayload(repository, repositories.times(repository), DEFAULT_BRANCH, addresses());
  });
  scope.get('/repos/:owner/:repo/branches', async (request, reply) => {
    const all = await branches(repositoryOf(context, request));
    return page(all, request, reply, addressOf(context, request, scope.prefix));
  });
  // A branch may have slashes in its name.
  scope.get('/repos/:owner/:repo/branches/*', async (request) => {
    const all = await branches(repositoryOf(context, request));
    const found = all.find(({ name }) => name === paramsOf(request)['*']);
    if (!found) throw new ApiError(404, 'Branch not found');
    return found;
  });
}
