import * as z from 'zod';

const commit = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** A pull request as a delivery tells of it. */
export const pullRequestSchema = z.object({
  number: z.int().positive(),
  /** what happened to it, by the host's name: `opened`, `synchronize`, `closed`, … */
  action: z.string(),
  draft: z.boolean(),
  merged: z.boolean(),
  /** whether its head is in another repository, or in one that is gone */
  fork: z.boolean(),
  head: z.object({
    /** a branch, `topic`: of the head's own repository */
    ref: z.string(),
    commit,
    /** `owner/name`; absent when the repository is gone */
    repository: z.string().optional(),
  }),
  /** the branch that it is to be merged into, `main` */
  base: z.string(),
});

export type PullRequest = z.infer<typeof pullRequestSchema>;
