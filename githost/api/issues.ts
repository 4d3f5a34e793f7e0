import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { commentPayload } from '../payload/issue.ts';
import { labelPayload } from '../payload/pull.ts';
import { type PullComment, type PullRequest, pullsOf } from '../pulls/store.ts';
import type { Repository } from '../repositories.ts';
import { type ApiContext, addressOf, callerOf, repositoryOf } from './api-context.ts';
import { page } from './paging.ts';
import { pullOf } from './pulls.ts';
import { bodyOf, notFound, paramsOf } from './request-and-error.ts';

const commentSchema = z.looseObject({ body: z.string().min(1).max(65_536) });
const labelsSchema = z.looseObject({ labels: z.array(z.string().min(1).max(50)).min(1).max(100) });

/** The comments and labels of pull requests, which are issues to GitHub here. */
export function issueRoutes(scope: FastifyInstance, context: ApiContext): void {
  commentRoutes(scope, context);
  labelRoutes(scope, context);
}

function commentRoutes(scope: FastifyInstance, context: ApiContext): void {
  const path = '/repos/:owner/:repo/issues/:number/comments';
  scope.post(path, async (request, reply) => {
    const { base, pull } = pullOf(context, request);
    const { body } = await bodyOf(request, commentSchema, 'IssueComment');
    const login = callerOf(context, request);
    const { changed, comment } = await context.pulls.inTurn(base, () =>
      addComment(context, base, pull.number, { body, login }),
    );
    const payload = commentPayload(context, base, changed, comment);
    return reply.code(201).header('location', payload.url).send(payload);
  });
  scope.get(path, async (request, reply) => {
    const { base, pull } = pullOf(context, request);
    const payloads = pull.comments.map((comment) => commentPayload(context, base, pull, comment));
    return page(payloads, request, reply, addressOf(context, request, scope.prefix));
  });
  scope.patch('/repos/:owner/:repo/issues/comments/:id', async (request) => {
    const base = repositoryOf(context, request);
    const { body } = await bodyOf(request, commentSchema, 'IssueComment');
    const id = Number(paramsOf(request).id);
    const login = callerOf(context, request);
    const { changed, comment } = await context.pulls.inTurn(base, () =>
      editComment(context, base, id, { body, login }),
    );
    return commentPayload(context, base, changed, comment);
  });
}

interface Said {
  readonly body: string;
  readonly login: string;
}

interface Commented {
  readonly changed: PullRequest;
  readonly comment: PullComment;
}

async function addComment(
  { pulls }: ApiContext,
  base: Repository,
  number: number,
  { body, login }: Said,
): Promise<Commented> {
  const pull = pulls.find(base, number);
  if (!pull) throw notFound();
  const now = new Date().toISOString();
  const id = 1 + Math.max(0, ...pullsOf(base).flatMap(({ comments }) => comments.map((each) => each.id)));
  const comment = { id, login, body, createdAt: now, updatedAt: now };
  const changed = { ...pull, comments: [...pull.comments, comment], updatedAt: now };
  await pulls.save(base, changed, [{ action: 'created', login, comment: id }]);
  return { changed, comment };
}

async function editComment(
  { pulls }: ApiContext,
  base: Repository,
  id: number,
  { body, login }: Said,
): Promise<Commented> {
  const pull = pullsOf(base).find(({ comments }) => comments.some((each) => each.id === id));
  const old = pull?.comments.find((each) => each.id === id);
  if (!pull || !old) throw notFound();
  const comment = { ...old, body, updatedAt: new Date().toISOString() };
  const changed = { ...pull, comments: pull.comments.map((each) => (each.id === id ? comment : each)) };
  await pulls.save(base, changed, [{ action: 'edited', login, comment: id }]);
  return { changed, comment };
}

function labelRoutes(scope: FastifyInstance, context: ApiContext): void {
  const path = '/repos/:owner/:repo/issues/:number/labels';
  const answer = (base: Repository, { labels }: PullRequest) =>
    labels.map((label) => labelPayload(base, label, context.addresses()));
  scope.post(path, async (request) => {
    const { base, pull } = pullOf(context, request);
    const { labels } = await bodyOf(request, labelsSchema, 'Label');
    const login = callerOf(context, request);
    const label = (have: readonly string[]) => [...new Set([...have, ...labels])];
    return answer(base, await relabel(context, { base, number: pull.number, login, label }));
  });
  scope.delete(`${path}/:name`, async (request) => {
    const { base, pull } = pullOf(context, request);
    const { name = '' } = paramsOf(request);
    if (!pull.labels.includes(name)) throw notFound();
    const login = callerOf(context, request);
    const label = (have: readonly string[]) => have.filter((each) => each !== name);
    return answer(base, await relabel(context, { base, number: pull.number, login, label }));
  });
}

interface Relabel {
  readonly base: Repository;
  readonly number: number;
  readonly login: string;
  /** what the labels become */
  readonly label: (have: readonly string[]) => string[];
}

/** Changes a request's labels, with an event for each that comes or goes. */
function relabel({ pulls }: ApiContext, { base, number, login, label }: Relabel): Promise<PullRequest> {
  return pulls.inTurn(base, async () => {
    const pull = pulls.find(base, number);
    if (!pull) throw notFound();
    const changed = { ...pull, labels: label(pull.labels), updatedAt: new Date().toISOString() };
    const added = changed.labels.filter((each) => !pull.labels.includes(each));
    const removed = pull.labels.filter((each) => !changed.labels.includes(each));
    await pulls.save(base, changed, [
      ...added.map((label) => ({ action: 'labeled', login, label })),
      ...removed.map((label) => ({ action: 'unlabeled', login, label })),
    ]);
    return changed;
  });
}
