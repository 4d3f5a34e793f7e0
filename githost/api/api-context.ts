import type { FastifyRequest } from 'fastify';
import type { Apps } from '../apps/apps.ts';
import { type Caller, type Identify, readCredential } from '../credential.ts';
import type { Git } from '../git.ts';
import type { KeyedQueue } from '../keyed-queue.ts';
import type { Addresses } from '../payload/user.ts';
import type { Pulls } from '../pulls/pulls.ts';
import type { Announcer } from '../push/announce.ts';
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
  readonly pulls: Pulls;
  readonly announcer: Announcer;
  /** one push of a repository at a time */
  readonly pushes: KeyedQueue;
  readonly apps: Apps;
  readonly identify: Identify;
  readonly addresses: () => Addresses;
}

/** The repository that the path names. */
export function repositoryOf({ repositories }: ApiContext, request: FastifyRequest): Repository {
  const { owner = '', repo = '' } = paramsOf(request);
  const repository = repositories.find(owner, repo);
  if (!repository) throw notFound();
  return repository;
}

/** Whoever makes the request. */
export function credentialOf(
  { identify }: Pick<ApiContext, 'identify'>,
  { headers }: FastifyRequest,
): Caller {
  const caller = readCredential(headers.authorization, identify);
  if (typeof caller === 'string') throw notFound();
  return caller;
}

/** The login of whoever makes the request. */
export const callerOf = (context: Pick<ApiContext, 'identify'>, request: FastifyRequest): string =>
  credentialOf(context, request).login;

/** The address of the request itself, without its query. */
export function addressOf({ addresses }: ApiContext, request: FastifyRequest, prefix: string): string {
  const { pathname } = new URL(request.url, 'http://host');
  return `${addresses().api}${pathname.slice(prefix.length)}`;
}
