import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { readJson, writeJsonNow } from '../files.ts';
import { nodeOf, numberOf } from '../payload/ids.ts';
import { userPayload } from '../payload/user.ts';
import { commitOf } from '../push/refs.ts';
import type { Repository } from '../repositories.ts';
import { type ApiContext, addressOf, callerOf, repositoryOf } from './api-context.ts';
import { checkRunsOf } from './check-runs.ts';
import { page } from './paging.ts';
import { bodyOf, notFound, paramsOf, validationError } from './request-and-error.ts';

// GitHub has the same bounds.
const MAX_DESCRIPTION = 140;
const MAX_STATUSES = 1000;

const wantedSchema = z.looseObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .transform((url) => url ?? null),
  description: z
    .string()
    .max(MAX_DESCRIPTION)
    .nullish()
    .transform((text) => text ?? null),
  context: z.string().min(1).max(255).default('default'),
});

const statusSchema = z.object({
  id: z.number(),
  login: z.string(),
  state: z.string(),
  target_url: z.string().nullable(),
  description: z.string().nullable(),
  context: z.string(),
  createdAt: z.string(),
});
type Status = z.infer<typeof statusSchema>;

/** Commit statuses: written with a full sha, read by any name of a commit, as check runs are, newest first. */
export function statusRoutes(scope: FastifyInstance, context: ApiContext): void {
  const { git } = context;
  scope.post('/repos/:owner/:repo/statuses/:sha', async (request, reply) => {
    const repository = repositoryOf(context, request);
    const { sha = '' } = paramsOf(request);
    if (!/^[0-9a-f]{40}$/.test(sha) || (await commitOf(git, repository.folder, sha)) !== sha)
      throw notFound();
    const wanted = await bodyOf(request, wantedSchema, 'Status');
    const status = addStatus(repository, sha, wanted, callerOf(context, request));
    const payload = statusPayload(context, repository, sha, status);
    return reply.code(201).header('location', payload.url).send(payload);
  });
  // The name of a commit may be a branch with slashes, so the path is taken apart here.
  scope.get('/repos/:owner/:repo/commits/*', async (request, reply) => {
    const repository = repositoryOf(context, request);
    const [, name, what] = /^(.+)\/(statuses|check-runs)$/.exec(paramsOf(request)['*'] ?? '') ?? [];
    const sha = name === undefined ? undefined : await commitOf(git, repository.folder, name);
    if (sha === undefined) throw notFound();
    if (what === 'check-runs') return checkRunsOf(repository, sha, request);
    const all = read(repository, sha).map((status) => statusPayload(context, repository, sha, status));
    return page(all, request, reply, addressOf(context, request, scope.prefix));
  });
}

const fileOf = ({ folder }: Repository, sha: string): string =>
  join(folder, 'hookline', 'statuses', `${sha}.json`);

const read = (repository: Repository, sha: string): Status[] =>
  z.array(statusSchema).parse(readJson(fileOf(repository, sha)) ?? []);

/** Adds a status. It reads and writes without a wait between, so that no status of another request is lost. */
function addStatus(
  repository: Repository,
  sha: string,
  { state, target_url, description, context }: z.infer<typeof wantedSchema>,
  login: string,
): Status {
  const statuses = read(repository, sha);
  if (statuses.filter((status) => status.context === context).length >= MAX_STATUSES)
    throw validationError(
      'Status',
      `This SHA and context has reached the maximum number of statuses (${MAX_STATUSES})`,
    );
  const id = numberOf('status', `${repository.fullName} ${sha} ${statuses.length}`);
  const createdAt = new Date().toISOString();
  const status = { id, login, state, target_url, description, context, createdAt };
  writeJsonNow(fileOf(repository, sha), [status, ...statuses]);
  return status;
}

function statusPayload(
  { addresses }: ApiContext,
  { fullName }: Repository,
  sha: string,
  { id, login, state, target_url, description, context, createdAt }: Status,
) {
  return {
    url: `${addresses().api}/repos/${fullName}/statuses/${sha}`,
    avatar_url: '',
    id,
    node_id: nodeOf('StatusContext', id),
    state,
    description,
    target_url,
    context,
    created_at: createdAt,
    updated_at: createdAt,
    creator: userPayload(login, addresses()),
  };
}
