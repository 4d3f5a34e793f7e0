import type { FastifyRequest } from 'fastify';
import type { Git } from '../git.ts';
import type { Addresses } from '../payload/user.ts';
import type { Repositories, Repository } from '../repositories.ts';
import type { Deliveries } from '../webhook/deliveries.ts';
import type { Dispatcher } from '../webhook/dispatcher.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { notFound, paramsOf } from './request-and-error.ts';

/** The parts of the host that the routes of the API use. */
export interface ApiContext {
  readonly git: Git;
  readonly repositories: Repositories;
  readonly hooks: Hooks;
  readonly deliveries: Deliveries;
  readonly dispatcher: Dispatcher;
  readonly token: string;
  readonly addresses: () => Addresses;
}

/** The repository that the path names. */
export function repositoryOf({ repositories }: ApiContext, request: FastifyRequest): Repository {
  const { owner = '', repo = '' } = paramsOf(request);
  const repository = repositories.find(owner, repo);
  if (!repository) throw notFound();
  return repository;
}

/** The address of the request itself, without its query. */
export function addressOf({ addresses }: ApiContext, request: FastifyRequest, prefix: string): string {
  const { pathname } = new URL(request.url, 'http://host');
  return `${addresses().api}${pathname.slice(prefix.length)}`;
}
