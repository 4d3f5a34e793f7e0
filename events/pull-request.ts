import * as z from 'zod';

const commit = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const number = z.int().positive();

/** A pull request as a delivery tells of it. */
export const pullRequestSchema = z.object({
  number,
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
  /** ISO time in UTC at which the host last changed it, which a redelivery keeps; absent where the host does not say */
  updatedAt: z.string().optional(),
});

export type PullRequest = z.infer<typeof pullRequestSchema>;

/** What somebody, the delivery's sender, asks for: that this commit of a request is built. Whether they may is not known yet. */
export const approvalSchema = z.object({
  number,
  /** `""` when a comment names none, or a part of one only */
  commit: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})?$/),
});

/** The label that approves the commit that a request is at, and the word of a comment that approves the commit it names. */
export const OK_TO_TEST = 'ok-to-test';

/**
 * The commit that a comment approves by a line of its own, `""` when it names none; undefined for any other comment. The whole id
 * counts: whoever has a fork can make another commit that begins with the same digits, and push it once the first was read.
 */
export function approvedIn(comment: string): string | undefined {
  const line = comment.split(/\r?\n/).find((each) => /^\/ok-to-test(\s|$)/.test(each));
  if (line === undefined) return undefined;
  return /^\/ok-to-test[ \t]+([0-9a-f]{40}|[0-9a-f]{64})[ \t]*$/i.exec(line)?.[1]?.toLowerCase() ?? '';
}
