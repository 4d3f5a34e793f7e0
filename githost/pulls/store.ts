import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJsonNow } from '../files.ts';
import type { Repository } from '../repositories.ts';

const commentSchema = z.object({
  id: z.number(),
  login: z.string(),
  body: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const requestSchema = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  login: z.string(),
  draft: z.boolean(),
  state: z.enum(['open', 'closed']),
  /** the branch that is to be merged, in this repository or in a fork of it */
  head: z.object({ repository: z.string(), ref: z.string(), sha: z.string() }),
  /** the branch that it is to be merged into */
  base: z.object({ ref: z.string(), sha: z.string() }),
  /** of an open request the commit of `refs/pull/N/merge`, null when the two conflict; of a merged one what it was merged as */
  mergeCommit: z.string().nullable(),
  mergedAt: z.string().nullable(),
  mergedBy: z.string().nullable(),
  labels: z.array(z.string()),
  comments: z.array(commentSchema),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
});

/** A pull request of a repository; times are ISO. */
export type PullRequest = z.infer<typeof requestSchema>;
export type PullComment = z.infer<typeof commentSchema>;

const eventSchema = z.object({
  number: z.number(),
  action: z.string(),
  login: z.string(),
  /** the head that a `synchronize` has replaced */
  before: z.string().optional(),
  label: z.string().optional(),
  /** of the request's comment with this id, which GitHub calls an `issue_comment` event */
  comment: z.number().optional(),
});

/** A change of a request that hooks hear of. */
export type PullEvent = z.infer<typeof eventSchema>;

const fileSchema = z.object({
  next: z.number(),
  requests: z.array(requestSchema),
  /** in the order of the changes: whether their deliveries are on disk is not known */
  untold: z.array(eventSchema).default([]),
});

const fileOf = ({ folder }: Repository): string => join(folder, 'hookline', 'pulls.json');
const read = (repository: Repository) =>
  fileSchema.parse(readJson(fileOf(repository)) ?? { next: 1, requests: [] });

/** What hooks have not been told of. */
export const untoldOf = (repository: Repository): readonly PullEvent[] => read(repository).untold;

/** The pull requests of a repository, the oldest first. */
export const pullsOf = (repository: Repository): readonly PullRequest[] => read(repository).requests;

/** The number that a request gets which is saved next. */
export const nextNumber = (repository: Repository): number => read(repository).next;

/** Writes a request, a new one or one that has changed, and what is to be told of it. It reads and writes without a wait between. */
export function savePull(
  repository: Repository,
  request: PullRequest,
  events: readonly Omit<PullEvent, 'number'>[],
): void {
  const { next, requests, untold } = read(repository);
  const { number } = request;
  const others = requests.filter((other) => other.number !== number);
  writeJsonNow(fileOf(repository), {
    next: Math.max(next, number + 1),
    requests: [...others, request].sort((one, other) => one.number - other.number),
    untold: [...untold, ...events.map((event) => ({ ...event, number }))],
  });
}

/** Forgets so many of the first that were to be told. */
export function forgetTold(repository: Repository, told: number): void {
  const { untold, ...rest } = read(repository);
  writeJsonNow(fileOf(repository), { ...rest, untold: untold.slice(told) });
}
