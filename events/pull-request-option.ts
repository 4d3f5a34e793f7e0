import * as z from 'zod';

/** What a rule that asks for pull requests builds of them. */
const shape = {
  of: z
    .enum(['head', 'merge'])
    .default('head')
    .describe('which commit: the head of the request, or the merge of head and base that the host makes'),
  drafts: z.boolean().default(false).describe('build drafts too, and not only what is ready for review'),
  forks: z
    .enum(['never', 'approved'])
    .default('never')
    .describe(
      'requests that come from a fork: never, or each commit that somebody with write permission approved',
    ),
};

export const pullRequestOptionSchema = z.strictObject(shape);

/** The option as functions read it: members of another release are dropped. */
export const pullRequestOptionsSchema = z.object(shape);

export type PullRequestOptions = z.infer<typeof pullRequestOptionSchema>;

/** The options of a rule that says nothing of pull requests. */
export const PULL_REQUEST_DEFAULTS: PullRequestOptions = pullRequestOptionSchema.parse({});
