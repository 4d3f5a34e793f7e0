import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { readJson, writeJsonNow } from '../files.ts';
import { commitOf } from '../push/refs.ts';
import type { Repository } from '../repositories.ts';
import { type ApiContext, credentialOf, repositoryOf } from './api-context.ts';
import { ApiError, bodyOf, notFound, paramsOf, validationError } from './request-and-error.ts';

// GitHub has the same bound.
const MAX_SUMMARY = 65_535;

const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const;
const changeSchema = z.looseObject({
  details_url: z.url({ protocol: /^https?$/ }).optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z.enum(CONCLUSIONS).optional(),
  output: z.looseObject({ title: z.string().min(1), summary: z.string().max(MAX_SUMMARY) }).optional(),
});
const wantedSchema = changeSchema.extend({ name: z.string().min(1), head_sha: z.string() });

const runSchema = z.object({
  id: z.number(),
  name: z.string(),
  head_sha: z.string(),
  app: z.object({ id: z.number(), slug: z.string() }),
  details_url: z.string().nullable(),
  status: z.string(),
  conclusion: z.string().nullable(),
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable() }),
  started_at: z.string(),
  completed_at: z.string().nullable(),
});
type CheckRun = z.infer<typeof runSchema>;

/** Check runs: written by the tokens of Apps alone, each App changing its own. */
export function checkRunRoutes(scope: FastifyInstance, context: ApiContext): void {
  const path = '/repos/:owner/:repo/check-runs';
  scope.post(path, async (request, reply) => {
    const app = appOf(context, request);
    const repository = repositoryOf(context, request);
    const wanted = await bodyOf(request, wantedSchema, 'CheckRun');
    const { name, head_sha } = wanted;
    if (
      !/^[0-9a-f]{40}$/.test(head_sha) ||
      (await commitOf(context.git, repository.folder, head_sha)) !== head_sha
    )
      throw validationError('CheckRun', `No commit found for SHA: ${head_sha}`);
    const runs = read(repository);
    const begun = {
      ...{ id: runs.length + 1, name, head_sha, app, details_url: null, status: 'queued', conclusion: null },
      ...{ output: { title: null, summary: null }, started_at: new Date().toISOString(), completed_at: null },
    };
    const run = changed(begun, wanted);
    writeJsonNow(fileOf(repository), [...runs, run]);
    return reply.code(201).send(run);
  });
  scope.get(`${path}/:id`, async (request) => runOf(repositoryOf(context, request), request));
  scope.patch(`${path}/:id`, async (request) => {
    const app = appOf(context, request);
    const repository = repositoryOf(context, request);
    const wanted = await bodyOf(request, changeSchema, 'CheckRun');
    const held = runOf(repository, request);
    if (held.app.id !== app.id) throw new ApiError(403, 'Invalid app_id for the check run');
    const run = changed(held, wanted);
    writeJsonNow(
      fileOf(repository),
      read(repository).map((each) => (each.id === run.id ? run : each)),
    );
    return run;
  });
}

const querySchema = z.looseObject({
  check_name: z.string().optional(),
  filter: z.enum(['latest', 'all']).default('latest'),
});

/** The check runs of a commit, newest first; of each App and name the newest alone, unless all are asked for. */
export function checkRunsOf(repository: Repository, sha: string, request: FastifyRequest) {
  const { check_name: name, filter } = querySchema.parse(request.query);
  const seen = new Set<string>();
  const check_runs = read(repository)
    .toReversed()
    .filter((run) => run.head_sha === sha && (name === undefined || run.name === name))
    .filter((run) => {
      const key = `${run.app.id} ${run.name}`;
      const isNewest = !seen.has(key);
      seen.add(key);
      return isNewest || filter === 'all';
    });
  return { total_count: check_runs.length, check_runs };
}

function appOf(context: ApiContext, request: FastifyRequest): CheckRun['app'] {
  const { access } = credentialOf(context, request);
  if (!access) throw new ApiError(403, 'You must authenticate via a GitHub App.');
  return access.app;
}

/** A conclusion completes a run, and a run that goes on has none. */
function changed(
  run: CheckRun,
  { details_url, status, conclusion, output }: z.infer<typeof changeSchema>,
): CheckRun {
  if (status === 'completed' && conclusion === undefined)
    throw validationError('CheckRun', 'conclusion is required when status is completed', 'conclusion');
  const now = conclusion === undefined ? (status ?? run.status) : 'completed';
  const isCompleted = now === 'completed';
  return {
    ...run,
    details_url: details_url ?? run.details_url,
    status: now,
    conclusion: isCompleted ? (conclusion ?? run.conclusion) : null,
    output: output ? { title: output.title, summary: output.summary } : run.output,
    completed_at: isCompleted ? (run.completed_at ?? new Date().toISOString()) : null,
  };
}

const fileOf = ({ folder }: Repository): string => join(folder, 'hookline', 'check-runs.json');
const read = (repository: Repository): CheckRun[] =>
  z.array(runSchema).parse(readJson(fileOf(repository)) ?? []);

function runOf(repository: Repository, request: FastifyRequest): CheckRun {
  const found = read(repository).find(({ id }) => String(id) === paramsOf(request).id);
  if (!found) throw notFound();
  return found;
}
