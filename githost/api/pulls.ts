import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { pullPayload } from '../payload/pull.ts';
import { openPull } from '../pulls/open.ts';
import { testMerge } from '../pulls/refresh.ts';
import { branchCommit, moveHead } from '../pulls/refs.ts';
import { type PullRequest, pullsOf } from '../pulls/store.ts';
import type { Repository } from '../repositories.ts';
import { type ApiContext, addressOf, callerOf, repositoryOf } from './api-context.ts';
import { page } from './paging.ts';
import { mergePull } from './pull-merge.ts';
import { bodyOf, notFound, paramsOf, validationError } from './request-and-error.ts';

const title = z.string().min(1).max(256);
const body = z.string().max(65_536).nullish();

const newSchema = z.looseObject({
  title,
  body,
  head: z.string(),
  base: z.string(),
  draft: z.boolean().default(false),
});

const changeSchema = z.looseObject({
  title: title.optional(),
  body,
  state: z.enum(['open', 'closed']).optional(),
  /** GitHub has this in its GraphQL API alone, which this host has not */
  draft: z.boolean().optional(),
});

const filterSchema = z.looseObject({
  state: z.enum(['open', 'closed', 'all']).catch('open'),
  head: z.string().optional(),
  base: z.string().optional(),
});

/** Pull requests: opened, listed, changed, closed, merged. */
export function pullRoutes(scope: FastifyInstance, context: ApiContext): void {
  const path = '/repos/:owner/:repo/pulls';
  scope.post(path, async (request, reply) => {
    const base = repositoryOf(context, request);
    const wanted = await bodyOf(request, newSchema, 'PullRequest');
    const pull = await context.pulls.inTurn(base, () =>
      openPull(context, base, wanted, callerOf(context, request)),
    );
    if (typeof pull === 'string') throw validationError('PullRequest', pull);
    const payload = pullPayload(context, base, pull);
    return reply.code(201).header('location', payload.url).send(payload);
  });
  scope.get(path, async (request, reply) => {
    const base = repositoryOf(context, request);
    const wanted = filterSchema.parse(request.query);
    const found = pullsOf(base)
      .filter((pull) => isWanted(pull, wanted))
      .toReversed();
    const payloads = found.map((pull) => pullPayload(context, base, pull));
    return page(payloads, request, reply, addressOf(context, request, scope.prefix));
  });
  scope.get(`${path}/:number`, async (request) => {
    const { base, pull } = pullOf(context, request);
    return pullPayload(context, base, pull);
  });
  scope.patch(`${path}/:number`, async (request) => {
    const { base, pull } = pullOf(context, request);
    const change = await bodyOf(request, changeSchema, 'PullRequest');
    const login = callerOf(context, request);
    const changed = await context.pulls.inTurn(base, () =>
      changePull(context, { base, number: pull.number, change, login }),
    );
    return pullPayload(context, base, changed);
  });
  scope.put(`${path}/:number/merge`, (request) => mergePull(context, pullOf(context, request), request));
}

/** The request that the path names. */
export function pullOf(
  context: ApiContext,
  request: FastifyRequest,
): { readonly base: Repository; readonly pull: PullRequest } {
  const base = repositoryOf(context, request);
  const pull = context.pulls.find(base, Number(paramsOf(request).number));
  if (!pull) throw notFound();
  return { base, pull };
}

function isWanted(pull: PullRequest, { state, head, base }: z.infer<typeof filterSchema>): boolean {
  const [owner = ''] = pull.head.repository.split('/');
  return (
    (state === 'all' || pull.state === state) &&
    (head === undefined || head === `${owner}:${pull.head.ref}`) &&
    (base === undefined || base === pull.base.ref)
  );
}

interface Change {
  readonly base: Repository;
  readonly number: number;
  readonly change: z.infer<typeof changeSchema>;
  readonly login: string;
}

async function changePull(
  context: ApiContext,
  { base, number, change, login }: Change,
): Promise<PullRequest> {
  const pull = context.pulls.find(base, number);
  if (!pull) throw notFound();
  const now = new Date().toISOString();
  const { state = pull.state, draft = pull.draft } = change;
  if (pull.mergedAt !== null && state === 'open')
    throw validationError('PullRequest', 'state cannot be changed: the pull request is merged', 'state');
  const reopened = state === 'open' && pull.state === 'closed';
  const changed: PullRequest = {
    ...(reopened ? await atItsBranches(context, base, pull) : pull),
    title: change.title ?? pull.title,
    body: change.body === undefined ? pull.body : change.body,
    draft,
    state,
    closedAt: state === 'open' ? null : (pull.closedAt ?? now),
    updatedAt: now,
  };
  const events = actionsOf(pull, changed).map((action) => ({ action, login }));
  await context.pulls.save(base, changed, events);
  return changed;
}

/** A request that is opened again, at what its branches are at now. */
async function atItsBranches(context: ApiContext, base: Repository, pull: PullRequest): Promise<PullRequest> {
  const [owner = '', name = ''] = pull.head.repository.split('/');
  const from = context.repositories.find(owner, name);
  const head = from && (await branchCommit(context.git, from, pull.head.ref));
  const into = await branchCommit(context.git, base, pull.base.ref);
  if (head === undefined || into === undefined)
    throw validationError('PullRequest', 'state cannot be changed: a branch is gone', 'state');
  const sides = { head: { ...pull.head, sha: head }, base: { ...pull.base, sha: into } };
  if (from) await moveHead(context.git, base, pull.number, from, head);
  return { ...pull, ...sides, mergeCommit: await testMerge(context, base, { ...pull, ...sides }) };
}

function actionsOf(before: PullRequest, after: PullRequest): string[] {
  const actions: string[] = [];
  if (before.title !== after.title || before.body !== after.body) actions.push('edited');
  if (before.draft !== after.draft) actions.push(after.draft ? 'converted_to_draft' : 'ready_for_review');
  if (before.state !== after.state) actions.push(after.state === 'open' ? 'reopened' : 'closed');
  return actions;
}
